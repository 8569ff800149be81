"""What ends sessions, and that a log-in always begins a new one."""

from __future__ import annotations

import pytest

from infra.identity import users
from infra.identity.sessions import digest
from tests.support.console import PASSWORD, SESSION, new_user, open_session
from tests.support.postgres import is_denied

NEW_PASSWORD = "another tractor over ten lakes"
PLANTED = "a-token-that-an-attacker-has-put-into-the-browser"


@pytest.fixture
def two(console, person, owner):
    """Two browsers in which the same user is signed in."""
    (user_id,) = owner.execute("SELECT user_id FROM users WHERE email = %s", (person.email,)).fetchone()
    other = console(None)
    other.cookies.set(SESSION, open_session(owner, user_id), domain="127.0.0.1")
    assert person.log_in(person.email, PASSWORD).status_code == 303
    return person, other


def is_open(client, path="/profile"):
    return client.get(path).status_code == 200


def by_link(owner, organization, here):
    link = users.create_link(owner, here.email).path
    assert here.fill(link, {"password": NEW_PASSWORD, "again": NEW_PASSWORD}).status_code == 303


def in_the_profile(owner, organization, here):
    fields = {"present": PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert here.fill("/profile/password", fields, on="/profile").status_code == 303


def by_removal(owner, organization, here):
    new_user(owner, organization.id)  # somebody must stay
    users.remove_user(owner, here.email)


def by_log_out_everywhere(owner, organization, here):
    here.fill("/logout", {"everywhere": "1"})


@pytest.mark.parametrize(
    ("end", "stays"), [(by_link, False), (in_the_profile, True), (by_removal, False), (by_log_out_everywhere, False)]
)
def test_other_sessions_end_at_once(two, owner, organization, end, stays):
    here, there = two
    assert is_open(here) and is_open(there)
    end(owner, organization, here)
    assert (is_open(here), is_open(there)) == (stays, False)


def test_a_role_counts_from_the_next_request_on_in_every_session(two, owner, organization):
    new_user(owner, organization.id)  # another owner
    assert all(is_open(client, "/settings/security") for client in two)
    users.change_role(owner, two[0].email, "viewer")
    assert not any(is_open(client, "/settings/security") for client in two) and all(map(is_open, two))


def test_a_role_that_is_given_in_the_console_counts_at_once_also_for_a_form_that_was_open(two, console, owner):
    here, there = two
    (user_id,) = owner.execute("SELECT user_id FROM users WHERE email = %s", (here.email,)).fetchone()
    open_forms = [each.hidden_on("/settings/developer/new") for each in two]
    assert console().fill(f"/settings/people/{user_id}", {"role": "accountant"}).status_code == 303
    new = {"name": "Mine", "scope": "billing:read", "limit": "9"}
    sent = [
        each.post("/settings/developer/new", data={**form, **new}) for each, form in zip(two, open_forms, strict=True)
    ]
    assert [each.status_code for each in sent] == [403, 403] and is_open(here) and is_open(there)


def test_a_log_in_gives_a_new_token_whatever_the_browser_has_sent(console, person, owner):
    person.cookies.set(SESSION, PLANTED, domain="127.0.0.1")
    assert person.log_in(person.email, PASSWORD).status_code == 303
    tokens = {each.value for each in person.cookies.jar if each.name == SESSION and each.value != PLANTED}
    assert len(tokens) == 1
    stored = owner.execute("SELECT count(*) FROM user_sessions WHERE token_hash = %s", (digest(PLANTED),)).fetchone()
    thief = console(None)
    thief.cookies.set(SESSION, PLANTED, domain="127.0.0.1")
    assert stored == (0,) and not is_open(thief)


def test_a_session_of_an_attacker_in_the_browser_does_not_become_the_users(console, person):
    """Also not a real one: the log-in ends it, and begins another."""
    attacker = console()
    token = attacker.cookies[SESSION]
    person.cookies.set(SESSION, token, domain="127.0.0.1")
    csrf = person.token_on("/logout")
    person.post("/login", data={"csrf": csrf, "email": person.email, "password": PASSWORD})
    assert not is_open(attacker) and token not in {each.value for each in person.cookies.jar}


FORBIDDEN = [
    "SELECT user_of_session(sha256('x'))",
    "SELECT session_id(sha256('x'))",
    "SELECT replace_password('u', 'h', sha256('x'), NULL)",
    "SELECT name FROM users",
    "UPDATE user_sessions SET address = 'x'",
]
OWN = [
    "SELECT name FROM find_profile(%s)",
    "SELECT id FROM own_sessions(%s)",
    "SELECT end_own_sessions(%s, NULL, '192.0.2.1', 'req_1')",
    "SELECT note_client(%s, '192.0.2.1', 'x')",
    "SELECT nullif(is_changed, false) FROM change_password("
    "%s, sha256('a'), NULL, '192.0.2.1', 'req_1', 'h', NULL, 'new', sha256('t'))",
]


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_the_application_cannot_take_the_steps_alone(pool, sql):
    with pool.connection() as conn, conn.transaction(force_rollback=True):
        assert is_denied(conn, sql)


@pytest.mark.parametrize("sql", OWN)
def test_without_a_session_a_function_of_the_profile_does_nothing(pool, sql):
    with pool.connection() as conn:
        assert conn.execute(sql, (digest("unknown"),)).fetchone() in (None, (None,))


def test_a_new_password_needs_the_present_one(pool, owner, organization):
    """SQL as the application, with an open session, cannot set a password."""
    user = new_user(owner, organization.id).user
    owner.execute("UPDATE users SET password_hash = 'the hash' WHERE user_id = %s", (user.id,))
    token = digest(open_session(owner, user.id))
    arguments = "%s, sha256('a'), NULL, '192.0.2.1', 'req_1', %s, NULL, 'new', sha256(random()::text::bytea)"
    sql = f"SELECT is_changed FROM change_password({arguments})"
    with pool.connection() as conn:
        assert [conn.execute(sql, (token, guess)).fetchone() for guess in ("", None, "other")] == [(False,)] * 3
        assert conn.execute(sql, (token, "the hash")).fetchone() == (True,)


def test_a_new_password_gives_the_session_a_new_token(person, console):
    """Who has copied the cookie before is out, too. Seen red when the session kept its token."""
    person.log_in(person.email, PASSWORD)
    copied = console(None)
    copied.cookies.set(SESSION, person.cookies[SESSION], domain="127.0.0.1")
    assert is_open(copied)
    new = "another tractor over ten lakes"
    changed = person.fill("/profile/password", {"present": PASSWORD, "password": new, "again": new}, on="/profile")
    assert changed.headers["Location"] == "/profile?saved=password"
    assert is_open(person) and not is_open(copied)
    wrong = person.fill("/profile/password", {"present": PASSWORD, "password": new, "again": new}, on="/profile")
    assert wrong.status_code == 422 and SESSION not in wrong.cookies and is_open(person)
