"""The background worker: one process leads and runs the tasks, and the other processes wait to take over.

The leader holds a session lock of PostgreSQL, which the server releases when the leader dies. The other processes try
to take this lock every few seconds.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count

import psycopg
from psycopg import Connection

from infra.postgres.database import DatabaseUnreachable, PoolerFound, Row, connect_as_table_owner, get_now
from infra.postgres.failures import FailureLog, ends_all_work, first_error
from infra.worker.batches import TURN_OBJECTS
from infra.worker.task import Task, TaskFailed
from infra.worker.tasks import TASKS

logger = logging.getLogger("smartdhandha.worker")

LOCK = 0x5D_A0_17
"""The number of the advisory lock that the leader holds. The number is arbitrary; no other lock may use it."""
TRY_TO_LEAD = "SELECT pg_try_advisory_lock(%s) AS leads"
"""The column's name makes this statement easy to recognise in PostgreSQL's view pg_stat_activity."""

_DETECT_LOST_WORKER = """
SELECT set_config(name, CASE name WHEN 'tcp_keepalives_count' THEN '3' ELSE '1s' END, false) FROM pg_settings
WHERE name IN (
    'client_connection_check_interval', 'tcp_keepalives_idle', 'tcp_keepalives_interval', 'tcp_keepalives_count'
)
"""
"""Makes PostgreSQL notice within seconds that a worker or its machine has died, even while a statement runs. Only then
can another worker get the leader's lock. Settings that this version of PostgreSQL does not have are left out."""
_RECORD_RUN = """
INSERT INTO worker_runs AS r (task, started_at, finished_at, done, total_done, runs, error)
VALUES (%(task)s, %(start)s, clock_timestamp(), %(done)s, %(done)s, 1, %(error)s)
ON CONFLICT (task) DO UPDATE SET started_at = EXCLUDED.started_at, finished_at = EXCLUDED.finished_at,
    done = EXCLUDED.done, total_done = r.total_done + EXCLUDED.done, runs = r.runs + 1, error = EXCLUDED.error
"""


class BackgroundWorker:
    """Waits until it is the leader, then runs the tasks in rounds until it is stopped.

    `interval_seconds` is the time between two rounds. `retry_interval_seconds` is the time between two attempts to
    become the leader.
    """

    def __init__(
        self,
        conninfo: str,
        tasks: Sequence[Task] = TASKS,
        interval_seconds: float = 20.0,
        retry_interval_seconds: float = 3.0,
    ) -> None:
        self._conninfo, self._tasks, self._stopped = conninfo, tasks, threading.Event()
        self._interval_seconds, self._retry_interval_seconds = interval_seconds, retry_interval_seconds
        self._failures = FailureLog("the background worker")
        self.problem: str | None = None
        """Why this worker must not lead although it can reach the database; None if it may."""

    def stop(self) -> None:
        """Let `run` return after the current task."""
        self._stopped.set()

    def run(self) -> None:
        """Work until `stop` is called. When the connection to the database is lost, connect and try to lead again."""
        while not self._stopped.is_set():
            try:
                with connect_as_table_owner(self._conninfo) as conn:
                    self.problem = None
                    self._lead(conn)
            except (DatabaseUnreachable, psycopg.Error) as error:
                self.problem = str(error) if isinstance(error, PoolerFound) else None
                self._failures.report(first_error(error))
            self._stopped.wait(self._retry_interval_seconds)

    def _lead(self, conn: Connection[Row]) -> None:
        conn.execute(_DETECT_LOST_WORKER)
        conn.execute("SET lock_timeout = '10s'")  # a task that waits longer ends; the next round runs it again
        if not self._wait_for_lock(conn):
            return
        logger.info("this worker leads")
        for round_number in count():
            if self._stopped.is_set():
                break
            try:
                run_round(conn, self._stopped.is_set, round_number, self._tasks)
            except psycopg.Error as error:
                if conn.closed:
                    raise
                # For example, the disk is full or the database is read-only. The next round may succeed.
                self._failures.report(first_error(error))
            self._stopped.wait(self._interval_seconds)

    def _wait_for_lock(self, conn: Connection[Row]) -> bool:
        """Wait for the leader's lock. Return True when this worker holds the lock, or False if it was stopped."""
        while not self._stopped.is_set():
            row = conn.execute(TRY_TO_LEAD, (LOCK,)).fetchone()
            if row == (True,):
                return not self._stopped.is_set()
            self._stopped.wait(self._retry_interval_seconds)
        return False


def run_round(
    conn: Connection[Row],
    is_stopped: Callable[[], bool] = lambda: False,
    round_number: int = 0,
    tasks: Sequence[Task] = TASKS,
) -> dict[str, int]:
    """Run the tasks that are due in this round, until none that works in turns has more to do.

    Between two turns of a task, all tasks of every round have theirs. So none waits for an organization with very many
    objects. Return how many items each task has done.
    """
    results = Counter(run_tasks(conn, is_stopped, round_number, tasks))
    often = [task for task in tasks if task.every_n_rounds == 1]
    latest = dict(results)
    while any(latest.get(task.name, 0) >= TURN_OBJECTS for task in often if task.in_turns):
        latest = run_tasks(conn, is_stopped, tasks=often)
        results.update(latest)
    return dict(results)


def run_tasks(
    conn: Connection[Row],
    is_stopped: Callable[[], bool] = lambda: False,
    round_number: int = 0,
    tasks: Sequence[Task] = TASKS,
) -> dict[str, int]:
    """Run each task that is due in this round, even if another task fails. Return how many items each task has done."""
    results = {}
    for task in tasks:
        if is_stopped():
            break
        if task.is_due(round_number):
            results[task.name] = _run(conn, task)
    return results


def _run(conn: Connection[Row], task: Task) -> int:
    start = get_now(conn)
    done, error = _attempt(conn, task)
    conn.execute(_RECORD_RUN, {"task": task.name, "start": start, "done": done, "error": error})
    if done:
        logger.info("%s: %d done", task.name, done)
    return done


def _attempt(conn: Connection[Row], task: Task) -> tuple[int, str | None]:
    """Run the task. Return the number of items that it has done, and its error or None.

    Raises an error that ends all work, such as a lost connection.
    """
    try:
        return task.run(conn), None
    except psycopg.errors.LockNotAvailable as busy:
        logger.warning("the task %s timed out waiting for a lock; it is tried again in the next round", task.name)
        return 0, str(busy)
    except TaskFailed as failure:
        return failure.done, str(failure)
    except Exception as fault:  # an error of one task must not end the thread that runs all tasks
        if ends_all_work(conn, fault):
            raise
        logger.exception("the task %s has failed", task.name)
        return 0, str(fault)
