"""The worker carries out requests to erase persons: one that fails stops no other, and none is done too late."""

import json
import secrets

import psycopg
import pytest

from api.ports.organization.privacy import MAX_ATTEMPTS
from commands.invoice import DraftInvoice
from infra.audit.privacy.persons import find
from infra.log.proofs.chain import FIRST_FORMAT, PERSONAL_FORMAT
from infra.postgres.database import connect_as_table_owner
from infra.projector.tables.lock import only_rebuild
from infra.worker import erasures
from infra.worker.erasures import erase_persons, forget_erasure_requests
from tests.support.books import Books
from tests.support.console import new_user
from tests.support.erasures import carry_out
from tests.support.privacy import CLIENT, NAME
from tests.support.removal import rows_with
from tests.support.scenarios import invoice_body

ASK = """
INSERT INTO erasure_requests (org_id, request_id, user_id, address, web_request, subject_kind, subject)
VALUES (%s, %s, %s, '192.0.2.7', 'req_1', 'party', %s)
"""
STATES = "SELECT request_id, state, failure, subject FROM erasure_requests ORDER BY request_id"
ATTEMPTS = "SELECT attempts FROM erasure_requests WHERE request_id = 'erasure_1'"
RUN = "SELECT error FROM worker_runs WHERE task = 'erase_persons'"


@pytest.fixture
def conn(own_database):
    with connect_as_table_owner(own_database) as opened:
        yield opened


@pytest.fixture
def asked(conn):
    """Return a function that makes an organization with the person, and a request of one of its users."""

    def make(id, chain_format=PERSONAL_FORMAT, role="owner"):
        books = Books(conn, chain_format=chain_format)
        books.do(DraftInvoice, invoice_body(clientId=CLIENT, clientName=NAME))
        new_user(conn, books.id)  # an organization has an owner
        user = new_user(conn, books.id, role).user
        conn.execute(ASK, (books.id, id, user.id, CLIENT))
        return books, user

    return make


def states(conn):
    return {id: (state, failure) for id, state, failure, _ in conn.execute(STATES)}


def test_a_request_is_carried_out_and_the_id_is_nowhere_in_it(conn, asked):
    books, user = asked("erasure_1")
    assert carry_out(conn) == {"erase_persons": 1}
    assert rows_with(conn, NAME) == {}
    ((row,),) = conn.execute("SELECT to_json(r) FROM erasure_requests r").fetchall()
    row = json.loads(row)
    assert CLIENT not in json.dumps(row) and (row["state"], row["user_id"]) == ("done", user.id)
    assert row["record"]["orgId"] == books.id and row["result"][:2] == [1, 1]
    sql = "SELECT metadata FROM events WHERE name = 'subject.erased'"
    ((metadata,),) = conn.execute(sql).fetchall()
    assert json.loads(metadata)["actor"] == {"type": "user", "id": user.id}
    assert carry_out(conn) == {"erase_persons": 0}


@pytest.mark.parametrize("role", ["viewer", "accountant", "hr"])
def test_a_user_who_has_lost_the_rights_meanwhile_erases_nothing(conn, asked, role):
    asked("erasure_1", role=role)
    carry_out(conn)
    assert states(conn) == {"erasure_1": ("failed", "not_allowed")} and rows_with(conn, NAME)


def test_a_request_that_nobody_has_carried_out_for_a_day_is_not_carried_out(conn, asked):
    asked("erasure_1")
    conn.execute("UPDATE erasure_requests SET asked_at = now() - interval '24:01'")
    carry_out(conn)
    assert states(conn) == {"erasure_1": ("failed", "expired")} and rows_with(conn, NAME)


def test_a_log_of_the_first_format_fails_and_stops_no_other(conn, asked):
    asked("erasure_1", FIRST_FORMAT)
    asked("erasure_2")
    assert carry_out(conn) == {"erase_persons": 1}
    assert states(conn) == {"erasure_1": ("failed", "old_format"), "erasure_2": ("done", None)}


def test_a_log_that_cannot_be_read_fails_and_stops_no_other(conn, asked):
    books, _ = asked("erasure_1")
    asked("erasure_2")
    sql = "UPDATE events SET state = left(state, 90) || 'zq-7' WHERE org_id = %s AND name = 'invoice.drafted'"
    conn.execute(sql.replace("left(state, 90)", "replace(state, '{\"', '{')"), (books.id,))
    assert carry_out(conn) == {"erase_persons": 1}
    assert states(conn) == {"erasure_1": ("failed", "broken"), "erasure_2": ("done", None)}
    assert conn.execute(RUN).fetchone() == ("requests to erase a person that have failed: 1; see the log",)


