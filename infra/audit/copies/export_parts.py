"""Exports of a log for the console, page by page: while a client is slow, nothing is held but the page that it gets."""

from __future__ import annotations

import secrets
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress

from psycopg import Connection
from psycopg.rows import scalar_row

from api.ports.organization import ExportRunning
from api.ports.request.deadline import own_deadline
from commands.command import Person
from commands.unit_of_work import Unavailable
from domain.accounts.security_event import SecurityEventKind
from infra.audit.copies.export_logs import event_line, organization_line
from infra.audit.copies.lines import EndLine, OrganizationLine, encode
from infra.audit.copies.logos import LogoOfLog
from infra.log.reading.pages import list_page
from infra.log.security_events import RECORD, write_lines
from infra.postgres.database import Row, set_organization
from infra.postgres.pool import Pool, borrow_connection

PAGE_EVENTS = 200
"""How many events one statement reads. A page is in memory until the client has received it."""
BEGIN = """
INSERT INTO log_exports AS e (org_id, export_id) VALUES (%s, %s) ON CONFLICT (org_id)
DO UPDATE SET export_id = EXCLUDED.export_id, seen_at = clock_timestamp()
WHERE e.seen_at < clock_timestamp() - interval '1 minute'
"""
SELECT_OWN_LOGO = "SELECT png FROM own_logo()"
GO_ON = "UPDATE log_exports SET seen_at = clock_timestamp() WHERE org_id = %s AND export_id = %s"
END = "DELETE FROM log_exports WHERE org_id = %s AND export_id = %s"


class PostgresExports:
    """Implements the port Exports with a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def begin(self, org_id: str, person: Person, request_id: str) -> Generator[bytes, None, None]:
        export_id = secrets.token_hex(12)
        who = (person.type, person.id, None, person.address, request_id)
        with borrow_connection(self._pool) as conn, conn.transaction():
            conn.execute(set_organization(org_id))
            if conn.execute(BEGIN, (org_id, export_id)).rowcount == 0:
                raise ExportRunning
            line = organization_line(conn, org_id)
            stored = conn.execute(RECORD, (SecurityEventKind.LOG_EXPORTED, org_id, *who, None)).fetchone()
        write_lines(*stored or ())
        return self._parts(line, export_id)

    def _parts(self, line: OrganizationLine, export_id: str) -> Generator[bytes, None, None]:
        after, logo = 0, LogoOfLog()
        try:
            yield encode(line) + b"\n"
            while after < line.position:
                with self._transaction(line.id) as conn:
                    if conn.execute(GO_ON, (line.id, export_id)).rowcount == 0:
                        raise ExportRunning
                    page = list_page(conn, line.id, after, min(PAGE_EVENTS, line.position - after))
                yield b"".join(encode(event_line(record)) + b"\n" for record in logo.follow(page))
                after = page[-1].position
            if logo.hash is not None and (logo_line := logo.line(self._logo(line.id))) is not None:
                yield encode(logo_line) + b"\n"
            yield encode(EndLine(1, line.position)) + b"\n"
        finally:
            with suppress(Unavailable), self._transaction(line.id) as conn:
                conn.execute(END, (line.id, export_id))

    def _logo(self, org_id: str) -> bytes | None:
        with self._transaction(org_id) as conn:
            return conn.cursor(binary=True, row_factory=scalar_row).execute(SELECT_OWN_LOGO).fetchone()

    @contextmanager
    def _transaction(self, org_id: str) -> Iterator[Connection[Row]]:
        """Borrow a connection for a part. The request has ended, so each part has a deadline of its own."""
        with own_deadline(), borrow_connection(self._pool) as conn, conn.transaction():
            conn.execute(set_organization(org_id))
            yield conn
