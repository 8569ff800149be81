"""Who signs up learns nothing about who is a user, confirms the address first, and uses a link once.

What was taken away to see these tests fail is in README.md.
"""

import secrets

import pytest
from psycopg.errors import RaiseException

from api.ports.users import Client, Throttled
from api.ports.users.setup import Founder, SetupRefused
from commands.accounts.people import InvitePerson
from commands.command import Actor, Context
from domain.accounts.people import people_id
from infra.identity.organizations import create_organization
from infra.identity.people import FIND_OR_ADD
from infra.identity.sessions import digest
from infra.identity.setup.sign_ups import BEGIN_SIGN_UP, FINISH_SIGN_UP, REQUEST_SIGN_UP, PostgresSignUps
from infra.log.command_bus import execute_on
from infra.postgres.database import connect_as_table_owner, set_organization
from infra.postgres.pool import open_pool
from infra.worker.mail.facts import gather_facts
from infra.worker.mail.outbox import claim, turn_mails
from infra.worker.mail.schedule import LEASE
from infra.worker.mails import forget_mails
from tests.support.cases import all_cases
from tests.support.console import PASSWORD, new_user
from tests.support.postgres import logins_of
from tests.support.waiting import run_at_once
from tests.support.writes import writes_of

EMAIL = "asha@example.in"
COUNTS = "SELECT (SELECT count(*) FROM organizations), (SELECT count(*) FROM users), (SELECT count(*) FROM api_keys)"


@pytest.fixture
def conn(own_database):
    with connect_as_table_owner(own_database) as opened:
        turn_mails(opened, is_on=True)
        yield opened


@pytest.fixture
def sign_ups(own_database):
    with open_pool(logins_of(own_database), 4) as pool:
        yield PostgresSignUps(pool)


@pytest.fixture
def user(conn):
    return new_user(conn, create_organization(conn, "Acme Traders").id).user


def client(number=1):
    return Client(f"192.0.2.{number}", f"192.0.2.{number}", "req_1")


def context(org_id):
    return Context(org_id=org_id, actor=Actor("cli", "test"), request_id="req_1")


def token_for(conn, sign_ups, email=EMAIL):
    """Ask for a link, and return its token as the mail would have it."""
    sign_ups.request_link(email, client())
    return link_of_next_mail(conn).removeprefix("/signup/")


def link_of_next_mail(conn):
    claimed = claim(conn, LEASE)
    assert claimed is not None
    return gather_facts(conn, claimed)["link"]


def founder(email=EMAIL):
    return Founder(organization="Sharma Textiles", time_zone="Asia/Kolkata", email=email, password=PASSWORD)


def test_known_and_unknown_addresses_cost_the_same(conn, user):
    known, unknown = (
        writes_of(conn, REQUEST_SIGN_UP, (email, email, "192.0.2.1", "192.0.2.1", "req_1"))
        for email in (user.email, "nobody@example.in")
    )
    assert known == unknown and {*known[0]} == {"login_failures", "mails", "security_events"}


def test_a_user_gets_a_mail_about_the_account_without_a_link(conn, sign_ups, user):
    sign_ups.request_link(user.email.upper(), client())
    assert conn.execute("SELECT kind, user_id, address FROM mails").fetchall() == [
        ("already_signed_up", user.id, user.email)
    ]
    assert link_of_next_mail(conn) is None


@pytest.mark.parametrize("is_known", [True, False])
def test_an_address_can_be_asked_for_three_times_and_then_must_wait(sign_ups, user, is_known):
    email = user.email if is_known else EMAIL
    for number in range(3):
        sign_ups.request_link(email, client(number))
    with pytest.raises(Throttled) as refused:
        sign_ups.request_link(email, client(9))
    assert 50 <= refused.value.seconds <= 60
    sign_ups.request_link("other@example.in", client(9))


def test_the_addresses_of_one_mailbox_count_together(sign_ups):
    for number in range(3):
        sign_ups.request_link(f"asha+{number}@example.in", client(number))
    with pytest.raises(Throttled):
        sign_ups.request_link(EMAIL, client(9))


def test_a_network_can_ask_thirty_times_and_then_must_wait(sign_ups):
    for number in range(30):
        sign_ups.request_link(f"user{number}@example.in", client())
    with pytest.raises(Throttled):
        sign_ups.request_link(EMAIL, client())
    sign_ups.request_link(EMAIL, client(2))


