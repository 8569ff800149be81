"""The worker makes files of long lists in turns of one page each, also when it is killed or something fails."""

import signal
import subprocess
from contextlib import ExitStack

import msgspec
import pytest

from api.console.objects.downloads.sheets.xlsx_file import xlsx_pieces
from api.console.objects.downloads.table import table_of
from api.console.objects.kinds import INVOICE_PAGES
from api.ports.users.files import NOT_READ, TOO_LARGE
from infra.postgres.database import connect_as_table_owner
from infra.postgres.pool import open_pool
from infra.reads.objects.members import PostgresMemberReads
from infra.worker.files import making, queue
from infra.worker.files.making import MAX_ATTEMPTS, make_list_files
from infra.worker.files.queue import FileTurn, next_turn
from infra.worker.leader import run_round
from infra.worker.task import Task, TaskFailed
from tests.support.books import Books
from tests.support.command_line import COMMAND, environment
from tests.support.console import new_user
from tests.support.copied_rows import copy_row
from tests.support.fork_server import start_process
from tests.support.list_files import ask_for, content_of, finish, rows_in, state_of
from tests.support.postgres import logins_of
from tests.support.waiting import wait_until

HOLD = """
CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1);
    RETURN NEW;
END $$;
CREATE TRIGGER hold BEFORE UPDATE ON list_files FOR EACH ROW WHEN (OLD.row_count > 0) EXECUTE FUNCTION hold();
"""
HELD = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted"
NUMBERED = {
    "invoice_number": "'C/' || n",
    "number_key": "'c/' || n",
    "summary": "jsonb_set(summary::jsonb, '{invoiceNumber}', to_jsonb('C/' || n))::json",
}
FAILURE = "SELECT failure FROM list_files WHERE org_id = %s"


@pytest.fixture
def conn(own_database):
    with connect_as_table_owner(own_database) as opened:
        yield opened


@pytest.fixture
def own_pool(own_database):
    with open_pool(logins_of(own_database), 2) as opened:
        opened.wait()
        yield opened


@pytest.fixture
def books(conn):
    return Books(conn)


@pytest.fixture
def asked(conn, own_pool, books):
    """Ask for a file of five invoices; return whose it is."""
    for _ in range(5):
        books.sent_invoice()
    return ask_for(own_pool, books.id, new_user(conn, books.id, "viewer").user.id)


def turn_of(conn) -> FileTurn:
    turn = next_turn(conn)
    assert turn is not None
    return turn


def test_a_turn_is_one_page_and_the_file_is_that_which_is_sent_at_once(conn, own_pool, books, asked):
    states = []
    while state_of(conn, books.id)[0] in ("waiting", "making"):
        make_list_files(conn, rows_per_page=2)
        states.append(state_of(conn, books.id))
    assert states == [("making", 2, 1), ("making", 4, 2), ("ready", 5, 3)]
    reads, listing = PostgresMemberReads(own_pool), INVOICE_PAGES.type.listing
    page = reads.list_page(books.id, listing.query(books.id, {}))
    whole = rows_in(b"".join(xlsx_pieces(table_of(INVOICE_PAGES, "Asia/Kolkata"), [page])))
    assert rows_in(content_of(own_pool, asked)) == whole and len(whole) == 5


def test_nothing_of_a_file_is_served_before_it_is_ready(conn, own_pool, books, asked):
    make_list_files(conn, rows_per_page=2)
    assert state_of(conn, books.id)[2] == 1 and content_of(own_pool, asked) == b""


def test_pieces_are_small_whatever_a_page_makes(conn, own_pool, books, asked, monkeypatch):
    monkeypatch.setattr(queue, "PIECE_BYTES", 1000)
    finish(conn, rows_per_page=5)
    sizes = [size for (size,) in conn.execute("SELECT octet_length(content) FROM list_file_pieces ORDER BY number")]
    assert len(sizes) > 3 and {*sizes[:-1]} == {1000}
    assert len(rows_in(content_of(own_pool, asked))) == 5


def test_a_worker_that_is_killed_loses_one_page_and_another_goes_on(conn, own_pool, own_database, books, asked):
    """The first worker waits in the transaction that stores its second page."""
    (first,) = conn.execute("SELECT id FROM invoices LIMIT 1").fetchone()
    copy_row(conn, "invoices", first, range(11_995), **NUMBERED)
    conn.execute(HOLD)
    with ExitStack() as stack, connect_as_table_owner(own_database) as holder:

        def start():
            env = environment(DATABASE_URL=own_database)
            process = start_process([*COMMAND, "worker"], env, stderr=subprocess.DEVNULL)
            stack.callback(process.wait, 20)
            stack.callback(process.kill)
            return process

        with holder.transaction():
            holder.execute("SELECT pg_advisory_xact_lock(1)")
            worker = start()
            wait_until(lambda: conn.execute(HELD).fetchall(), 60)
            assert state_of(conn, books.id)[:2] == ("making", 5000)
            worker.send_signal(signal.SIGKILL)
            start()
            wait_until(lambda: not conn.execute(HELD).fetchall(), 60)
        wait_until(lambda: state_of(conn, books.id)[0] == "ready", 60)
    rows = rows_in(content_of(own_pool, asked))
    assert state_of(conn, books.id)[1] == len({row["Invoice number"] for row in rows}) == len(rows) == 12_000


