"""A host whose clock is wrong changes nothing that is stored: the database's clock decides what is old or due."""

import hashlib
import json
from datetime import datetime, timedelta

import pytest

from commands.command import Retry
from commands.invoice import DraftInvoice
from domain.accounts.key_secret import hash_secret
from infra.identity.keys import create_key
from infra.identity.users import LINK_LIFETIME, create_user
from infra.postgres.database import connect_as_table_owner, get_now
from tests.support.books import Books
from tests.support.clock import run_ahead
from tests.support.command_line import environment
from tests.support.scenarios import invoice_body

AHEAD = pytest.mark.parametrize("ahead", [timedelta(hours=26), timedelta(days=100)], ids=str)


@pytest.fixture
def env(own_database):
    return environment(DATABASE_URL=own_database)


@pytest.fixture
def conn(own_database):
    with connect_as_table_owner(own_database) as opened:
        yield opened


def counts(conn):
    tables = ("idempotency_keys", "credits", "events", "api_keys WHERE status = 'active'")
    return [conn.execute(f"SELECT count(*) FROM {table}").fetchone() for table in tables]


@AHEAD
def test_a_worker_whose_clock_is_ahead_forgets_nothing_and_marks_nothing(conn, env, ahead):
    books = Books(conn)
    key = create_key(conn, books.id, "x", ("billing:read",), 10, get_now(conn) + timedelta(hours=1))
    conn.execute("SELECT admit(%s, 'GET', '/api/v1/invoices', false)", (hash_secret(key.raw),))
    books.do(DraftInvoice, invoice_body(), retry=Retry("again", hashlib.sha256(b"").digest()))
    books.sent_invoice(), books.open_bill()
    before = counts(conn)
    run_ahead(ahead, "worker", "--once", env=env)
    assert counts(conn) == before
    assert conn.execute("SELECT count(*) FROM worker_runs WHERE started_at > finished_at").fetchone() == (0,)


@AHEAD
def test_what_is_created_there_ends_when_it_would_elsewhere(conn, env, ahead):
    books = Books(conn)
    create_user(conn, books.id, "asha@example.in", "owner")
    create = ("key", "create", "--org", books.id, "--name", "x", "--scope", "billing:read", "--expires", "2d", "--json")
    key = json.loads(run_ahead(ahead, *create, env=env).out)
    link = json.loads(run_ahead(ahead, "user", "link", "asha@example.in", "--json", env=env).out)
    now = get_now(conn)
    assert datetime.fromisoformat(key["expiresAt"]) <= now + timedelta(days=2)
    assert datetime.fromisoformat(link["linkExpiresAt"]) <= now + LINK_LIFETIME