def test_nothing_is_made_before_the_form_behind_the_link(conn, sign_ups):
    before = conn.execute(COUNTS).fetchone()
    token = token_for(conn, sign_ups)
    assert sign_ups.confirm(token) == EMAIL and sign_ups.confirm(token) == EMAIL, "opening the link uses nothing up"
    assert conn.execute(COUNTS).fetchone() == before
    founded = sign_ups.set_up(token, "form", founder(), client())
    assert founded.secret.startswith("sd_live_")
    assert conn.execute(COUNTS).fetchone() == tuple(count + 1 for count in before)


def test_only_a_hash_of_the_token_is_stored(conn, sign_ups):
    token = token_for(conn, sign_ups)
    for (table,) in conn.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
        assert token not in str(conn.execute(f"SELECT t::text FROM {table} t").fetchall()), table


def test_a_link_works_once(conn, sign_ups):
    token = token_for(conn, sign_ups)
    sign_ups.set_up(token, "form", founder(), client())
    assert refusal(sign_ups, token, "form") == "sent"
    assert refusal(sign_ups, token, "another") == "closed"


def test_a_second_link_to_the_address_says_that_there_is_an_account(conn, sign_ups):
    first, second = token_for(conn, sign_ups), token_for(conn, sign_ups)
    sign_ups.set_up(first, "form", founder(), client())
    assert refusal(sign_ups, second, "another") == "known"


def test_who_was_only_invited_can_sign_up(conn, sign_ups):
    """Else anybody could keep somebody from signing up, by an invitation that nobody asked for."""
    stranger = create_organization(conn, "Strangers").id
    with conn.transaction():
        conn.execute(set_organization(stranger))
        conn.execute(FIND_OR_ADD, (EMAIL, EMAIL, "user_invited"))
    execute_on(conn, InvitePerson(id=people_id(stranger), user_id="user_invited", role="owner"), context(stranger))
    conn.execute("DELETE FROM mails")
    sign_ups.set_up(token_for(conn, sign_ups), "form", founder(), client())
    sql = "SELECT u.removed_at IS NULL, m.status FROM users u JOIN memberships m USING (user_id) WHERE u.email = %s"
    assert sorted(conn.execute(sql, (EMAIL,)).fetchall()) == [(False, "invited"), (True, "active")]


def test_of_two_at_once_one_makes_an_organization(conn, sign_ups):
    token = token_for(conn, sign_ups)
    before = conn.execute(COUNTS).fetchone()
    ends = run_at_once(4, lambda number: refusal(sign_ups, token, f"form {number}"))
    assert sorted(map(str, ends)) == ["None", "closed", "closed", "closed"]
    assert conn.execute(COUNTS).fetchone() == tuple(count + 1 for count in before)


def test_an_expired_link_works_no_more_and_is_deleted(conn, sign_ups):
    token = token_for(conn, sign_ups)
    conn.execute("UPDATE signups SET expires_at = clock_timestamp()")
    assert refusal(sign_ups, token, "form") == "closed"
    forget_mails(conn)
    assert conn.execute("SELECT count(*) FROM signups").fetchone() == (0,)


@pytest.mark.parametrize("token", ["", "x" * 2000, "\0", "'; DROP TABLE signups --"])
def test_any_other_text_is_no_link(sign_ups, token):
    assert refusal(sign_ups, token, "form") == "closed"


def test_a_mail_that_waits_while_somebody_signs_up_has_no_link(conn, sign_ups):
    sign_ups.request_link(EMAIL, client())
    new_user(conn, create_organization(conn, "Acme Traders").id)
    conn.execute("UPDATE users SET email = %s", (EMAIL,))
    with pytest.raises(LookupError):
        link_of_next_mail(conn)


@all_cases("sql", [BEGIN_SIGN_UP, FINISH_SIGN_UP])
def test_the_functions_take_no_address_but_the_confirmed_one(conn, sign_ups, sql):
    proof = (digest(token_for(conn, sign_ups)), digest("form"), "192.0.2.1", "req_1")
    org = f"org_{secrets.token_hex(13).upper()}"
    values = (
        (org, "Evil", "Asia/Kolkata", "boss@example.in", "boss@example.in")
        if sql is BEGIN_SIGN_UP
        else (org, "user_x", "boss@example.in", "hash")
    )
    with pytest.raises(RaiseException):
        conn.execute(sql, (*proof, *values))


def refusal(sign_ups, token, form):
    """Return why a link makes no organization; None if it does."""
    try:
        sign_ups.set_up(token, form, founder(), client())
    except SetupRefused as refused:
        return refused.verdict.value
    return None
