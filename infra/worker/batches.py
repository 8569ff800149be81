"""Runs a statement or a command on many rows or objects, in batches."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from datetime import timedelta

import psycopg
from psycopg import Connection

from commands.command import Actor, Command, Context
from domain.text import counted
from infra.log.command_bus import execute_on
from infra.postgres.database import Row
from infra.worker.task import TaskFailed

logger = logging.getLogger("smartdhandha.worker")

BATCH_ROWS = 500
"""How many objects or rows one query selects or deletes."""
TURN_OBJECTS = 100
"""How many objects of an organization are processed before it is the next organization's turn."""


def delete_batches(conn: Connection[Row], sql: str, retention: timedelta) -> int:
    """Execute a statement that deletes up to BATCH_ROWS old rows until none is left. Return how many were deleted."""
    removed = 0
    while count := conn.execute(sql, (retention, BATCH_ROWS)).rowcount:
        removed += count
    return removed


def execute_for_each(conn: Connection[Row], sql: str, command: Callable[..., Command]) -> int:
    """Execute the command on every object that the query selects, page by page. Return how many objects were changed.

    If the command fails on an object, the error is logged, and the other objects are still processed. At the end,
    TaskFailed is raised.
    """
    tally, last = Tally(conn, command), ("", "")
    while page := conn.execute(sql, (*last, BATCH_ROWS)).fetchall():
        for org_id, id in page:
            last = (org_id, id)
            tally.execute(org_id, id)
    return tally.result()


def execute_in_turns(conn: Connection[Row], organizations: str, objects: str, command: Callable[..., Command]) -> int:
    """Execute the command on up to TURN_OBJECTS objects of each organization. Return how many were changed.

    So an organization with very many objects delays the others, and the other tasks, by no more than its turn.
    `organizations` selects those that have objects. `objects` selects the objects of one organization, without some
    ids, up to a number. An object is no longer selected after the command. Raises TaskFailed like `execute_for_each`.
    """
    tally = Tally(conn, command)
    for (org_id,) in conn.execute(organizations).fetchall():
        end = tally.done + TURN_OBJECTS
        seen: list[str] = []
        while tally.done < end:
            page = conn.execute(objects, (org_id, seen, end - tally.done)).fetchall()
            if not page:
                break
            for (id,) in page:
                tally.execute(org_id, id)
                seen.append(id)
    return tally.result()


class Tally:
    """Executes a command on objects. Counts the objects that were changed and those that could not be processed."""

    def __init__(self, conn: Connection[Row], command: Callable[..., Command]) -> None:
        self._conn, self._command = conn, command
        self.done = self._failed = 0

    def execute(self, org_id: str, id: str) -> None:
        """Execute the command on an object. If it fails, log the error."""
        request = f"worker_{secrets.token_hex(12)}"
        context = Context(org_id=org_id, actor=Actor("worker", "smartdhandha"), request_id=request)
        try:
            self.done += execute_on(self._conn, self._command(id=id), context).events > 0
        except psycopg.OperationalError:
            raise
        except Exception:  # after any error of one object, the others must still be processed
            self._failed += 1
            logger.exception("%s of %s could not be processed", id, org_id)

    def result(self) -> int:
        """Return how many objects were changed. Raises TaskFailed if some could not be processed."""
        if self._failed:
            failed = counted(self._failed, "object")
            raise TaskFailed(f"{failed} could not be processed; processed: {self.done}; see the log", self.done)
        return self.done
