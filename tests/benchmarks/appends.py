"""Measure appends and loads without HTTP: with our code, and with the eventsourcing library as it comes (`stock`)."""

from __future__ import annotations

import importlib
import multiprocessing
import random
import secrets
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from eventsourcing.application import Repository
from eventsourcing.persistence import EventStore

from commands.command import Actor, Context
from commands.document import NewLineItem
from commands.invoice import DraftInvoice
from domain.documents.payment import NewPayment
from domain.invoice import Invoice
from domain.registry import aggregate_of
from infra.log.admission import SET_ORGANIZATION, PostgresAdmissionControl
from infra.log.command_bus import PostgresCommandBus
from infra.log.heads import lock_calls, locked_state
from infra.log.ids import new_id
from infra.log.mapper import MAPPER
from infra.log.reading.histories import SELECT_HISTORY
from infra.log.recorder import OrganizationRecorder
from infra.log.records import RecordedEvent
from infra.postgres.database import connect_as_table_owner
from infra.postgres.pool import Pool, borrow_connection, open_pool
from infra.postgres.wire import BEGIN, COMMIT, wire_of
from tests.benchmarks.postgres import PASSWORD, USER, Postgres
from tests.benchmarks.seed import Bulk
from tests.support.postgres import logins_of

PROCESSES, THREADS = 2, 4
DAY = date(2025, 6, 1)
LINES = tuple(NewLineItem(f"Consulting, week {week}", Decimal("7.5"), Decimal(120), Decimal(21)) for week in (1, 2, 3))
Append = Callable[[], object]


