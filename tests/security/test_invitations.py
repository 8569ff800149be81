"""Links that let people in: what happens elsewhere at the same moment opens nothing, and a link ends in time.

What was taken away to see these tests fail is in README.md.
"""

import json
import threading
from functools import partial

import pytest
from psycopg.errors import DeadlockDetected

from api.ports.users import Client
from commands.accounts.people import ChangeRole, InvitePerson, JoinOrganization, RemovePerson
from commands.command import Actor, Context
from domain.accounts.people import people_id
from domain.errors import NotFound
from infra.identity import users
from infra.identity.people import PostgresPeople
from infra.identity.sessions import PostgresUsers, digest
from infra.identity.users.joining import PostgresInvitations
from infra.log.command_bus import execute_on
from infra.postgres.database import connect_as_table_owner
from tests.support.console import PASSWORD, new_user, open_session
from tests.support.waiting import run_at_once, wait_until

CLIENT = Client("192.0.2.1", "192.0.2.1", "req_1")
OTHER_PASSWORD = "another tractor over ten lakes"


@pytest.fixture
def known(pool):
    return PostgresUsers(pool)


@pytest.fixture
def invitations(pool):
    return PostgresInvitations(pool)


@pytest.fixture
def people(pool):
    return PostgresPeople(pool)


def invite(owner, people, org_id, email):
    """Invite somebody; return the token of the link that an owner is shown."""
    user_id, boss = people.find_or_add_user(org_id, email), new_user(owner, org_id).user.id
    execute(owner, org_id, InvitePerson(id=people_id(org_id), user_id=user_id, role="admin"))
    return token_of(people.create_invitation(org_id, user_id, boss, CLIENT))


def execute(owner, org_id, command):
    execute_on(owner, command, Context(org_id=org_id, actor=Actor("cli", "test"), request_id="req_1"))


def token_of(access):
    return access.path.rpartition("/")[2]


def statuses(owner, email):
    sql = "SELECT m.org_id, m.status FROM users u JOIN memberships m USING (user_id) WHERE u.email = %s"
    return dict(owner.execute(sql, (email,)).fetchall())


def new_address(owner, organization):
    """An address that nobody has."""
    return new_user(owner, organization.id).user.email.replace("owner.", "invited.")


def test_who_accepts_belongs_to_the_organization_and_has_a_password(owner, organization, people, invitations, known):
    email = new_address(owner, organization)
    token = invite(owner, people, organization.id, email)
    browser = invitations.accept(token, known.get_link(token), PASSWORD, CLIENT, None)
    assert statuses(owner, email) == {organization.id: "active"} and known.get_link(token) is None
    assert known.sign_in(email, PASSWORD, CLIENT, browser) is not None
    sql = "SELECT kind FROM security_events WHERE org_id = %s AND object_id = %s ORDER BY event_id"
    (user_id,) = owner.execute("SELECT user_id FROM users WHERE email = %s", (email,)).fetchone()
    kinds = [kind for (kind,) in owner.execute(sql, (organization.id, user_id))]
    assert kinds[:4] == ["invitation.shown", "user.joined", "link.used", "password.set"]


def test_an_invitation_that_was_opened_before_the_person_joined_elsewhere_changes_nothing(
    owner, organization, other_organization, people, invitations, known
):
    """Neither the password, nor who belongs to its organization."""
    email = new_address(owner, organization)
    here, there = (invite(owner, people, each.id, email) for each in (organization, other_organization))
    opened = known.get_link(here)
    assert not opened.has_password
    assert invitations.accept(there, known.get_link(there), PASSWORD, CLIENT, None)
    assert invitations.accept(here, opened, OTHER_PASSWORD, CLIENT, None) is None
    assert statuses(owner, email) == {organization.id: "invited", other_organization.id: "active"}
    assert known.get_link(here).has_password, "the person can still accept, after logging in"
    assert known.sign_in(email, OTHER_PASSWORD, CLIENT, None) is None
    assert known.sign_in(email, PASSWORD, CLIENT, None) is not None


