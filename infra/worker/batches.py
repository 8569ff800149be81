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
    done, failed, last = 0, 0, ("", "")
    while page := conn.execute(sql, (*last, BATCH_ROWS)).fetchall():
        for org_id, id in page:
            last = (org_id, id)
            request = f"worker_{secrets.token_hex(12)}"
            context = Context(org_id=org_id, actor=Actor("worker", "smartdhandha"), request_id=request)
            try:
                done += execute_on(conn, command(id=id), context).events > 0
            except psycopg.OperationalError:
                raise
            except Exception:  # after any error of one object, the others must still be processed
                failed += 1
                logger.exception("%s of %s could not be processed", id, org_id)
    if failed:
        raise TaskFailed(f"{counted(failed, 'object')} could not be processed; processed: {done}; see the log", done)
    return done
