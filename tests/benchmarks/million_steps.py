"""Steps of `million.py` that no command of the service does alone. Each prints its figures as JSON.

python -m tests.benchmarks.million_steps midnight CONNINFO ORGANIZATION
python -m tests.benchmarks.million_steps objects CONNINFO ORGANIZATION INVOICE INVOICE
python -m tests.benchmarks.million_steps proofs CONNINFO ORGANIZATION
python -m tests.benchmarks.million_steps past CONNINFO ORGANIZATION
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from random import Random
from statistics import median
from typing import Any

from cryptography.fernet import Fernet
from psycopg import Connection

from infra.audit.proofs.log_keys import list_keys, make_first_key
from infra.audit.proofs.own_proofs import PostgresProofs
from infra.log.heads import get_position
from infra.log.proofs.event_proof import check_event
from infra.log.reading.pages import list_page
from infra.postgres.database import connect_as_table_owner, get_now
from infra.postgres.pool import open_pool
from infra.postgres.wire import Wire
from infra.reads.history import read_history
from infra.reads.objects.members import PostgresMemberReads
from infra.settings.secret_box import SecretBox
from infra.worker import batches
from infra.worker.leader import run_round
from infra.worker.tasks import TASKS
from projections.invoice import INVOICE_LIST
from projections.views.events import event_id
from tests.support.long_history import change_notes, lengthen
from tests.support.postgres import logins_of

SIZES = (5, 5000)
CHANGES = 200
PAGES = 20
PROOFS, PROOF_MILLISECONDS = 2000, 5.0
"""How many proofs are made, and how long one of them may take."""
LATER_PAGE = 1000
PAGE_LIMIT = 50
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
            change, python = milliseconds(CHANGES, partial(_change, conn, org_id, id))
            history, _ = milliseconds(PAGES, partial(read_history, pool, org_id, id, None, 50))
            found[str(events)] = {"change": change, "changePython": python, "history": history}
        return found


def _change(conn: Connection[Any], org_id: str, id: str) -> None:
    change_notes(conn, org_id, id, f"Changed {time.monotonic_ns()}")


def proofs(conninfo: str, org_id: str) -> dict[str, Any]:
    """Make proofs of random events, as the API does, and check each."""
    box, random = SecretBox([Fernet.generate_key().decode()]), Random(1)
    with connect_as_table_owner(conninfo) as conn, open_pool(logins_of(conninfo), 1) as pool:
        make_first_key(conn, box)
        verifiers, events = [key.verifier for key in list_keys(conn)], get_position(conn, org_id)
        service, found, trips = PostgresProofs(pool, box), list[tuple[float, float]](), _time_trips()
        for _ in range(PROOFS):
            (event,) = list_page(conn, org_id, random.randrange(events), 1)
            waited, began = len(trips), time.perf_counter()
            proof = service.get_proof(org_id, event_id(event.chain_hash), lambda type: None)
            found.append((time.perf_counter() - began, sum(trips[waited:])))
            assert proof is not None
            assert check_event(proof.proof, verifiers).event.position == event.position
    found.sort()
    times = [round(seconds * 1000, 2) for seconds, _ in found]
    slow = found[-PROOFS // 100 :]
    return {
        "events": events,
        "median": median(times),
        "p99": times[-PROOFS // 100],
        "most": times[-1],
        "tooSlow": sum(each > PROOF_MILLISECONDS for each in times),
        "medianInDatabase": round(median(waited for _, waited in found) * 1000, 2),
        "slowInDatabase": round(median(waited for _, waited in slow) * 1000, 2),
    }


def _time_trips() -> list[float]:
    """Return a list to which the seconds of each trip to the database are added from now on."""
    seconds, send = list[float](), Wire.send

    def timed(*args: Any) -> Any:
        began = time.perf_counter()
        try:
            return send(*args)
        finally:
            seconds.append(time.perf_counter() - began)

    Wire.send = timed  # type: ignore[assignment, method-assign]
    return seconds


def past(conninfo: str, org_id: str) -> dict[str, Any]:
    """Read the first page and a late one of the invoices as they were in the middle of the log."""
    with connect_as_table_owner(conninfo) as conn, open_pool(logins_of(conninfo), 1) as pool:
        (event,) = list_page(conn, org_id, get_position(conn, org_id) // 2, 1)
        reads, asked = PostgresMemberReads(pool), {"asOf": event.recorded_at.isoformat(), "limit": str(PAGE_LIMIT)}

        def page(cursor: str | None) -> Any:
            params = asked if cursor is None else {**asked, "cursor": cursor}
            return reads.list_page(org_id, INVOICE_LIST.query(org_id, params))

        found, cursor = dict[str, Any](), None
        for number in range(1, LATER_PAGE + 1):
            if number in (1, LATER_PAGE):
                found[str(number)] = milliseconds(PAGES, partial(page, cursor))[0]
            cursor = page(cursor).next_cursor
            if cursor is None:
                break
    return {"pages": found}


def milliseconds(count: int, work: Callable[[], object]) -> tuple[float, float]:
    """Return the milliseconds of one call on the clock, and of processor time of this process."""
    work()
    began, used = time.perf_counter(), time.process_time()
    for _ in range(count):
        work()
    clock, python = time.perf_counter() - began, time.process_time() - used
    return round(clock / count * 1000, 2), round(python / count * 1000, 2)


if __name__ == "__main__":
    STEPS: dict[str, Callable[..., object]] = {"midnight": midnight, "objects": objects, "proofs": proofs, "past": past}
    step, *arguments = sys.argv[1:]
    print(json.dumps(STEPS[step](*arguments)))