def test_of_two_invitations_that_are_accepted_at_once_one_counts(
    owner, organization, other_organization, people, invitations, known
):
    passwords = [PASSWORD, OTHER_PASSWORD]
    for _ in range(8):
        email = new_address(owner, organization)
        tokens = [invite(owner, people, each.id, email) for each in (organization, other_organization)]
        opened = [known.get_link(token) for token in tokens]

        def accept(number, tokens=tokens, opened=opened):
            return invitations.accept(tokens[number], opened[number], passwords[number], CLIENT, None)

        browsers = run_at_once(2, accept)
        first = browsers.index(next(filter(None, browsers)))
        assert browsers.count(None) == 1
        joined = {org_id for org_id, status in statuses(owner, email).items() if status == "active"}
        assert joined == {opened[first].org_id}, "only the organization whose link has set the password"
        assert [known.sign_in(email, each, CLIENT, None) is not None for each in passwords] == [first == 0, first == 1]


def test_a_withdrawn_invitation_sets_no_password(owner, organization, people, invitations, known):
    email = new_address(owner, organization)
    token = invite(owner, people, organization.id, email)
    opened = known.get_link(token)
    users.remove_user(owner, email)
    with pytest.raises(NotFound):
        invitations.accept(token, opened, PASSWORD, CLIENT, None)
    assert known.sign_in(email, PASSWORD, CLIENT, None) is None


# ── Locks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def remove(conn, user, session, organization, other):
    users.remove_user(conn, user.email, organization.id)


def switch(conn, user, session, organization, other):
    conn.execute("SELECT switch_organization(%s, %s)", (digest(session), other.id))


@pytest.mark.parametrize(("change", "comes_first"), [(remove, False), (remove, True), (switch, False)])
def test_a_link_and_another_change_of_its_user_wait_for_each_other(
    owner, organization, other_organization, shared_database, change, comes_first
):
    """Each would have a lock that the other needs, if they did not begin with the same one."""
    new_user(owner, organization.id)  # somebody must stay
    user = new_user(owner, organization.id).user
    session = open_session(owner, user.id)
    if not comes_first:  # the user stays a user
        users.create_user(owner, other_organization.id, user.email, "viewer")
    link = users.create_link(owner, user.email).path.rpartition("/")[2]

    def use(conn):
        sql = "SELECT use_link(%s, 'hash', '192.0.2.1', 'req_1', NULL, sha256('browser'))"
        conn.execute(sql, (digest(link),))

    def make_change(conn):
        change(conn, user, session, organization, other_organization)

    works = [make_change, use] if comes_first else [use, make_change]
    failures = []

    def run(conn, work):
        try:
            work(conn)
        except DeadlockDetected as error:
            failures.append(error)

    conns = [connect_as_table_owner(shared_database) for _ in works]
    threads = [threading.Thread(target=run, args=each) for each in zip(conns, works, strict=True)]
    with owner.transaction():
        owner.execute("SELECT FROM users WHERE user_id = %s FOR NO KEY UPDATE", (user.id,))
        for conn, thread in zip(conns, threads, strict=True):
            thread.start()
            wait_until(partial(waits, owner, conn.info.backend_pid))
    for conn, thread in zip(conns, threads, strict=True):
        thread.join()
        conn.close()
    assert not failures
    assert owner.execute("SELECT count(*) FROM user_sessions WHERE user_id = %s", (user.id,)).fetchone() == (0,)


def waits(conn, pid):
    """Return whether a connection waits for a lock."""
    return conn.execute("SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s", (pid,)).fetchone() == (
        True,
    )


# ── Links that owners and admins were shown ──────────────────────────────────────────────────────────────────────────


def password_link(people, org_id, user, by):
    access = people.create_password_link(org_id, user.id, by.id, CLIENT)
    assert access is not None
    return token_of(access)


def test_a_password_link_ends_when_its_user_joins_another_organization(
    owner, organization, other_organization, people, known
):
    boss, user = new_user(owner, organization.id).user, new_user(owner, organization.id, "viewer").user
    link = password_link(people, organization.id, user, boss)
    invite(owner, people, other_organization.id, user.email)
    assert known.get_link(link) is not None, "to be invited changes nothing"
    join = JoinOrganization(id=people_id(other_organization.id), user_id=user.id)
    execute(owner, other_organization.id, join)
    assert known.get_link(link) is None
    assert known.set_password(link, PASSWORD, CLIENT, None) is None


def test_a_password_link_of_an_admin_ends_when_its_user_becomes_an_owner(owner, organization, people, known):
    admin = new_user(owner, organization.id, "admin").user
    user = new_user(owner, organization.id, "viewer").user
    link = password_link(people, organization.id, user, admin)
    users.change_role(owner, user.email, "owner")
    assert known.get_link(link) is None


