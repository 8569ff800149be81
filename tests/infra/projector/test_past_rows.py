"""The earlier rows of objects: added by the worker, rebuilt under traffic, and verified."""

import json

import pytest

from infra.postgres.database import connect_as_table_owner
from infra.projector.following.past_rows import PastRowTable
from infra.worker.leader import run_tasks
from projections.registry import PAST_ROWS
from tests.support.books import Books, run_of
from tests.support.command_line import run
from tests.support.life import Life
from tests.support.waiting import run_at_once

TABLE = PastRowTable(PAST_ROWS)
STORED = "SELECT t.*::text FROM past_rows t WHERE org_id = %s ORDER BY id, version"
RANGES = "SELECT version, updated_at, until FROM past_rows WHERE org_id = %s AND id = %s ORDER BY version"
TIMES = "SELECT recorded_at FROM events WHERE org_id = %s AND originator_id = %s ORDER BY originator_version"


@pytest.fixture(scope="module")
def conn(database):
    with connect_as_table_owner(database) as opened:
        yield opened


@pytest.fixture
def books(conn):
    return Books(conn, "Asia/Kolkata")


def add_all(books):
    while TABLE.add_page(books.conn, books.id):
        pass


def stored(books):
    return books.conn.execute(STORED, (books.id,)).fetchall()


def differences(books):
    return [(each.id, each.column) for each in TABLE.differences(books.conn, books.id)]


@pytest.fixture
def lived(books):
    """An organization with a life of 150 steps, of which the worker has read everything."""
    life = Life(books, 7)
    for _ in range(150):
        life.step()
    add_all(books)
    return books


def test_each_change_of_an_object_ends_the_time_of_its_row_before(books):
    id = books.sent_invoice("2099-01-31")
    books.pay(id, "1.00")
    add_all(books)

    times = [at for (at,) in books.conn.execute(TIMES, (books.id, id))]
    rows = books.conn.execute(RANGES, (books.id, id)).fetchall()
    assert rows == [(1, times[0], times[1]), (2, times[1], times[2])]


def test_a_row_that_the_same_command_has_replaced_is_left_out(books):
    id = books.sent_invoice("2026-01-31")  # sent and overdue at once
    books.pay(id, "1.00")
    add_all(books)

    assert books.events(id)[:3] == ["drafted", "sent", "overdue"]
    assert [version for version, *_ in books.conn.execute(RANGES, (books.id, id))] == [1, 3]


def test_rows_are_the_same_whatever_the_pages_were(lived):
    at_once = stored(lived)
    lived.conn.execute("DELETE FROM past_rows WHERE org_id = %s", (lived.id,))
    lived.conn.execute("UPDATE past_row_progress SET position = 0 WHERE org_id = %s", (lived.id,))
    while TABLE.add_page(lived.conn, lived.id, limit=7):
        pass

    assert len(at_once) > 40 and stored(lived) == at_once


def test_a_rebuild_gives_the_same_rows(lived):
    before = stored(lived)
    lived.conn.execute("UPDATE past_rows SET status = 'paid' WHERE org_id = %s", (lived.id,))
    TABLE.rebuild(lived.conn, lived.id)

    assert stored(lived) == before and differences(lived) == []


def test_rows_of_an_older_version_are_added_again(lived):
    before = stored(lived)
    lived.conn.execute("UPDATE past_rows SET status = 'paid' WHERE org_id = %s", (lived.id,))
    lived.conn.execute("UPDATE past_row_progress SET projection_version = 0 WHERE org_id = %s", (lived.id,))
    add_all(lived)

    assert stored(lived) == before and differences(lived) == []


DAMAGES = {
    "UPDATE past_rows SET status = 'open' WHERE org_id = %s AND (id, version) = (%s, %s)": "status",
    "UPDATE past_rows SET until = until + interval '1 hour' WHERE org_id = %s AND (id, version) = (%s, %s)": "until",
    "DELETE FROM past_rows WHERE org_id = %s AND (id, version) = (%s, %s)": "*",
}


@pytest.mark.parametrize(("damage", "column"), DAMAGES.items(), ids=DAMAGES.values())
def test_verify_finds_a_wrong_and_a_missing_row(lived, damage, column):
    (id, version) = lived.conn.execute(
        "SELECT id, version FROM past_rows WHERE org_id = %s AND kind = 'invoice' LIMIT 1", (lived.id,)
    ).fetchone()
    lived.conn.execute(damage, (lived.id, id, version))

    assert differences(lived) == [(f"{id} version {version}", column)]


def test_verify_finds_a_row_that_should_not_exist(lived):
    lived.conn.execute("CREATE TEMPORARY TABLE extra AS SELECT * FROM past_rows WHERE org_id = %s LIMIT 1", (lived.id,))
    lived.conn.execute("UPDATE extra SET version = 77")
    ((id,),) = lived.conn.execute("SELECT id FROM extra").fetchall()
    lived.conn.execute("INSERT INTO past_rows SELECT * FROM extra")
    lived.conn.execute("DROP TABLE extra")

    assert differences(lived) == [(f"{id} version 77", "*")]


def test_verify_compares_what_the_worker_has_read(lived):
    Life(lived, 8).step()
    lived.update(lived.sent_invoice(), notes="Not read yet")

    assert differences(lived) == []


def test_a_rebuild_and_the_worker_miss_nothing_while_commands_run(books, database):
    id = books.sent_invoice()

    def work(number):
        with connect_as_table_owner(database) as conn:
            mine = Books.__new__(Books)
            mine.conn, mine.id = conn, books.id
            for _ in range(12):
                if number < 2:
                    mine.pay(id if number else mine.sent_invoice(), "1.00")
                elif number < 4:
                    TABLE.add_page(conn, books.id, limit=5)
                else:
                    TABLE.rebuild_organization(conn, books.id)

    run_at_once(5, work)
    add_all(books)
    assert len(stored(books)) == 12 * 2 + 13 and differences(books) == []


def test_an_event_that_cannot_be_read_stops_its_own_organization_only(books, conn):
    other = Books(conn, "Asia/Kolkata")
    broken, whole = books.sent_invoice(), other.sent_invoice()
    conn.execute("UPDATE events SET state = '{' WHERE org_id = %s AND originator_version = 1", (books.id,))
    run_tasks(conn)

    done, error = run_of(conn, "add_past_rows")
    assert done >= 2 and f"{books.id}: the event 'invoice.drafted'" in error
    assert conn.execute(RANGES, (other.id, whole)).fetchall() != []
    assert conn.execute(RANGES, (books.id, broken)).fetchall() == []
    conn.execute("DELETE FROM events WHERE org_id = %s", (books.id,))
    conn.execute("UPDATE org_log SET position = 0 WHERE org_id = %s", (books.id,))


def test_the_command_line_lists_rebuilds_and_verifies_them(lived, env):
    listed = json.loads(run("projections", "list", "--org", lived.id, "--json", env=env).out)
    (mine,) = [each for each in listed if each["name"] == "past_rows"]
    assert mine == {"name": "past_rows", "version": PAST_ROWS.version, "rows": len(stored(lived)), "older": 0, "lag": 0}
    run("projections", "rebuild", "past_rows", "--org", lived.id, env=env)
    assert (
        json.loads(run("projections", "verify", "past_rows", "--org", lived.id, "--json", env=env).out)["differences"]
        == []
    )
