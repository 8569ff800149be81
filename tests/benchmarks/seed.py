"""Seeds a database with organizations, keys and invoices.

Aggregates, mapper, hash chain and projections are those of the service; only the storing is in bulk (COPY). The same
arguments always give the same data.
"""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, cast

import msgspec
from psycopg import Connection

from domain.accounts.key_secret import hash_secret, new_secret
from domain.aggregate import Aggregate, Event
from domain.api_key import ApiKey
from domain.calendar import day_in, financial_year
from domain.documents.payment import NewPayment
from domain.documents.pricing import Line
from domain.invoice import Invoice
from domain.registry import EVENTS, SCOPES
from infra.log.heads import get_chain
from infra.log.ids import new_id
from infra.log.mapper import MAPPER
from infra.log.proofs.chain import PERSONAL_FORMAT, Break, Chain, first_break, genesis, link
from infra.log.records import COLUMNS, Head, RecordedEvent
from infra.postgres.database import Row, connect_as_table_owner
from projections.registry import ROWS
from tests.support.log_rows import records

BEGINNING = datetime(2025, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
DAY = timedelta(days=1)
ZONE = "Asia/Kolkata"
NO_CREDIT_LIMIT = 10**12
NAMES = """
Acme,Globex,Initech,Umbrella,Hooli,Vandelay,Stark,Wayne,Wonka,Tyrell,Cyberdyne,Soylent,Massive,Pied Piper,Aperture,
Oscorp,Nakatomi,Gringotts,Monsters,Dunder,Bluth,Prestige,Sterling,Paper,Los Pollos,Vehement,Duff,Kwik,Planet,Mom,
Virtucon,Zorg,Weyland,Omni,Yoyodyne,Octan,Ollivander,Rekall,Spacely,Slate
""".replace("\n", "").split(",")
FORMS = ("Ltd", "GmbH", "Inc", "BV", "SA", "LLC", "Partners", "Holdings")
STATUSES = ("draft", "sent", "paid", "sent", "partially_paid", "draft", "paid", "void")
"""The final status of the invoices, in rotation: a quarter is `sent` and a quarter `paid`, as in the peers' data."""


class Key(NamedTuple):
    id: str
    raw: str
    org_id: str


class SeededData(NamedTuple):
    """The seeded data. `invoices` holds the invoice ids of each organization."""

    organizations: list[str]
    keys: list[Key]
    invoices: dict[str, list[str]]
    events: int
    broken: Break | None


def seed(
    conninfo: str,
    invoices: int = 100_000,
    organizations: int = 20,
    keys: int = 100,
    processes: int = 2,
    changes: int = 0,
) -> SeededData:
    """Fill an empty, migrated database. Each organization gets the same number of keys and invoices.

    `changes` is how often each draft is changed before it is sent or voided.
    """
    share = (keys // organizations, invoices // organizations, changes)
    jobs = [(conninfo, number, *share) for number in range(organizations)]
    if processes == 1:
        results = [*map(_organization, jobs)]
    else:
        with multiprocessing.get_context("spawn").Pool(processes) as workers:
            results = workers.map(_organization, jobs, chunksize=1)
    with connect_as_table_owner(conninfo) as conn:
        conn.execute("VACUUM ANALYZE")
        broken = verify(conn, results[0].org_id)
    return SeededData(
        [one.org_id for one in results],
        [key for one in results for key in one.keys],
        {one.org_id: one.invoices for one in results},
        sum(one.events for one in results),
        broken,
    )


def verify(conn: Connection[Row], org_id: str) -> Break | None:
    """Return where the hash chain of an organization is broken, or None."""
    head = conn.execute("SELECT position, chain_hash FROM org_log WHERE org_id = %s", (org_id,)).fetchone()
    assert head is not None
    cursor = conn.execute(f"SELECT {COLUMNS} FROM events WHERE org_id = %s ORDER BY position", (org_id,), binary=True)
    return first_break(get_chain(conn, org_id), records(cursor.fetchall()), Head(*head))


class OrganizationData(NamedTuple):
    org_id: str
    keys: list[Key]
    invoices: list[str]
    events: int


def _organization(job: tuple[str, int, int, int, int]) -> OrganizationData:
    conninfo, number, keys, invoices, changes = job
    log = Bulk(number, changes)
    issued_keys = [log.issue_key(index) for index in range(keys)]
    log.write_invoices(invoices)
    with connect_as_table_owner(conninfo) as conn, conn.transaction():
        log.store(conn)
    return OrganizationData(log.org_id, issued_keys, log.invoices, log.position)


class Bulk:
    """The log and the rows of one organization, in memory until `store` writes them."""

    def __init__(self, number: int, changes: int = 0) -> None:
        self._changes = changes
        self.random = random.Random(number)
        self.org_id = new_id("org", BEGINNING, self.random.randbytes(10))
        self.name = f"Organization {number + 1}"
        self.position, self.chain_hash, self.at = 0, genesis(self.org_id), BEGINNING
        self._recorded_at = BEGINNING
        self.invoices: list[str] = []
        self._events: list[tuple[Any, ...]] = []
        self._rows: dict[str, tuple[str, Any]] = {}
        self._series: dict[int, int] = {}

    def issue_key(self, index: int) -> Key:
        raw = new_secret(self.random.choice)
        key = ApiKey.issue(
            new_id("key", self._tick(), self.random.randbytes(10)),
            at=self.at,
            name=f"Key {index + 1}",
            scopes=SCOPES,
            credit_limit=NO_CREDIT_LIMIT,
            key_hash=hash_secret(raw).hex(),
            last_four=raw[-4:],
            expires_at=None,
        )
        self.save(key)
        return Key(key.id, raw, self.org_id)

    def write_invoices(self, count: int) -> None:
        """Write the events of so many invoices, those of all invoices in the order of their times."""
        lives = [self._life(index, BEGINNING + DAY + YEAR * index / count) for index in range(count)]
        steps = [(at, index) for index, (times, _) in enumerate(lives) for at in times]
        for at, index in sorted(steps):
            self._tick(at)
            next(lives[index][1])

    def save(self, aggregate: Aggregate) -> None:
        """Add the new events of the aggregate to the hash chain, and fold them into its row."""
        projection = ROWS[aggregate.kind]
        row = self._rows.get(aggregate.id, (aggregate.kind, None))[1]
        events = list(aggregate.collect_events())
        split = MAPPER.to_stored_events(cast("list[Event]", events), PERSONAL_FORMAT, self.random.randbytes)
        for event, stored in zip(events, split, strict=True):
            self.position += 1
            recorded = RecordedEvent(
                self.position,
                aggregate.id,
                stored.originator_version,
                stored.topic,
                EVENTS[stored.topic].schema_version,
                stored.state.decode(),
                self._metadata(),
                event.timestamp,
                stored.personal,
            )
            self.chain_hash = link(self.chain_hash, Chain(self.org_id, PERSONAL_FORMAT), recorded)
            self._recorded_at = event.timestamp
            self._events.append((self.org_id, *msgspec.structs.astuple(recorded)[:-1], self.chain_hash))
            row = projection.fold(row, cast("Event", event))
        self._rows[aggregate.id] = (aggregate.kind, row)

    def store(self, conn: Connection[Row]) -> None:
        organization = (self.org_id, self.name, ZONE, BEGINNING)
        conn.execute(
            "INSERT INTO organizations (org_id, name, time_zone, created_at) VALUES (%s, %s, %s, %s)", organization
        )
        series = msgspec.json.encode(self._series).decode()
        head = (self.org_id, self.position, self.chain_hash, self._recorded_at, series)
        conn.execute(
            "INSERT INTO org_log (org_id, position, chain_hash, recorded_at, series) VALUES (%s, %s, %s, %s, %s)", head
        )
        with conn.cursor().copy(f"COPY events (org_id, {COLUMNS}) FROM STDIN") as copy:
            for event in self._events:
                copy.write_row(event)
        projection = ROWS[Invoice.kind]
        columns = ("org_id", "id", "projection_version", *projection.columns)
        with conn.cursor().copy(f"COPY {projection.table} ({', '.join(columns)}) FROM STDIN") as copy:
            for id in self.invoices:
                row = self._rows.pop(id)[1]
                copy.write_row((self.org_id, id, projection.version, *projection.values(row)))
        for id, (kind, row) in self._rows.items():
            for statement, values in ROWS[kind].statements(self.org_id, id, row, True):
                conn.execute(statement, values)

    def _life(self, index: int, drafted: datetime) -> tuple[list[datetime], Iterator[None]]:
        """Return the times at which an invoice is drafted, sent, paid and so on, and an iterator of these steps."""
        status = STATUSES[index % len(STATUSES)]
        far = 600 if index % 4 == 1 else 0  # so every second sent invoice is not overdue
        due = 14 + 7 * self.random.randrange(8) + far
        overdue_check = min(due + 2, 75)
        days = {
            "draft": [0],
            "void": [0, 2],
            "sent": [0, 1, overdue_check],
            "partially_paid": [0, 1, 9, overdue_check],
            "paid": [0, 1, 9, 12] if index % 2 else [0, 1, 12],
        }[status]
        times = [drafted + DAY * day + timedelta(seconds=self.random.randrange(3600)) for day in days]
        return times, self._steps(index, status, due, len(days))

    def _steps(self, index: int, status: str, due: int, count: int) -> Iterator[None]:
        invoice = self.draft(index, due)
        for change in range(self._changes):
            lines = [
                Line(f"Consulting, week {week}", Decimal(1 + change), Decimal(week * 100), Decimal(18))
                for week in (1, 2)
            ]
            invoice.update({"items": lines, "notes": f"Change {change + 1}"}, self._tick())
            self.save(invoice)
        yield
        if status == "void":
            invoice.transition_to("void", self.at)
        elif status != "draft":
            invoice.transition_to("sent", self.at)
        self.save(invoice)
        yield
        parts = {"sent": 0, "partially_paid": 1, "paid": count - 2}[status]
        for part in range(parts):
            last = status == "paid" and part == parts - 1
            amount = invoice.balance_due if last else (invoice.total_amount / 3).quantize(Decimal("0.01"))
            payment = new_id("pay", self.at, self.random.randbytes(10))
            today = day_in(ZONE, self.at)
            new = NewPayment(amount, today, method="bank transfer", reference=f"REF {index}-{part}")
            invoice.record_payment(payment, new, self.at, today)
            self.save(invoice)
            yield
        invoice.refresh_overdue(day_in(ZONE, self.at), self.at)
        self.save(invoice)
        yield

    def draft(self, index: int, due: int) -> Invoice:
        day = day_in(ZONE, self.at)
        name = self.random.choice(NAMES) + " " + self.random.choice(FORMS)
        price = Decimal(self.random.randrange(3_000, 300_000)) / 100
        invoice = Invoice.draft(
            new_id("inv", self.at, self.random.randbytes(10)),
            at=self.at,
            number=self._next_number(financial_year(day)),
            client_id=name.lower().replace(" ", "-"),
            client_name=name,
            currency="INR",
            invoice_date=day,
            due_date=day + DAY * due,
            lines=[Line(f"Consulting, week {week}", Decimal(1), price, Decimal(18), "998311") for week in (1, 2, 3)],
            notes="Thank you for your business." if index % 3 == 0 else None,
        )
        self.invoices.append(invoice.id)
        self.save(invoice)
        return invoice

    def _next_number(self, year: int) -> str:
        """Return the next number, formatted like the SQL function next_invoice_number()."""
        serial = self._series[year] = self._series.get(year, 0) + 1
        years = f"{year}-{(year + 1) % 100:02d}" if serial <= 9999 else f"{year % 100:02d}-{(year + 1) % 100:02d}"
        return f"INV-{years}-{serial:04d}"

    def _tick(self, at: datetime | None = None) -> datetime:
        """Move the time to `at`, or at least a microsecond on, and return it."""
        self.at = max(self.at + timedelta(microseconds=1), at or self.at)
        return self.at

    def _metadata(self) -> str:
        request = f"req_{self.random.randbytes(12).hex()}"
        actor = {"type": "api_key", "id": "key_00000000000000000000000000"}
        return msgspec.json.encode(
            {"actor": actor, "requestId": request, "correlationId": request, "causationId": request}
        ).decode()