def race(make: Callable[..., Callable[[int], Append]], args: tuple[Any, ...], seconds: float) -> dict[str, float]:
    """Return the appends per second of 8 writers in 2 processes.

    `make` is called once in each process; the function that it returns gives each thread its own append.
    """
    context = multiprocessing.get_context("spawn")
    start, done = context.Barrier(PROCESSES + 1), context.Queue()
    processes = [
        context.Process(target=_writers, args=(make, (*args, number), seconds, start, done))
        for number in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    start.wait(60)
    total = sum(done.get(timeout=60) for _ in processes)
    for process in processes:
        process.join()
    return {"rate": total / seconds}


def _writers(
    make: Callable[..., Callable[[int], Append]], args: tuple[Any, ...], seconds: float, start: Any, done: Any
) -> None:
    append_of = make(*args)
    appends = [append_of(number) for number in range(THREADS)]
    for append in appends:
        for _ in range(5):
            append()
    go, counts = threading.Barrier(THREADS + 1), [0] * THREADS

    def write(number: int) -> None:
        append, count = appends[number], 0
        go.wait()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            append()
            count += 1
        counts[number] = count

    threads = [threading.Thread(target=write, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    start.wait(60)
    go.wait()
    for thread in threads:
        thread.join()
    done.put(sum(counts))


def with_event_store(conninfo: str, organizations: list[str], process: int) -> Callable[[int], Append]:
    """Append one event with the event store: lock the head, decide, append, move the head. No row is written."""
    pool = open_pool(logins_of(conninfo), THREADS)

    def of(thread: int) -> Append:
        chosen = random.Random(process * THREADS + thread)
        return lambda: _append(pool, chosen.choice(organizations))

    return of


def _append(pool: Pool, org_id: str) -> None:
    with borrow_connection(pool) as conn:
        wire, writes, end = wire_of(conn), list[tuple[str, Sequence[Any]]](), time.monotonic() + 10
        recorder = OrganizationRecorder(conn, org_id, lambda *write: writes.append(write))
        (outcome,) = wire.send(end, [BEGIN, SET_ORGANIZATION.call(org_id), *lock_calls(wire, org_id)])
        state = locked_state(outcome.rows(2)[0], outcome.rows(3)[0])
        at = state.now
        invoice = Invoice.draft(
            new_id("inv", at, secrets.token_bytes(10)),
            at=at,
            number="B-1",
            client_id="northwind",
            client_name="Northwind Traders Ltd",
            currency="EUR",
            invoice_date=DAY,
            due_date=DAY,
            lines=LINES,
            notes="Thank you for your business.",
        )
        EventStore(MAPPER, recorder).put(invoice.collect_events(), head=state.head, metadata="{}", at=at)
        wire.send(end, [*wire.bind_writes(writes), COMMIT])[0].rows()


def _command_bus(pool: Pool) -> PostgresCommandBus:
    return PostgresCommandBus(pool, PostgresAdmissionControl(pool))


def with_command_bus(conninfo: str, organizations: list[str], process: int) -> Callable[[int], Append]:
    """Run a whole command with the command bus: the same, and the row with its indexes."""
    command_bus = _command_bus(open_pool(logins_of(conninfo), THREADS))

    def of(thread: int) -> Append:
        chosen = random.Random(process * THREADS + thread)

        def append() -> None:
            org_id = chosen.choice(organizations)
            command = DraftInvoice(
                client_id="northwind",
                client_name="Northwind Traders Ltd",
                currency="EUR",
                invoice_number=f"C{secrets.token_hex(7)}",
                invoice_date=DAY,
                due_date=DAY,
                items=LINES,
                notes="Thank you for your business.",
            )
            command_bus.execute(command, Context(org_id=org_id, actor=Actor("api_key", "key_1"), request_id="req_1"))

        return append

    return of


def stock_environment(postgres: Postgres, database: str) -> dict[str, str]:
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": database,
        "POSTGRES_HOST": "127.0.0.1",
        "POSTGRES_PORT": str(postgres.port),
        "POSTGRES_USER": USER,
        "POSTGRES_PASSWORD": PASSWORD,
    }


def stock_module(peers: Path) -> Any:
    """Import the same domain, written as the documentation of the library does it."""
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(peers))
    return importlib.import_module("b_invoicing")


def stock(peers: Path, environment: dict[str, str], process: int) -> Callable[[int], Append]:
    """Save a new aggregate with one event, with the library."""
    module = stock_module(peers)
    application = module.Invoicing({**environment, "CREATE_TABLE": "no"})
    numbers = iter(range(10**9))
    return lambda thread: lambda: application.save(module.draft(next(numbers)))


class OurLoads:
    """Loads aggregates of known numbers of events, in an organization of their own, with our code."""

    def __init__(self, conninfo: str, sizes: tuple[int, ...]) -> None:
        log = Bulk(1000)
        self.ids = {size: _store_invoice(log, size) for size in sizes}
        with connect_as_table_owner(conninfo) as conn, conn.transaction():
            log.store(conn)
        self._org_id, self._pool = log.org_id, open_pool(logins_of(conninfo), 1)

    def load(self, size: int) -> int:
        with borrow_connection(self._pool) as conn:
            recorder = OrganizationRecorder(conn, self._org_id)
            wire = wire_of(conn)
            calls = [SET_ORGANIZATION.call(self._org_id), wire.bind(SELECT_HISTORY, (self._org_id, self.ids[size]))]
            rows = wire.send(time.monotonic() + 10, calls)[0].rows()
            recorder.hold(self.ids[size], [RecordedEvent(*row) for row in rows])
            repository: Repository[str] = Repository(EventStore(MAPPER, recorder))
            aggregate: Any = repository.get(self.ids[size], projector_func=_project)
        return int(aggregate.version)

    def close(self) -> None:
        self._pool.close()


def _project(initial: Any, events: Any) -> Any:
    aggregate = initial
    for event in events:
        if aggregate is None:
            aggregate = aggregate_of(event.topic).empty(event.originator_id)
        event.mutate(aggregate)
    return aggregate


def _store_invoice(log: Bulk, size: int) -> str:
    invoice = log.draft(0, 14)
    invoice.transition_to("sent", log.at)
    for part in range(size - 2):
        payment = new_id("pay", log.at, log.random.randbytes(10))
        new = NewPayment(Decimal("0.01"), DAY, reference=f"ref {part}")
        invoice.record_payment(payment, new, log.at, datetime.now(UTC).date())
    log.save(invoice)
    return invoice.id


class StockLoads:
    """Loads aggregates of the same numbers of events with the library."""

    def __init__(self, peers: Path, environment: dict[str, str], sizes: tuple[int, ...]) -> None:
        module = stock_module(peers)
        self._application = module.Invoicing(environment)
        self.ids = {}
        for size in sizes:
            invoice = module.draft(1)
            for part in range(size - 1):
                invoice.record_payment(Decimal("1.00"), f"ref {part}", module.WHEN)
            self._application.save(invoice)
            self.ids[size] = invoice.id

    def load(self, size: int) -> int:
        return int(self._application.repository.get(self.ids[size]).version)

    def close(self) -> None:
        self._application.close()


def load_time(load: Callable[[int], int], size: int, seconds: float) -> dict[str, float]:
    """Return the median milliseconds of loading an aggregate with `size` events, repeated for `seconds`."""
    assert load(size) == size
    times, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        start = time.perf_counter()
        load(size)
        times.append((time.perf_counter() - start) * 1e3)
    return {"rate": statistics.median(times)}
