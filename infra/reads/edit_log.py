"""Edit logs for the console, page by page: while a client is slow, nothing is held but the page that it gets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import msgspec
from psycopg import Connection

from api.ports.event_log import TreeBehind
from api.ports.organization.edit_log import LoggedOrganization
from api.ports.request.deadline import allow_long_read, own_deadline
from commands.command import Person
from domain.accounts.security_event import SecurityEventKind
from domain.accounts.zones import Zones
from domain.reading.period import Days
from infra.audit.edit_log.pages import EditLogPages
from infra.audit.edit_log.period import Positions, find_positions
from infra.audit.proofs.trees import get_root, get_size
from infra.log.heads import get_chain, get_head, get_organization
from infra.log.proofs.chain import Chain, genesis
from infra.log.proofs.notes import encode_base64
from infra.log.reading.pages import list_page
from infra.log.reading.tiles import VIEW
from infra.log.records import Head
from infra.log.security_events import RECORD, write_lines
from infra.postgres.database import Row, get_now, set_organization
from infra.postgres.pool import Pool, borrow_connection
from infra.postgres.wire import wire_of
from infra.reads.display_names import names_by_id, select_key_names
from infra.reads.objects.pdf.printer import Printer
from projections.views.activity import DisplayName
from projections.views.history import Change

_ONE_STATE = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
"""The end of the log and the tree above it are of the same moment."""


class PostgresEditLogs:
    """Implements the port EditLogs with a pool of connections."""

    def __init__(self, pool: Pool, printer: Printer) -> None:
        self._pool, self._printer = pool, printer

    def begin(self, org_id: str, days: Days) -> PostgresEditLog | None:
        with borrow_connection(self._pool) as conn, conn.transaction():
            conn.execute(_ONE_STATE)
            conn.execute(set_organization(org_id))
            period = find_positions(conn, org_id, *days)
            if period.last < period.first:
                return None
            organization, keys = _organization(conn, org_id), names_by_id(select_key_names(conn, org_id))
            return PostgresEditLog(self._pool, organization, keys, period, _place(conn, org_id, period))

    def record(self, org_id: str, days: Days, person: Person, request_id: str, file_format: str) -> None:
        who = (person.type, person.id, None, person.address, request_id)
        details = msgspec.json.encode({"from": days.first, "to": days.last, "format": file_format}).decode()
        with borrow_connection(self._pool) as conn, conn.transaction():
            conn.execute(set_organization(org_id))
            stored = conn.execute(RECORD, (SecurityEventKind.LOG_EXPORTED, org_id, *who, details)).fetchone()
        write_lines(*stored or ())

    def print(self, org_id: str, content: bytes) -> bytes:
        return self._printer.make(org_id, content)


class PostgresEditLog:
    """Implements the port EditLog."""

    def __init__(
        self,
        pool: Pool,
        organization: LoggedOrganization,
        keys: Mapping[str, DisplayName],
        period: Positions,
        place: tuple[Chain, Head, Head],
    ) -> None:
        self._pool, self._pages = pool, EditLogPages(*place)
        self.organization, self.keys = organization, keys
        self.first, self.last = period

    @property
    def reached(self) -> int:
        return self._pages.checked.reached.position

    @property
    def broken(self) -> tuple[int, str] | None:
        return self._pages.checked.broken

    @property
    def has_more(self) -> bool:
        return self._pages.has_more

    def read(self) -> Iterator[Change]:
        with self._transaction() as conn:
            return self._pages.read(conn)

    @contextmanager
    def _transaction(self) -> Iterator[Connection[Row]]:
        """Borrow a connection for a page. The request has ended, so each page has a deadline of its own."""
        with own_deadline():
            allow_long_read()
            with borrow_connection(self._pool) as conn, conn.transaction():
                conn.execute(set_organization(self.organization.id))
                yield conn


def _organization(conn: Connection[Row], org_id: str) -> LoggedOrganization:
    found, head = get_organization(conn, org_id), get_head(conn, org_id)
    zones = Zones(found.time_zone, found.new_time_zone, found.new_time_zone_from)
    at = get_now(conn)
    return LoggedOrganization(
        org_id, found.name, found.created_at, zones.at(at), (head.position, head.chain_hash.hex()), _root(conn, org_id)
    )


def _root(conn: Connection[Row], org_id: str) -> str | None:
    wire = wire_of(conn)
    try:
        return encode_base64(get_root(wire, org_id, get_size(wire, org_id), VIEW))
    except TreeBehind:
        return None


def _place(conn: Connection[Row], org_id: str, period: Positions) -> tuple[Chain, Head, Head]:
    """Return the chain, the place of the event before the period, and that of its last event, as they are stored."""
    before = _stored(conn, org_id, period.first - 1) if period.first > 1 else Head(0, genesis(org_id))
    return get_chain(conn, org_id), before, _stored(conn, org_id, period.last)


def _stored(conn: Connection[Row], org_id: str, position: int) -> Head:
    found = list_page(conn, org_id, position - 1, 1)
    return Head(position, found[0].chain_hash if found else b"")
