"""The worker as a process: one leads, another takes over when it dies, and a signal ends it."""

import json
import signal
import subprocess
import threading
from contextlib import ExitStack

import pytest

from infra.postgres.database import connect_as_table_owner
from infra.worker.leader import LOCK, BackgroundWorker
from infra.worker.tasks import TASKS
from tests.support.books import Books
from tests.support.command_line import COMMAND, environment, run
from tests.support.fork_server import start_process
from tests.support.service import Service
from tests.support.waiting import wait_until

LEADS = f"""
SELECT pid FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND objid = {LOCK} AND granted AND datname = current_database()
"""
STANDS = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND query LIKE 'SELECT pg_try_advisory_lock% AS leads'
"""

FULL_DISK = """
CREATE SEQUENCE attempts;
CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM nextval('attempts');
    RAISE EXCEPTION 'could not extend a file: No space left on device' USING ERRCODE = 'disk_full';
END $$;
CREATE TRIGGER fill BEFORE INSERT ON worker_runs FOR EACH ROW EXECUTE FUNCTION fill();
"""


@pytest.fixture
def conn(own_database):
    with connect_as_table_owner(own_database) as opened:
        yield opened


@pytest.fixture
def books(conn):
    return Books(conn)


@pytest.fixture
def start(own_database, conn):
    """Starts a worker and waits until it leads or tries to lead."""
    with ExitStack() as stack:

        def begin():
            known = set(conn.execute(f"{LEADS} UNION {STANDS}").fetchall())
            env = environment(DATABASE_URL=own_database)
            process = start_process([*COMMAND, "worker"], env, stderr=subprocess.DEVNULL)
            stack.callback(process.wait, 20)
            stack.callback(process.kill)
            wait_until(lambda: set(conn.execute(f"{LEADS} UNION {STANDS}").fetchall()) - known)
            return process

        yield begin


def leader(conn):
    """The leader's connection: the PID of its backend; None when nobody leads."""
    rows = conn.execute(LEADS).fetchall()
    assert len(rows) <= 1
    return rows[0][0] if rows else None


def test_when_the_leader_ends_the_other_worker_leads(conn, start):
    first = start()
    led_by = leader(conn)
    start()
    assert leader(conn) == led_by
    first.terminate()
    assert wait_until(lambda: leader(conn) not in (None, led_by), 10)


def test_when_the_leader_is_killed_the_other_worker_misses_nothing_and_repeats_nothing(
    own_database, conn, books, start
):
    """The second organization's log is locked, so that the leader dies between the first half and the second."""
    second = Books(conn)
    ids, others = ([which.sent_invoice() for _ in range(5)] for which in (books, second))
    books.pass_midnight()
    second.pass_midnight()
    with connect_as_table_owner(own_database) as holder, holder.transaction():
        holder.execute("SELECT FROM org_log WHERE org_id = %s FOR UPDATE", (second.id,))
        first = start()
        led_by = leader(conn)
        wait_until(lambda: len(books.times_marked()) == 5)
        start()
        first.send_signal(signal.SIGKILL)
        wait_until(lambda: leader(conn) not in (None, led_by), 10)
    wait_until(lambda: len(second.times_marked()) == 5)
    assert (books.times_marked(), second.times_marked()) == (dict.fromkeys(ids, 1), dict.fromkeys(others, 1))


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_leader_and_the_waiting_worker(start, signal_number):
    for process in [start(), start()][::-1]:
        process.send_signal(signal_number)
        assert process.wait(20) == 0


def test_a_worker_that_has_lost_its_connection_leads_again(conn, start):
    start()
    led_by = leader(conn)
    conn.execute("SELECT pg_terminate_backend(%s)", (led_by,))
    assert wait_until(lambda: leader(conn) not in (None, led_by), 60)


@pytest.mark.parametrize("condition", ["disk_full", "read_only_sql_transaction"])
def test_a_database_that_takes_no_changes_is_logged_once_and_the_worker_goes_on_when_it_does(
    own_database, conn, caplog, condition
):
    caplog.set_level("INFO")
    conn.execute(FULL_DISK.replace("disk_full", condition))
    worker = BackgroundWorker(own_database, interval_seconds=0.02, retry_interval_seconds=0.02)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        wait_until(lambda: conn.execute("SELECT last_value > 4 FROM attempts").fetchone() == (True,))
        conn.execute("DROP TRIGGER fill ON worker_runs")
        wait_until(lambda: conn.execute("SELECT FROM worker_runs").fetchall())
    finally:
        worker.stop()
        thread.join()
    lines = [(line.name, line.getMessage()) for line in caplog.records if line.name.startswith("smartdhandha")]
    full = "the database could not serve the background worker: could not extend a file: No space left on device"
    assert lines == [("smartdhandha.worker", "this worker leads"), ("smartdhandha.database", full)]


def test_once_runs_every_task_reports_and_ends(own_database, books):
    id = books.sent_invoice()
    books.pass_midnight()
    done = run("worker", "--once", "--json", env=environment(DATABASE_URL=own_database))
    nothing = {task.name: 0 for task in TASKS}
    did = {"mark_overdue_invoices": 1, "sum_balances": 3, "add_past_rows": 3}
    assert json.loads(done.out) == {**nothing, **did}
    assert books.times_marked() == {id: 1}


def test_without_json_there_is_one_line_for_each_task(own_database):
    done = run("worker", "--once", env=environment(DATABASE_URL=own_database))
    assert done.out.splitlines() == [f"{task.name}: 0 done" for task in TASKS]


def test_serve_runs_the_worker_too(own_database, conn, books):
    id = books.open_bill()
    books.pass_midnight()
    with Service(own_database):
        wait_until(lambda: books.times_marked() == {id: 1})


def test_serve_without_the_worker_runs_no_task(own_database, conn):
    with Service(own_database, "--no-worker"):
        assert leader(conn) is None
    assert conn.execute("SELECT FROM worker_runs").fetchall() == []
