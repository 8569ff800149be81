"""The background worker: one leader among all processes that could do the work, and its tasks.

The leader holds a session lock of PostgreSQL, so that the server itself lets go of it when the leader dies; the others
ask for it every few seconds. Every task may be cut short anywhere and run again: each of its steps is a transaction
that looks at how things are.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count

import psycopg
from psycopg import Connection

from commands.api_key import ExpireKey
from commands.command import Actor, Command, Context
from commands.overdue import RefreshOverdueBill, RefreshOverdueInvoice
from infra.log.unit_of_work import execute_on
from infra.postgres.database import DatabaseUnreachable, Row, connect_owner
from infra.projector import balances, usage
from infra.projector.rows import rebuild_organization
from projections.registry import ROWS

logger = logging.getLogger("smartdhandha.worker")

LOCK = 0x5D_A0_17
"""The advisory lock that the leader holds; any number that only this program takes."""
RETENTION = timedelta(days=92)
"""How long single requests stay in the ledger of credits; the window needs 30 days of them."""
IDEMPOTENCY_KEPT = timedelta(hours=25)
"""Answers for safe retries are promised for 24 hours."""
_BATCH = 500

_FALLEN_DUE = """
SELECT d.org_id, d.id FROM organizations o JOIN {table} d USING (org_id)
WHERE d.due_date < (now() AT TIME ZONE o.time_zone)::date AND NOT d.is_overdue
AND d.status IN ({issued}, 'partially_paid') AND (d.org_id, d.id) > (%s, %s)
ORDER BY d.org_id, d.id LIMIT %s
"""
_FORGET = """
DELETE FROM idempotency_keys WHERE (org_id, key) IN (
    SELECT org_id, key FROM idempotency_keys WHERE created_at < %s ORDER BY created_at LIMIT %s
)
"""
_OUTLIVED = """
SELECT org_id, id FROM api_keys WHERE status = 'active' AND expires_at <= now() AND (org_id, id) > (%s, %s)
ORDER BY org_id, id LIMIT %s
"""
_PARTITIONS = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'public.credits'::regclass AND c.relname ~ '^credits_[0-9]{4}_[0-9]{2}$'
ORDER BY c.relname
"""
_NOTICE_DEATH = """
SELECT set_config(name, CASE name WHEN 'tcp_keepalives_count' THEN '3' ELSE '1s' END, false) FROM pg_settings
WHERE name IN (
    'client_connection_check_interval', 'tcp_keepalives_idle', 'tcp_keepalives_interval', 'tcp_keepalives_count'
)
"""
"""Lets the server see at once that a worker has died, also in the midst of a statement or with its whole machine:
until then it keeps the leader's lock. A server that lacks one of these settings is asked for the others."""
_RECORD = """
INSERT INTO worker_runs AS r (task, started_at, finished_at, done, total_done, runs, error)
VALUES (%(task)s, %(start)s, clock_timestamp(), %(done)s, %(done)s, 1, %(error)s)
ON CONFLICT (task) DO UPDATE SET started_at = EXCLUDED.started_at, finished_at = EXCLUDED.finished_at,
    done = EXCLUDED.done, total_done = r.total_done + EXCLUDED.done, runs = r.runs + 1, error = EXCLUDED.error
"""


def mark_overdue_invoices(conn: Connection[Row]) -> int:
    """Record which invoices the organization's midnight has made overdue; answers how many."""
    return _settle(conn, _FALLEN_DUE.format(table="invoices", issued="'sent'"), RefreshOverdueInvoice)


def mark_overdue_bills(conn: Connection[Row]) -> int:
    """The same of vendor bills."""
    return _settle(conn, _FALLEN_DUE.format(table="bills", issued="'open'"), RefreshOverdueBill)


def expire_keys(conn: Connection[Row]) -> int:
    """Record which keys' time has run out; admission has refused them since that instant."""
    return _settle(conn, _OUTLIVED, ExpireKey)


def forget_retries(conn: Connection[Row]) -> int:
    """Remove answers that were kept for retries longer than promised."""
    removed = 0
    while count := conn.execute(_FORGET, (datetime.now(UTC) - IDEMPOTENCY_KEPT, _BATCH)).rowcount:
        removed += count
    return removed


def sum_usage(conn: Connection[Row]) -> int:
    """Add new requests to the usage projection; answers how many."""
    return usage.add_new(conn)


def sum_balances(conn: Connection[Row]) -> int:
    """Add new events to the sums of what is outstanding; answers how many."""
    done, failures = balances.add_new(conn)
    if failures:
        raise TaskFailed("; ".join(map(str, failures)), done)
    return done


def refold_older_rows(conn: Connection[Row]) -> int:
    """Fold again, in place, the rows that an older version of a projection has written; answers how many.

    Raises TaskFailed in the end when an organization's log could not be folded; the others' rows are.
    """
    refolded, failed = 0, 0
    for projection in ROWS.values():
        older = f"SELECT DISTINCT org_id FROM {projection.table} WHERE projection_version < %s ORDER BY org_id"
        for (org_id,) in conn.execute(older, (projection.version,)).fetchall():
            try:
                refolded += rebuild_organization(conn, projection, org_id, only_older=True).rows
            except psycopg.OperationalError:
                raise
            except Exception:
                failed += 1
                logger.exception(
                    "the rows of %s of an older version could not be folded in %s", org_id, projection.table
                )
    if failed:
        message = f"rows of {failed} organizations could not be folded again, {refolded} were; the log names them"
        raise TaskFailed(message, refolded)
    return refolded


