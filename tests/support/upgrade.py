"""A database of an earlier version of the service, with the migrations and the documents of that version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from eventsourcing.persistence import EventStore
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from domain.bill import Bill
from domain.document import Document
from domain.documents.pricing import Line
from domain.invoice import Invoice
from infra.identity.organizations import create_organization
from infra.log.heads import get_head
from infra.log.ids import new_id
from infra.log.mapper import MAPPER
from infra.log.recorder import INSERT_EVENT, OrganizationRecorder
from infra.log.records import COLUMNS
from infra.postgres.database import connect_as_table_owner
from infra.postgres.migrate import CREATE_MIGRATIONS_TABLE
from infra.postgres.schema.files import list_migrations
from projections.registry import ROWS

LAST_WITHOUT_KEYS = 8
"""The last migration before numbers were compared by key."""
FIELDS: dict[str, Any] = {
    "currency": "INR",
    "due_date": date(2099, 1, 31),
    "lines": (Line("Consulting", Decimal(20), Decimal(3500), Decimal(18)),),
    "notes": None,
}


def create_database(postgres: str, beside: str, version: int) -> str:
    """Create a database with the migrations up to `version`; return its conninfo.

    `postgres` is the conninfo of the server. `beside` is the conninfo of another database. The name of the new database
    begins with the name of that database.
    """
    name = f"{conninfo_to_dict(beside)['dbname']}_at_{version}"
    with connect_as_table_owner(postgres) as conn:
        conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    conninfo = make_conninfo(postgres, dbname=name)
    with connect_as_table_owner(conninfo) as conn:
        conn.execute(CREATE_MIGRATIONS_TABLE)
        for migration in list_migrations()[:version]:
            for statement in [migration.sql] if migration.is_transactional else [step.sql for step in migration.steps]:
                conn.execute(statement)
            conn.execute("INSERT INTO schema_migrations (version, name) VALUES (%s, %s)", migration[:2])
    return conninfo


class OldBooks:
    """An organization whose documents are stored as they were before numbers were compared by key."""

    def __init__(self, conn: Any) -> None:
        self.conn, self.id = conn, create_organization(conn, "Old Books").id
        self._serial = 0

    def invoice(self, number: str, *steps: str) -> str:
        """Store an invoice of January 2026 that was set to these statuses one after the other; return its id."""
        at, id = self._next("inv")
        fields = {**FIELDS, "client_id": "acme", "client_name": None, "invoice_date": date(2026, 1, 10)}
        return self._store(Invoice.draft(id, at=at, number=number, **fields), steps)

    def bill(self, number: str, *steps: str, vendor: str = "mills") -> str:
        """Store a bill of January 2026 that was set to these statuses one after the other; return its id."""
        at, id = self._next("bill")
        fields = {**FIELDS, "vendor_id": vendor, "vendor_name": None, "bill_date": date(2026, 1, 10)}
        return self._store(Bill.draft(id, at=at, number=number, **fields), steps)

    def _next(self, prefix: str) -> tuple[datetime, str]:
        """Return a time, one second later at each call, and an id made at this time: ids sort by time."""
        self._serial += 1
        at = datetime(2026, 1, 20, 9, self._serial // 60, self._serial % 60, tzinfo=UTC)
        return at, new_id(prefix, at, bytes(10))

    def _store(self, document: Document, steps: tuple[str, ...]) -> str:
        at = datetime(2026, 1, 20, 9, self._serial // 60, self._serial % 60, 500, tzinfo=UTC)
        for status in steps:
            document.transition_to(status, at)
        events = document.collect_events()
        store: EventStore[str] = EventStore(MAPPER, OrganizationRecorder(self.conn, self.id, self._append))
        store.put(events, head=get_head(self.conn, self.id), metadata='{"actor": {"type": "test", "id": "t"}}', at=at)
        projection = ROWS[document.kind]
        row = projection.fold_all(events)  # type: ignore[arg-type]
        stored = dict(zip(projection.columns, projection.values(row), strict=True))
        columns = {"org_id": self.id, "id": document.id, "projection_version": 1}
        columns |= self._known(projection.table, stored)
        values = ", ".join(["%s"] * len(columns))
        self.conn.execute(
            f"INSERT INTO {projection.table} ({', '.join(columns)}) VALUES ({values})", tuple(columns.values())
        )
        return document.id

    def _append(self, statement: str, values: Sequence[Any]) -> None:
        """Execute a statement of the recorder, without the columns that events did not have yet."""
        if statement == INSERT_EVENT:
            stored = dict(zip(["org_id", *COLUMNS.split(", ")], values, strict=True))
            known = self._known("events", stored)
            statement = f"INSERT INTO events ({', '.join(known)}) VALUES ({', '.join(['%s'] * len(known))})"
            values = list(known.values())
        self.conn.execute(statement, values)

    def _known(self, table: str, stored: dict[str, Any]) -> dict[str, Any]:
        """Return the values of the columns that the table already has, without `number_key` and `beginnings`."""
        select = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        known = {name for (name,) in self.conn.execute(select, (table,))} - {"number_key", "beginnings"}
        return {name: value for name, value in stored.items() if name in known}
