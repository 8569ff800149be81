"""`smartdhandha worker` as processes: one leads, another takes over when it dies, nothing is marked twice or missed."""

import contextlib
import subprocess
from decimal import Decimal

import pytest

from commands.handling import Actor, Context
from commands.invoice import DraftInvoice, UpdateInvoice
from domain.document import Line
from infra.accounts import create_organization
from infra.database import connect_owner
from infra.ledger import execute_on
from infra.worker import LOCK
from tests.scenarios import today
from tests.support import COMMAND, environment, until

WEST, EAST = "Etc/GMT+12", "Pacific/Kiritimati"
_LEADERS = """
SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_WAITING = """
SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT pg_try_advisory_lock%'
"""
_MARKED = "SELECT originator_id FROM events WHERE name = 'invoice.overdue'"


class Workers:
    """Worker processes on one database, and their logs."""

    def __init__(self, database, folder):
        self._env, self._folder, self.running = environment(DATABASE_URL=database), folder, []

    def start(self):
        log = self._folder / f"worker-{len(self.running)}.log"
        with log.open("w") as stream:
            process = subprocess.Popen([*COMMAND, "worker"], env=self._env, stderr=stream)
        self.running.append((process, log))
        return process

    def leaders(self):
        """The living processes that have said that they lead."""
        alive = [(process, log) for process, log in self.running if process.poll() is None]
        return [process for process, log in alive if "this worker leads" in log.read_text()]

    def end(self):
        for process, _ in self.running:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            process.wait(10)


@pytest.fixture
def workers(own_database, tmp_path):
    made = Workers(own_database, tmp_path)
    yield made
    made.end()


@pytest.fixture
def conn(own_database):
    with connect_owner(own_database) as opened:
        yield opened


def due_today(conn, count):
    """An organization in the far west with so many invoices that are due today; its id, and theirs."""
    org_id = create_organization(conn, "Western Traders", WEST)["id"]
    context = Context(org_id=org_id, actor=Actor("cli", "a test"), request_id="test")
    day, lines = today(WEST), (Line("Work", Decimal(1), Decimal(1), Decimal(0)),)
    found = set()
    for _ in range(count):
        draft = DraftInvoice(client_id="acme", invoice_date=day, due_date=day, items=lines)  # type: ignore[arg-type]
        found.add(invoice := execute_on(conn, draft, context).id)
        execute_on(conn, UpdateInvoice(id=invoice, status="sent"), context)
    return org_id, found


def pass_midnight(conn, org_id):
    conn.execute("UPDATE organizations SET time_zone = %s WHERE org_id = %s", (EAST, org_id))


def marked(conn):
    return [id for (id,) in conn.execute(_MARKED)]


def is_waiting(conn, count):
    return len(conn.execute(_WAITING).fetchall()) == count


def test_of_several_workers_one_leads(conn, workers):
    for _ in range(3):
        workers.start()
    until(workers.leaders)
    until(lambda: is_waiting(conn, 2))
    assert len(workers.leaders()) == 1
    assert len(conn.execute(_LEADERS, (LOCK,)).fetchall()) == 1


def test_when_the_leader_is_killed_at_work_another_takes_over_and_nothing_is_marked_twice_or_missed(conn, workers):
    org_id, invoices = due_today(conn, 300)
    pass_midnight(conn, org_id)
    for _ in range(2):
        workers.start()
    until(lambda: len(marked(conn)) >= 20)
    [leader] = workers.leaders()
    leader.kill()
    leader.wait(10)
    halfway = len(marked(conn))
    until(workers.leaders, 10)
    until(lambda: len(marked(conn)) >= len(invoices), 40)
    assert halfway < len(invoices), "it had done all of it before it was killed"
    found = marked(conn)
    assert len(found) == len(set(found)) and set(found) == invoices
    overdue = conn.execute("SELECT id FROM invoices WHERE is_overdue").fetchall()
    assert {id for (id,) in overdue} == invoices


def test_a_worker_ends_at_sigterm_with_status_0_whether_it_leads_or_waits(conn, workers):
    leading = workers.start()
    until(workers.leaders)
    waiting = workers.start()
    until(lambda: is_waiting(conn, 1))
    waiting.terminate()
    assert waiting.wait(20) == 0
    leading.terminate()
    assert leading.wait(20) == 0


def test_one_that_ends_in_peace_lets_another_lead(workers):
    first = workers.start()
    until(workers.leaders)
    second = workers.start()
    first.terminate()
    assert first.wait(20) == 0
    assert until(workers.leaders, 10) == [second]