@pytest.mark.parametrize("lose", [users.remove_user, lambda conn, email: users.change_role(conn, email, "viewer")])
def test_links_that_an_admin_was_shown_end_when_the_admin_does(owner, organization, people, known, lose):
    new_user(owner, organization.id)
    admin, user = (new_user(owner, organization.id, role).user for role in ("admin", "viewer"))
    email = new_address(owner, organization)
    links = [invite(owner, people, organization.id, email), password_link(people, organization.id, user, admin)]
    assert all(known.get_link(link) for link in links)
    lose(owner, admin.email)
    assert not any(known.get_link(link) for link in links)


MAKE_LINKS = {
    "an invitation": "SELECT create_invitation(sha256('race'), %(user)s, %(by)s, 'a', 'r')",
    "a password link": "SELECT create_password_link(sha256('race'), %(user)s, %(by)s, 'a', 'r')",
}


@pytest.mark.parametrize("who", ["user", "by"])
@pytest.mark.parametrize("sql", MAKE_LINKS.values(), ids=MAKE_LINKS)
def test_no_link_is_made_while_a_role_changes(shared_database, owner, organization, people, sql, who):
    """The admin would keep a link for the owner whom somebody makes of the person, or after having lost the rights."""
    admin, user = (new_user(owner, organization.id, role).user.id for role in ("admin", "viewer"))
    if sql == MAKE_LINKS["an invitation"]:
        user = people.find_or_add_user(organization.id, new_address(owner, organization))
        execute(owner, organization.id, InvitePerson(id=people_id(organization.id), user_id=user, role="viewer"))
    status = "invited" if who == "user" and sql == MAKE_LINKS["an invitation"] else "active"
    changed, role = (user, "owner") if who == "user" else (admin, "viewer")
    members = json.dumps({changed: {"role": role, "status": status}})
    made = []

    def make(conn):
        made.append(conn.execute(sql, {"user": user, "by": admin}).fetchone()[0])

    with connect_as_table_owner(shared_database) as conn:
        conn.execute("SELECT set_config('app.org', %s, false)", (organization.id,))
        maker = threading.Thread(target=make, args=(conn,))
        with owner.transaction():
            owner.execute("SELECT set_config('app.org', %s, true)", (organization.id,))
            owner.execute("SELECT set_members(%s, %s)", (organization.id, members))
            maker.start()
            wait_until(partial(waits, owner, conn.info.backend_pid))
        maker.join()
    assert made[0] in (None, (None, None))
    sql = "SELECT count(*) FROM user_links WHERE token_hash = sha256('race')"
    assert owner.execute(sql).fetchone() == (0,)


def test_other_changes_end_no_link(owner, organization, other_organization, people, known):
    boss, user = new_user(owner, organization.id).user, new_user(owner, organization.id, "viewer").user
    email = new_address(owner, organization)
    links = [invite(owner, people, organization.id, email), password_link(people, organization.id, user, boss)]
    of_operator = users.create_link(owner, new_user(owner, organization.id, "hr").user.email).path.rpartition("/")[2]
    users.change_role(owner, new_user(owner, organization.id, "admin").user.email, "owner")
    new_user(owner, other_organization.id)
    users.remove_user(owner, new_user(owner, other_organization.id, "admin").user.email)
    assert all(known.get_link(link) for link in [*links, of_operator])


def test_a_shown_invitation_ends_when_the_invited_person_gets_another_role(owner, organization, people, known):
    """An admin who has invited a viewer would otherwise become the owner whom somebody makes of the viewer."""
    email = new_address(owner, organization)
    token = invite(owner, people, organization.id, email)
    user_id = people.find_or_add_user(organization.id, email)
    change = ChangeRole(id=people_id(organization.id), user_id=user_id, role="owner", earlier_role="admin")
    execute(owner, organization.id, change)
    assert known.get_link(token) is None
    boss, admin = (new_user(owner, organization.id, role).user.id for role in ("owner", "admin"))
    assert people.create_invitation(organization.id, user_id, admin, CLIENT) is None, "admins make no links for owners"
    token = token_of(people.create_invitation(organization.id, user_id, boss, CLIENT))
    assert known.get_link(token) is not None


