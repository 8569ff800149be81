"""Runs a statement or a command on many rows or objects, in batches."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta

import psycopg
from psycopg import Connection

from commands.command import Actor, Command, Context
from domain.text import counted
from infra.log.command_bus import execute_on
from infra.postgres.database import Row
from infra.postgres.failures import ends_all_work
from infra.worker.pauses import PAUSES
from infra.worker.task import TaskFailed
from infra.worker.transaction import execute_together

logger = logging.getLogger("smartdhandha.worker")

BATCH_ROWS = 500
"""How many objects or rows one query selects or deletes."""
TURN_OBJECTS = 100
"""How many objects of an organization are processed before it is the next organization's turn."""
TRANSACTION_OBJECTS = 25
"""How many objects one transaction of a turn changes. Other writers of the organization wait for it."""

_SELECT_ORGANIZATIONS = "SELECT org_id FROM organizations ORDER BY org_id"


def delete_batches(conn: Connection[Row], sql: str, retention: timedelta, rows: int = BATCH_ROWS) -> int:
    """Execute a statement that deletes up to `rows` old rows until none is left. Return how many were deleted."""
    removed = 0
    while count := conn.execute(sql, (retention, rows)).rowcount:
        removed += count
    return removed


def execute_for_each(conn: Connection[Row], sql: str, command: Callable[..., Command]) -> int:
    """Execute the command on every object that the query selects, page by page. Return how many objects were changed.

    If the command fails on an object, the error is logged, and the other objects are still processed. At the end,
    TaskFailed is raised. The object is tried again ever more rarely.
    """
    tally, last = Tally(conn, command), ("", "")
    while page := conn.execute(sql, (*last, BATCH_ROWS)).fetchall():
        for org_id, id in page:
            last = (org_id, id)
            if id not in tally.resting:
                tally.execute(org_id, id)
    return tally.result()


def execute_in_turns(conn: Connection[Row], organizations: str, objects: str, command: Callable[..., Command]) -> int:
    """Execute the command on up to TURN_OBJECTS objects of each organization. Return how many were changed.

    So an organization with very many objects delays the others, and the other tasks, by no more than its turn.
    `organizations` selects those that have objects. `objects` selects the objects of one organization, without some
    ids, up to a number. An object is no longer selected after the command. Up to TRANSACTION_OBJECTS objects are
    changed in one transaction. Raises TaskFailed like `execute_for_each`.
    """
    tally = Tally(conn, command)
    for org_id in _list_organizations(conn, organizations, tally):
        end = tally.done + TURN_OBJECTS
        seen: list[str] = [*tally.resting]
        while tally.done < end:
            limit = min(TRANSACTION_OBJECTS, end - tally.done)
            page = [id for (id,) in conn.execute(objects, (org_id, seen, limit)).fetchall()]
            if not page:
                break
            tally.execute_together(org_id, page)
            seen += page
    return tally.result()


def _list_organizations(conn: Connection[Row], sql: str, tally: Tally) -> list[str]:
    """Return the organizations that the query selects.

    If it fails for one of them, such as one with a time zone that PostgreSQL does not know, each is looked at by
    itself, and those that have failed are looked at again ever more rarely.
    """
    try:
        return [org_id for (org_id,) in conn.execute(sql)]
    except psycopg.DataError:
        found = list[str]()
    of_one = f"SELECT org_id FROM ({sql.replace('%', '%%')}) every WHERE org_id = %s"
    for (org_id,) in conn.execute(_SELECT_ORGANIZATIONS).fetchall():
        if org_id not in tally.resting:
            try:
                found += [id for (id,) in conn.execute(of_one, (org_id,))]
            except psycopg.DataError as fault:
                tally.fail(org_id, org_id, fault)
    return found


class Tally:
    """Executes a command on objects. Counts the objects that were changed and those that could not be processed."""

    def __init__(self, conn: Connection[Row], command: Callable[..., Command]) -> None:
        self._conn, self._command = conn, command
        self._pauses = PAUSES[getattr(command, "func", command).__name__]  # of a partial, that of its class
        self.resting = self._pauses.resting()
        """The objects that have failed not long ago, and are left alone for now."""
        self.done = 0
        self._failed: dict[str, str] = {}

    def execute_together(self, org_id: str, ids: Sequence[str]) -> None:
        """Execute the command on these objects in one transaction. If it fails, execute it on each by itself."""
        try:
            self.done += execute_together(self._conn, [self._command(id=id) for id in ids], worker_context(org_id))
        except psycopg.errors.LockNotAvailable:
            raise
        except Exception as fault:  # the object that has caused it fails again, and is logged then
            if ends_all_work(self._conn, fault):
                raise
            for id in ids:
                self.execute(org_id, id)

    def execute(self, org_id: str, id: str) -> None:
        """Execute the command on an object. If it fails, log the error."""
        try:
            self.done += execute_on(self._conn, self._command(id=id), worker_context(org_id)).events > 0
        except psycopg.errors.LockNotAvailable:
            raise
        except Exception as fault:  # after any error of one object, the others must still be processed
            if ends_all_work(self._conn, fault):
                raise
            self.fail(org_id, id, fault)

    def fail(self, org_id: str, id: str, fault: Exception) -> None:
        """Log that an object could not be processed, and remember it."""
        self._failed[id] = str(fault)
        logger.error("%s of %s could not be processed", id, org_id, exc_info=fault)

    def result(self) -> int:
        """Return how many objects were changed. Raises TaskFailed if some could not be processed."""
        return result_of([self])

    def settle(self) -> int:
        """Let the objects that have failed rest. Return how many could not be processed, those that rest included."""
        self._pauses.settle(self._failed)
        return len({**self.resting, **self._failed})


def result_of(tallies: Sequence[Tally]) -> int:
    """Return how many objects were changed by all of these. Raises TaskFailed if some could not be processed."""
    done, failures = sum(each.done for each in tallies), sum([each.settle() for each in tallies])
    if failures:
        failed = counted(failures, "object")
        raise TaskFailed(f"{failed} could not be processed; processed: {done}; see the log", done)
    return done


def worker_context(org_id: str) -> Context:
    """Return the context of a command of the worker."""
    request = f"worker_{secrets.token_hex(12)}"
    return Context(org_id=org_id, actor=Actor("worker", "smartdhandha"), request_id=request)
