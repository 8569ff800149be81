"""Senders are killed and their connections cut while several organizations write: nothing is lost or out of order."""

from concurrent.futures import ThreadPoolExecutor
from copy import copy
from functools import partial

import pytest

from infra.postgres.database import connect_as_table_owner
from tests.support.books import Books
from tests.support.command_line import COMMAND, environment
from tests.support.fork_server import start_process
from tests.support.postgres import database_settings
from tests.support.senders import count_drifted, draft_invoice, new_webhook
from tests.support.waiting import wait_until

WRITERS, WRITES, KILLS = 4, 30, 3
CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND query LIKE '%webhook_deliveries%' AND pid <> pg_backend_pid()
"""


@pytest.fixture
def senders(own_database):
    env = environment(**database_settings(own_database))
    running = [start_process([*COMMAND, "deliver"], env) for _ in range(2)]
    yield running, lambda: start_process([*COMMAND, "deliver"], env)
    for process in running:
        process.terminate()
        process.wait()


def write(database, books):
    with connect_as_table_owner(database) as conn:
        books = copy(books)
        books.conn = conn
        for _ in range(WRITES):
            draft_invoice(books)


def has_received(receiver, count):
    return len(receiver.requests) >= count


def is_behind(conn):
    sql = "SELECT FROM webhook_cursors c JOIN org_log l USING (org_id) WHERE c.position < l.position"
    return (
        conn.execute(sql).rowcount or conn.execute("SELECT FROM webhook_deliveries WHERE status = 'pending'").rowcount
    )


def ids_of(conn, org_id):
    sql = "SELECT 'evt_' || left(encode(chain_hash, 'hex'), 24) FROM events WHERE org_id = %s AND name = %s"
    return [id for (id,) in conn.execute(f"{sql} ORDER BY position", (org_id, "invoice.drafted"))]


def test_every_event_arrives_and_in_order_where_asked_while_senders_are_killed(conn, own_database, receiver, senders):
    running, start = senders
    organizations = [Books(conn) for _ in range(WRITERS // 2)]
    for org_id in (each.id for each in organizations):
        for ordered in (False, True):
            new_webhook(conn, org_id, f"{receiver.url}/{org_id}/{ordered}", ordered=ordered)

    with ThreadPoolExecutor(WRITERS) as writers:
        done = writers.map(partial(write, own_database), organizations * 2)
        for number in range(1, KILLS + 1):
            wait_until(partial(has_received, receiver, number * WRITES), seconds=60)
            victim = running.pop(0)
            victim.kill()
            victim.wait()
            running.append(start())
            conn.execute(CUT)
            assert count_drifted(conn) == 0
        list(done)
    wait_until(lambda: not is_behind(conn), seconds=90)
    assert count_drifted(conn) == 0

    for org_id in (each.id for each in organizations):
        expected = ids_of(conn, org_id)
        for ordered in (False, True):
            arrived = [each.id for each in receiver.requests if each.path == f"/hooks/{org_id}/{ordered}"]
            assert len(expected) == WRITES * 2 and set(arrived) == set(expected)
            assert not ordered or list(dict.fromkeys(arrived)) == expected