def turn_credit_partitions(conn: Connection[Row]) -> int:
    """Make the partitions of the months to come, and drop those whose rows are all past their retention."""
    now = datetime.now(UTC)
    usage.add_new(conn)  # nothing is dropped that is not in the sums
    conn.execute("SELECT prepare_credit_partitions(%s)", (now.date(),))
    oldest = f"credits_{now - RETENTION:%Y_%m}"
    dropped = [name for (name,) in conn.execute(_PARTITIONS).fetchall() if name < oldest]
    for name in dropped:
        conn.execute(f"DROP TABLE public.{name}")
    conn.execute("DELETE FROM credits_other WHERE at < %s", (now - RETENTION,))
    return len(dropped)


class TaskFailed(Exception):
    """Some of a task's work could not be done; the rest was."""

    def __init__(self, message: str, done: int) -> None:
        self.done = done
        super().__init__(message)


Task = Callable[[Connection[Row]], int]
TASKS: Mapping[str, Task] = {
    "mark_overdue_invoices": mark_overdue_invoices,
    "mark_overdue_bills": mark_overdue_bills,
    "expire_keys": expire_keys,
    "forget_retries": forget_retries,
    "sum_usage": sum_usage,
    "sum_balances": sum_balances,
    "refold_older_rows": refold_older_rows,
    "turn_credit_partitions": turn_credit_partitions,
}


EVERY_N_ROUNDS: Mapping[str, int] = {"refold_older_rows": 30, "turn_credit_partitions": 30}
"""Tasks that look through whole tables run in the first round, and then in each round of this number."""


class Worker:
    """Waits to be the leader, then runs every task each `interval` seconds until it is stopped."""

    def __init__(self, conninfo: str, interval: float = 20.0, campaign: float = 3.0) -> None:
        self._conninfo, self._interval, self._campaign = conninfo, interval, campaign
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End after the step in hand."""
        self._stopped.set()

    def run(self) -> None:
        """Work until stopped; when the database goes away, wait for it and stand for leader again."""
        while not self._stopped.is_set():
            try:
                with connect_owner(self._conninfo) as conn:
                    self._lead(conn)
            except (DatabaseUnreachable, psycopg.OperationalError) as error:
                logger.warning("the worker has lost the database and tries again: %s", error)
            self._stopped.wait(self._campaign)

    def _lead(self, conn: Connection[Row]) -> None:
        conn.execute(_NOTICE_DEATH)
        conn.execute("SET lock_timeout = '10s'")  # behind a long query, a task gives way and is tried in the next round
        while not self._stopped.is_set():
            row = conn.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone()
            if row == (True,):
                break
            self._stopped.wait(self._campaign)
        if self._stopped.is_set():
            return
        logger.info("this worker leads")
        for round_number in count():
            if self._stopped.is_set():
                break
            run_tasks(conn, self._stopped.is_set, round_number)
            self._stopped.wait(self._interval)


def run_tasks(
    conn: Connection[Row], is_stopped: Callable[[], bool] = lambda: False, round_number: int = 0
) -> dict[str, int]:
    """Run each task whose turn it is, whatever becomes of the others; answers with what each has done."""
    results = {}
    for name, task in TASKS.items():
        if is_stopped():
            break
        if round_number % EVERY_N_ROUNDS.get(name, 1):
            continue
        start = datetime.now(UTC)
        done, error = _attempt(conn, name, task)
        results[name] = done
        conn.execute(_RECORD, {"task": name, "start": start, "done": done, "error": error})
        if done:
            logger.info("%s: %d done", name, done)
    return results


def _attempt(conn: Connection[Row], name: str, task: Task) -> tuple[int, str | None]:
    """What the task has done, and its error. Raises OperationalError when the database is away."""
    try:
        return task(conn), None
    except psycopg.errors.LockNotAvailable as busy:
        logger.warning("the task %s found what it needs in use; it is tried again", name)
        return 0, str(busy)
    except psycopg.OperationalError:
        raise
    except TaskFailed as failure:
        return failure.done, str(failure)
    except Exception as fault:  # nothing that a task meets may end the thread in which all of them run
        logger.exception("the task %s has failed", name)
        return 0, str(fault)


def _settle(conn: Connection[Row], sql: str, command: Callable[..., Command]) -> int:
    """Give the command to every object that the query finds, page by page; one that fails never stops the others."""
    done, failed, last = 0, 0, ("", "")
    while found := conn.execute(sql, (*last, _BATCH)).fetchall():
        for org_id, id in found:
            last = (org_id, id)
            request = f"worker_{secrets.token_hex(12)}"
            context = Context(org_id=org_id, actor=Actor("worker", "smartdhandha"), request_id=request)
            try:
                done += execute_on(conn, command(id=id), context).events > 0
            except psycopg.OperationalError:
                raise
            except Exception:  # whatever is wrong with one object, the others have their midnight too
                failed += 1
                logger.exception("%s of %s could not be settled", id, org_id)
    if failed:
        raise TaskFailed(f"{failed} objects could not be settled, {done} were; the log names them", done)
    return done