def test_a_round_makes_a_whole_file_and_the_other_tasks_have_their_turn(conn, books, asked):
    (first,) = conn.execute("SELECT id FROM invoices LIMIT 1").fetchone()
    copy_row(conn, "invoices", first, range(295), **NUMBERED)
    ran = []

    def note(conn):
        ran.append(state_of(conn, books.id)[1])
        return 0

    make = Task("make", lambda conn: make_list_files(conn, rows_per_page=100), in_turns=True)
    run_round(conn, tasks=[make, Task("note", note)])
    assert state_of(conn, books.id)[:2] == ("ready", 300) and ran == [100, 200, 300, 300]


def test_two_organizations_have_their_turns_in_between(conn, own_pool, books, asked):
    other = Books(conn)
    for _ in range(3):
        other.sent_invoice()
    ask_for(own_pool, other.id, new_user(conn, other.id, "viewer").user.id)
    turns = []
    while (turn := next_turn(conn)) is not None:
        turns.append(turn.org_id)
        make_list_files(conn, rows_per_page=2)
    assert turns == [books.id, other.id, books.id, other.id, books.id]


def test_of_two_workers_at_once_one_goes_on(conn, own_pool, books, asked):
    """The other one has read the same turn, and stores nothing."""
    late = turn_of(conn)
    for _ in range(2):
        make_list_files(conn, rows_per_page=2)
    making._take(conn, late, 2)  # as a worker that has lost its lead and does not know it yet
    assert state_of(conn, books.id) == ("making", 4, 2)
    finish(conn)
    assert len(rows_in(content_of(own_pool, asked))) == 5


def test_a_file_that_is_removed_while_it_is_made_stays_away(conn, books, asked):
    turn = turn_of(conn)
    conn.execute("DELETE FROM list_files")
    making._take(conn, turn, 2)
    assert conn.execute("SELECT FROM list_file_pieces").fetchall() == []


def test_another_version_with_other_columns_begins_again(conn, own_pool, books, asked):
    make_list_files(conn, rows_per_page=2)
    (progress,) = conn.execute("SELECT progress FROM list_files").fetchone()
    older = msgspec.json.encode({**msgspec.json.decode(progress), "columns": ["id"]}).decode()
    conn.execute("UPDATE list_files SET progress = %s", (older,))
    make_list_files(conn, rows_per_page=2)
    assert state_of(conn, books.id) == ("making", 2, 1)
    finish(conn)
    assert state_of(conn, books.id) == ("ready", 5, 3) and len(rows_in(content_of(own_pool, asked))) == 5


def test_a_list_that_cannot_be_read_in_time_is_tried_again_and_then_given_up(
    conn, own_database, books, asked, monkeypatch
):
    make_list_files(conn, rows_per_page=2)
    monkeypatch.setattr(making, "_SET_TIMEOUT", "SET statement_timeout = '20ms'")
    with connect_as_table_owner(own_database) as holder, holder.transaction():
        holder.execute("LOCK TABLE invoices")
        for _ in range(MAX_ATTEMPTS - 1):
            assert make_list_files(conn, 2) == 0 and state_of(conn, books.id) == ("making", 2, 1)
        assert make_list_files(conn, 2) == 0 and state_of(conn, books.id) == ("failed", 2, 0)
    assert conn.execute(FAILURE, (books.id,)).fetchone() == (NOT_READ,)
    assert conn.execute("SHOW statement_timeout").fetchone() == ("0",)


def test_a_file_that_would_be_too_large_is_given_up(conn, books, asked, monkeypatch):
    monkeypatch.setattr(making, "MAX_FILE_MEGABYTES", 0)
    finish(conn)
    assert conn.execute(FAILURE, (books.id,)).fetchone() == (TOO_LARGE,)


def test_a_fault_fails_the_file_and_the_task_and_no_other_file(conn, own_pool, books, asked):
    conn.execute("UPDATE invoices SET summary = '{}' WHERE org_id = %s", (books.id,))
    other = Books(conn)
    other.sent_invoice()
    ask_for(own_pool, other.id, new_user(conn, other.id, "viewer").user.id)
    with pytest.raises(TaskFailed, match="could not be made"):
        make_list_files(conn)
    assert conn.execute(FAILURE, (books.id,)).fetchone() == ("broken",)
    make_list_files(conn)
    assert state_of(conn, other.id)[:2] == ("ready", 1)


@pytest.mark.parametrize("column", ["progress", "filters"])
def test_a_file_of_which_something_unreadable_is_stored_stops_no_other_file(conn, own_pool, books, asked, column):
    make_list_files(conn, rows_per_page=2)
    conn.execute(f"UPDATE list_files SET {column} = '[7]'")
    other = Books(conn)
    other.sent_invoice()
    ask_for(own_pool, other.id, new_user(conn, other.id, "viewer").user.id)
    run_round(conn, tasks=[Task("make", make_list_files, in_turns=True)] * 3)
    assert state_of(conn, other.id)[0] == "ready"
    assert state_of(conn, books.id)[0] == ("ready" if column == "progress" else "failed")
