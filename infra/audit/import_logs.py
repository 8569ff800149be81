"""Imports a portable copy of logs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

import msgspec
import psycopg
from psycopg import Connection

from domain.reading import InvalidValue, parse_instant
from infra.audit.copy_lines import FORMAT, EndLine, EventLine, Line, OrganizationLine, encode, line_decoder
from infra.audit.refusals import ImportRefused
from infra.log.chain import genesis, link
from infra.log.records import COLUMNS, RecordedEvent
from infra.postgres.database import Row

SELECT_EXISTENCE = "SELECT 1 FROM organizations WHERE org_id = %s"
INSERT_ORGANIZATION = "INSERT INTO organizations (org_id, name, time_zone, created_at) VALUES (%s, %s, %s, %s)"
INSERT_HEAD = """
INSERT INTO org_log (org_id, position, chain_hash, recorded_at, series)
VALUES (%s, %s, decode(%s, 'hex'), %s, %s::jsonb)
"""
COPY_EVENTS = f"COPY events (org_id, {COLUMNS}) FROM STDIN"


class ImportResult(NamedTuple):
    """The numbers of organizations and events that were imported."""

    organizations: int
    events: int


def import_logs(conn: Connection[Row], lines: Iterable[bytes]) -> ImportResult:
    """Import a copy, and verify every hash. The whole copy is imported in one transaction.

    The read tables stay empty until `projections rebuild`. Raises ImportRefused for an incomplete or altered copy, and
    for an organization that already exists.
    """
    reader = CopyReader(lines)
    try:
        with conn.transaction():
            return _import_organizations(conn, reader)
    except (psycopg.DataError, psycopg.IntegrityError) as error:
        raise reader.refusal(" ".join(str(error).split())) from None


def _import_organizations(conn: Connection[Row], reader: CopyReader) -> ImportResult:
    organizations = events = 0
    while (organization := reader.next_organization()) is not None:
        _insert_organization(conn, organization)
        with conn.cursor() as cursor, cursor.copy(COPY_EVENTS) as copy:
            for event in reader.events_of(organization):
                copy.write_row((organization.id, *msgspec.structs.astuple(event)))
                events += 1
        organizations += 1
    reader.check_end(EndLine(organizations, events))
    return ImportResult(organizations, events)


def _insert_organization(conn: Connection[Row], line: OrganizationLine) -> None:
    if conn.execute(SELECT_EXISTENCE, (line.id,)).fetchone():
        raise ImportRefused(f"The organization {line.id} already exists; import into an empty installation.")
    conn.execute(INSERT_ORGANIZATION, (line.id, line.name, line.time_zone, line.created_at))
    recorded_at = line.recorded_at or "-infinity"
    conn.execute(INSERT_HEAD, (line.id, line.position, line.chain_hash, recorded_at, encode(line.series).decode()))


class CopyReader:
    """Reads and checks the lines of a copy. The message of each ImportRefused names the number of the line."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = enumerate(lines, 1)
        self._number = 0
        self._ahead: OrganizationLine | EndLine | None = None
        """The line after an organization's last event: already read, to find the end of the events, but not handled."""

    def next_organization(self) -> OrganizationLine | None:
        """Return the next organization's line; None at the end of the copy. Raises ImportRefused."""
        if self._ahead is None:
            line = self._next_line()
            if isinstance(line, EventLine):
                raise self.refusal("an organization's line was expected before its events")
            self._ahead = line
        if not isinstance(self._ahead, OrganizationLine):
            return None
        found, self._ahead = self._ahead, None
        if found.format != FORMAT:
            raise self.refusal(f"the format is {found.format!r}; this version reads {FORMAT!r}")
        return found

    def events_of(self, organization: OrganizationLine) -> Iterator[RecordedEvent]:
        """Yield the events of the organization that `next_organization` has returned. Raises ImportRefused."""
        position, chain_hash = 0, genesis(organization.id)
        while isinstance(line := self._next_line(), EventLine):
            event = line.event(self._parse_time(line.recorded_at))
            position, chain_hash = position + 1, link(chain_hash, organization.id, event)
            if event.position != position or chain_hash.hex() != line.chain_hash:
                raise self.refusal(f"the chain of {organization.id} is broken at position {position}")
            yield msgspec.structs.replace(event, chain_hash=chain_hash)
        if position != organization.position:
            raise self.refusal(f"the log of {organization.id} ends at position {position} of {organization.position}")
        if chain_hash.hex() != organization.chain_hash:
            raise self.refusal(f"the chain hash in the line of {organization.id} is not the hash of its last event")
        self._ahead = line

    def check_end(self, counted: EndLine) -> None:
        """Check that the copy ends with an EndLine that has these counts. Raises ImportRefused."""
        if not isinstance(self._ahead, EndLine):
            raise self.refusal("the copy is cut short: its last line is missing")
        if self._ahead != counted or self._next_line() is not None:
            raise self.refusal("the counts in the last line are wrong, or more lines follow")

    def refusal(self, reason: str) -> ImportRefused:
        """Return an ImportRefused that names the number of the line that was read last."""
        return ImportRefused(f"Line {self._number}: {reason}; nothing was imported.")

    def _parse_time(self, text: str) -> datetime:
        try:
            return parse_instant(text)
        except InvalidValue as error:
            raise self.refusal(f"{text!r} {error}") from None

    def _next_line(self) -> Line | None:
        self._number, line = next(self._lines, (self._number, b""))
        if not line:
            return None
        try:
            return line_decoder.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise self.refusal(str(error)) from None