def test_a_withdrawn_invitation_ends_also_when_another_organization_has_invited_the_person(
    owner, organization, other_organization, people, known
):
    email = new_address(owner, organization)
    token = invite(owner, people, organization.id, email)
    other = invite(owner, people, other_organization.id, email)
    user_id = people.find_or_add_user(organization.id, email)
    execute(owner, organization.id, RemovePerson(id=people_id(organization.id), user_id=user_id))
    assert known.get_link(token) is None and known.get_link(other) is not None


def test_nobody_makes_a_link_for_the_own_password(owner, organization, people):
    """With it, a browser that somebody has left open would be enough to take the account over."""
    user = new_user(owner, organization.id).user
    assert people.create_password_link(organization.id, user.id, user.id, CLIENT) is None


def test_the_id_of_a_new_user_does_not_say_when_it_was_made(owner, organization, people):
    """Who is invited may have had an account for long: the ids of both look alike."""
    ids = [people.find_or_add_user(organization.id, new_address(owner, organization)) for _ in range(12)]
    days = sorted({id.removeprefix("user_")[:5] for id in ids})  # five characters stand for nine hours
    assert len(days) > 3, days


def test_an_invitation_elsewhere_takes_no_password_link_away(owner, organization, other_organization, people):
    """Any organization can invite anybody. Who has joined another one gets no link any more."""
    boss, colleague = new_user(owner, organization.id), new_user(owner, organization.id, "viewer")
    invite(owner, people, other_organization.id, colleague.user.email)
    values = organization.id, colleague.user.id, boss.user.id, CLIENT
    assert people.create_password_link(*values) is not None
    execute(
        owner, other_organization.id, JoinOrganization(id=people_id(other_organization.id), user_id=colleague.user.id)
    )
    assert people.create_password_link(*values) is None


def test_no_organization_sees_the_log_ins_of_who_does_not_belong_to_it(owner, organization, people, known):
    """Neither that of somebody who is only invited, nor that of somebody who was removed and belongs to another one."""
    email = new_address(owner, organization)
    invite(owner, people, organization.id, email)
    user_id = people.find_or_add_user(organization.id, email)
    failed = "SELECT record_security_event('login.failed', NULL, 'user', %(who)s, %(who)s, 'a', 'r', NULL)"
    owner.execute(failed, {"who": user_id})
    sql = "SELECT org_id FROM security_events WHERE object_id = %s AND kind = 'login.failed'"
    assert owner.execute(sql, (user_id,)).fetchall() == [(None,)]


def test_a_shown_link_of_an_invitation_leaves_a_trace(owner, organization, people):
    """The owner or admin who was shown it could accept the invitation in place of the person."""
    email = new_address(owner, organization)
    invite(owner, people, organization.id, email)
    sql = "SELECT kind, actor_id, address FROM security_events WHERE org_id = %s AND object_id = %s"
    user_id = people.find_or_add_user(organization.id, email)
    ((kind, actor, address),) = owner.execute(sql, (organization.id, user_id)).fetchall()
    assert (kind, address) == ("invitation.shown", CLIENT.address)
    assert "owner" in owner.execute("SELECT email FROM users WHERE user_id = %s", (actor,)).fetchone()[0]
    outsider = new_user(owner, organization.id, "viewer").user.id
    assert people.create_invitation(organization.id, user_id, outsider, CLIENT) is None
    assert len(owner.execute(sql, (organization.id, user_id)).fetchall()) == 1


RESET = "SELECT problem FROM reset_member_factors(%s, %s, '192.0.2.1', 'req_1')"


@pytest.mark.parametrize("who", ["user", "by"])
def test_no_factor_is_taken_away_while_a_role_changes(shared_database, owner, organization, who):
    """An admin would take the factors of the owner whom somebody makes of a user, or after having lost the rights."""
    admin, user = (new_user(owner, organization.id, role).user.id for role in ("admin", "viewer"))
    changed, role = (user, "owner") if who == "user" else (admin, "viewer")
    members, session, said = json.dumps({changed: {"role": role, "status": "active"}}), open_session(owner, admin), []

    def reset(conn):
        said.append(conn.execute(RESET, (digest(session), user)).fetchone()[0])

    with connect_as_table_owner(shared_database) as conn:
        other = threading.Thread(target=reset, args=(conn,))
        with owner.transaction():
            owner.execute("SELECT set_config('app.org', %s, true)", (organization.id,))
            owner.execute("SELECT set_members(%s, %s)", (organization.id, members))
            other.start()
            wait_until(partial(waits, owner, conn.info.backend_pid))
        other.join()
    assert said == ["owner" if who == "user" else "forbidden"]
