"""Steps of `million.py` that no command of the service does alone. Each prints its figures as JSON.

python -m tests.benchmarks.million_steps midnight CONNINFO ORGANIZATION
python -m tests.benchmarks.million_steps objects CONNINFO ORGANIZATION INVOICE INVOICE
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from psycopg import Connection

from infra.postgres.database import connect_as_table_owner, get_now
from infra.postgres.pool import open_pool
from infra.reads.history import read_history
from infra.worker import batches
from infra.worker.leader import run_round
from infra.worker.tasks import TASKS
from tests.support.long_history import change_notes, lengthen
from tests.support.postgres import logins_of

SIZES = (5, 5000)
CHANGES = 200
PAGES = 20
MARKED = """
SELECT count(*), max(recorded_at) FILTER (WHERE org_id <> %(org)s) FROM events
WHERE name LIKE '%%.overdue' AND recorded_at >= %(start)s
"""


def midnight(conninfo: str, waiting: str) -> dict[str, Any]:
    """Mark all documents that have fallen due, in turns of the organizations."""
    longest = _longest_of("execute_together")
    with connect_as_table_owner(conninfo) as conn:
        start = get_now(conn)
        run_round(conn, tasks=[task for task in TASKS if task.in_turns])
        ((marked, others),) = conn.execute(MARKED, {"org": waiting, "start": start}).fetchall()
    waited = (others - start).total_seconds() if others else 0.0
    return {"marked": marked, "othersAfterSeconds": round(waited, 2), "longestLockSeconds": round(longest(), 3)}


def _longest_of(name: str) -> Callable[[], float]:
    """Measure a function of the worker. Return a function that returns the seconds of its longest call."""
    seconds, function = [0.0], getattr(batches, name)

    def measured(*args: Any) -> Any:
        began = time.monotonic()
        try:
            return function(*args)
        finally:
            seconds.append(time.monotonic() - began)

    setattr(batches, name, measured)
    return lambda: max(seconds)


def objects(conninfo: str, org_id: str, *invoices: str) -> dict[str, Any]:
    """Measure a change of an invoice, and the first page of its history, with few and with many events."""
    with connect_as_table_owner(conninfo) as conn, open_pool(logins_of(conninfo), 1) as pool:
        found = {}
        for events, id in zip(SIZES, invoices, strict=True):
            lengthen(conn, org_id, "invoice", id, events)
            conn.execute("ANALYZE events")
            change, python = _milliseconds(CHANGES, partial(_change, conn, org_id, id))
            history, _ = _milliseconds(PAGES, partial(read_history, pool, org_id, id, None, 50))
            found[str(events)] = {"change": change, "changePython": python, "history": history}
        return found


def _change(conn: Connection[Any], org_id: str, id: str) -> None:
    change_notes(conn, org_id, id, f"Changed {time.monotonic_ns()}")


def _milliseconds(count: int, work: Callable[[], object]) -> tuple[float, float]:
    """Return the milliseconds of one call on the clock, and of processor time of this process."""
    work()
    began, used = time.perf_counter(), time.process_time()
    for _ in range(count):
        work()
    clock, python = time.perf_counter() - began, time.process_time() - used
    return round(clock / count * 1000, 2), round(python / count * 1000, 2)


if __name__ == "__main__":
    STEPS: dict[str, Callable[..., object]] = {"midnight": midnight, "objects": objects}
    step, *arguments = sys.argv[1:]
    print(json.dumps(STEPS[step](*arguments)))
