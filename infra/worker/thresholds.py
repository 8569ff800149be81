"""The task that records which parts of their credits keys and organizations have used.

Admission tells which keys and budgets have reached a mark; the worker looks at these only, and sets the next mark
(docs/decisions/0081-thresholds-are-found-by-marks.md).
"""

from __future__ import annotations

import logging

import psycopg
from psycopg import Connection

from commands.accounts.api_key import RecordKeyUse
from commands.accounts.budget import RecordBudgetUse
from domain.accounts.budget import Budget
from domain.accounts.thresholds import left_at, next_mark, threshold_after
from domain.text import counted
from infra.log.command_bus import execute_on
from infra.postgres.database import Row
from infra.postgres.failures import ends_all_work
from infra.worker.batches import BATCH_ROWS, worker_context
from infra.worker.pauses import PAUSES
from infra.worker.task import TaskFailed

logger = logging.getLogger("smartdhandha.worker")

TASK = "record_thresholds"
SELECT_DUE = """
SELECT org_id, id FROM use_checks WHERE due <= clock_timestamp() AND id <> ALL(%s) ORDER BY due, org_id, id LIMIT %s
"""
SELECT_USE = "SELECT threshold, credit_limit, used FROM use_of(%s, %s)"
SETTLE = "SELECT settle_use(%s, %s, %s, %s, %s, %s)"


def record_thresholds(conn: Connection[Row]) -> int:
    """Look at up to BATCH_ROWS keys and budgets whose use is to be looked at. Return at how many.

    If one fails, the error is logged, and TaskFailed is raised at the end. It is looked at again ever more rarely.
    """
    pauses, failed, done = PAUSES[TASK], dict[str, str](), 0
    resting = pauses.resting()
    for org_id, id in conn.execute(SELECT_DUE, ([*resting], BATCH_ROWS)).fetchall():
        try:
            done += _look(conn, org_id, id)
        except psycopg.errors.LockNotAvailable:
            raise
        except Exception as fault:  # after any error of one key, the others must still be looked at
            if ends_all_work(conn, fault):
                raise
            failed[id] = str(fault)
            logger.exception("the use of %s of %s could not be recorded", id, org_id)
    pauses.settle(failed)
    if failures := {**resting, **failed}:
        raise TaskFailed(f"the use of {counted(len(failures), 'limit')} could not be recorded; see the log", done)
    return done


def _look(conn: Connection[Row], org_id: str, id: str) -> bool:
    """Record the thresholds that a key or a budget has reached or left. Return whether it was settled.

    It is not if something else has changed meanwhile: the next round looks again.
    """
    row = conn.execute(SELECT_USE, (org_id, id)).fetchone()
    assert row is not None
    before, limit, used = row
    if limit is None:  # it is gone
        return _settle(conn, org_id, id, 0, 0, None, None)
    after = threshold_after(before, used, limit)
    if after != before:
        command = RecordBudgetUse if id.startswith(f"{Budget.id_prefix}_") else RecordKeyUse
        execute_on(conn, command(id=id, used=used), worker_context(org_id))
    return _settle(conn, org_id, id, after, limit, next_mark(after, limit), left_at(after, limit) if after else None)


def _settle(
    conn: Connection[Row], org_id: str, id: str, threshold: int, limit: int, mark: int | None, left: int | None
) -> bool:
    row = conn.execute(SETTLE, (org_id, id, threshold, limit, mark, left)).fetchone()
    return row == (True,)