def test_a_request_that_ends_the_worker_is_tried_three_times_after_all_others(conn, asked, own_database, monkeypatch):
    """The worker is killed while it looks for the person. What it had begun is stored."""
    poison, _ = asked("erasure_1")
    asked("erasure_2")

    def find_or_die(conn, person):
        if person.org_id == poison.id:
            conn.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return find(conn, person)

    monkeypatch.setattr(erasures, "find", find_or_die)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        with pytest.raises(psycopg.OperationalError), connect_as_table_owner(own_database) as worker:
            erase_persons(worker)
        assert conn.execute(ATTEMPTS).fetchone() == (attempt,)
        if attempt == 1:
            assert states(conn) == {"erasure_1": ("waiting", None), "erasure_2": ("waiting", None)}
    assert states(conn) == {"erasure_1": ("waiting", None), "erasure_2": ("done", None)}
    carry_out(conn)
    assert states(conn)["erasure_1"] == ("failed", "given_up") and rows_with(conn, NAME)


def test_a_statement_that_takes_too_long_fails_the_third_time_and_stops_no_other(conn, asked, monkeypatch):
    slow, _ = asked("erasure_1")

    def find_slowly(conn, person):
        if person.org_id == slow.id:
            with conn.transaction():
                conn.execute("SET LOCAL statement_timeout = 1")
                conn.execute("SELECT pg_sleep(60)")
        return find(conn, person)

    monkeypatch.setattr(erasures, "find", find_slowly)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert states(conn)["erasure_1"] == ("waiting", None)
        asked(f"erasure_of_another_{attempt}")
        assert carry_out(conn) == {"erase_persons": 1}
    assert states(conn)["erasure_1"] == ("failed", "given_up")
    assert conn.execute(RUN).fetchone() == ("requests to erase a person that have failed: 1; see the log",)


def test_while_projections_are_rebuilt_a_request_waits(conn, asked, own_database):
    asked("erasure_1")
    with connect_as_table_owner(own_database) as rebuilder, only_rebuild(rebuilder):
        for _ in range(MAX_ATTEMPTS + 1):
            carry_out(conn)
            assert states(conn) == {"erasure_1": ("waiting", None)}
    carry_out(conn)
    assert states(conn) == {"erasure_1": ("done", None)}


def test_a_worker_without_the_rights_of_the_owner_says_so_instead_of_trying_for_ever(conn, asked):
    """Its log-in may do everything but change events."""
    asked("erasure_1")
    asked("erasure_2")
    role = f"almost_{secrets.token_hex(6)}"
    conn.execute(f"CREATE ROLE {role} BYPASSRLS")
    conn.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}")
    conn.execute(f"REVOKE UPDATE ON events FROM {role}")
    try:
        conn.execute(f"SET ROLE {role}")
        carry_out(conn)
    finally:
        conn.execute("RESET ROLE")
        conn.execute(f"DROP OWNED BY {role}")
        conn.execute(f"DROP ROLE {role}")
    assert states(conn) == {"erasure_1": ("failed", "no_rights"), "erasure_2": ("waiting", None)}
    (error,) = conn.execute(RUN).fetchone()
    assert "does not own the tables" in error and rows_with(conn, NAME)


def test_a_request_that_is_taken_back_during_the_search_erases_nothing(conn, asked, monkeypatch):
    asked("erasure_1")
    cancel = """
    UPDATE erasure_requests SET state = 'failed', failure = 'cancelled', subject = NULL, ended_at = now()
    """
    monkeypatch.setattr(erasures, "find", lambda *values: (find(*values), conn.execute(cancel))[0])
    assert erase_persons(conn) == 0
    assert states(conn) == {"erasure_1": ("failed", "cancelled")} and rows_with(conn, NAME)


def test_what_came_of_a_request_is_kept_for_a_year(conn, asked):
    asked("erasure_1")
    asked("erasure_2")
    carry_out(conn)
    sql = "UPDATE erasure_requests SET ended_at = now() - %s::interval WHERE request_id = %s"
    conn.execute(sql, ("365 days", "erasure_1"))
    conn.execute(sql, ("367 days", "erasure_2"))
    assert forget_erasure_requests(conn) == 1 and [*states(conn)] == ["erasure_1"]


@pytest.mark.parametrize("column", ["subject = 'x'", "left_on = now()"])
def test_the_table_keeps_no_id_of_a_request_that_has_ended(conn, asked, column):
    asked("erasure_1")
    carry_out(conn)
    with pytest.raises(Exception, match="erasure_requests_forget"):
        conn.execute(f"UPDATE erasure_requests SET {column}")
