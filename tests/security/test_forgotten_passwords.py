"""Who asks for a new password learns nothing about whether somebody has the address, and cannot flood a mailbox."""

import pytest

from api.ports.users import Client, Throttled
from infra.identity.organizations import create_organization
from infra.postgres.database import connect_as_table_owner
from infra.postgres.pool import open_pool
from infra.worker.mail.outbox import turn_mails
from infra.worker.mail.requests import REQUEST_PASSWORD, PostgresMails
from tests.support.console import new_user
from tests.support.postgres import logins_of
from tests.support.writes import writes_of as written


@pytest.fixture
def conn(own_database):
    with connect_as_table_owner(own_database) as opened:
        turn_mails(opened, is_on=True)
        yield opened


@pytest.fixture
def user(conn):
    return new_user(conn, create_organization(conn, "Acme Traders").id).user


@pytest.fixture
def mails(own_database):
    with open_pool(logins_of(own_database), 2) as pool:
        yield PostgresMails(pool)


def client(number=1):
    return Client(f"192.0.2.{number}", f"192.0.2.{number}", "req_1")


def writes_of(conn, email):
    """Return what is written when somebody asks for a link to this address, and the answer."""
    return written(conn, REQUEST_PASSWORD, (email, email, "198.51.100.1", "198.51.100.1", "req_1"))


def test_known_and_unknown_addresses_cost_the_same(conn, user):
    known, unknown = writes_of(conn, user.email), writes_of(conn, "nobody@example.in")
    assert known == unknown and {*known[0]} == {"login_failures", "mails", "security_events"}
    assert known[0]["mails"] == [1, 0, 0]


def test_a_removed_user_counts_as_unknown(conn, user):
    conn.execute("UPDATE users SET removed_at = now() WHERE user_id = %s", (user.id,))
    assert writes_of(conn, user.email) == writes_of(conn, "nobody@example.in")
    conn.execute(REQUEST_PASSWORD, (user.email, user.email, "n", "a", "req_1"))
    assert conn.execute("SELECT status, address FROM mails").fetchall() == [("dropped", None)]


def test_what_was_typed_is_stored_nowhere(conn, mails):
    mails.request_password("my secret password", client())
    for (table,) in conn.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
        assert "my secret" not in str(conn.execute(f"SELECT t::text FROM {table} t").fetchall()), table


@pytest.mark.parametrize("is_known", [True, False])
def test_an_address_can_be_asked_for_three_times_and_then_must_wait(conn, mails, user, is_known):
    email = user.email if is_known else "nobody@example.in"
    for number in range(3):
        mails.request_password(email, client(number))
    with pytest.raises(Throttled) as refused:
        mails.request_password(email, client(9))
    assert 50 <= refused.value.seconds <= 60
    mails.request_password("other@example.in", client(9))
    assert conn.execute("SELECT count(*) FROM mails").fetchone() == (4,)


def test_a_network_can_ask_thirty_times_and_then_must_wait(mails, user):
    for number in range(30):
        mails.request_password(f"user{number}@example.in", client())
    with pytest.raises(Throttled):
        mails.request_password(user.email, client())
    mails.request_password(user.email, client(2))


def test_asking_for_passwords_does_not_delay_log_ins(conn, mails, user):
    for number in range(3):
        mails.request_password(user.email, client(number))
    begin = "SELECT wait FROM begin_login(%s, '', sha256('a'), sha256('b'), NULL, '192.0.2.1', 'req_1')"
    assert conn.execute(begin, (user.email,)).fetchone() == (0,)


def test_waits_end(conn, mails, user):
    for number in range(3):
        mails.request_password(user.email, client(number))
    conn.execute("UPDATE login_failures SET free_at = now()")
    mails.request_password(user.email, client(9))


@pytest.mark.parametrize("email", ["", "\0", "x" * 300, "'; DROP TABLE mails --", "asha@example.in\r\nBcc: x@y.in"])
def test_any_text_gets_the_same_answer(conn, mails, email):
    mails.request_password(email, client())
    assert conn.execute("SELECT status FROM mails").fetchall() == [("dropped",)]


def test_asking_is_a_security_event(conn, mails, user):
    mails.request_password(user.email, client())
    mails.request_password("nobody@example.in", client())
    events = "SELECT object_id, address FROM security_events WHERE kind = 'password.requested' ORDER BY event_id"
    assert conn.execute(events).fetchall() == [(user.id, "192.0.2.1"), (None, "192.0.2.1")]
