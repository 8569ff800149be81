"""The portable copy of logs: JSON Lines with the chain, from which another installation is rebuilt byte for byte."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, BinaryIO

import msgspec
import psycopg
from psycopg import Connection

from domain.calendar import instant
from domain.reading import InvalidValue, parse_instant
from infra.log.chain import genesis, link
from infra.log.heads import get_head, get_organization
from infra.log.reader import stream_log
from infra.log.records import COLUMNS, RecordedEvent
from infra.postgres.database import Row

FORMAT = "smartdhandha-log-1"


class OrganizationLine(msgspec.Struct, tag="organization", rename="camel"):
    """What stands before an organization's events."""

    format: str
    id: str
    name: str
    time_zone: str
    created_at: str
    position: int
    chain_hash: str
    recorded_at: str
    series: dict[str, int]


class EventLine(msgspec.Struct, tag="event", rename="camel"):
    """One event, with its state and metadata as they were hashed."""

    position: int
    originator_id: str
    originator_version: int
    name: str
    schema_version: int
    state: str
    metadata: str
    recorded_at: str
    chain_hash: str

    def event(self, recorded_at: datetime) -> RecordedEvent:
        """Return the event of the line, without its hash."""
        values = msgspec.structs.asdict(self)
        return RecordedEvent(**{**values, "recorded_at": recorded_at, "chain_hash": b""})


class EndLine(msgspec.Struct, tag="end", rename="camel"):
    """The last line; without it a copy was cut short."""

    organizations: int
    events: int


class ImportRefused(Exception):
    """The copy cannot be taken in; nothing was changed. The message says where and why."""


_encode = msgspec.json.Encoder().encode
Line = OrganizationLine | EventLine | EndLine
_lines: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)


def export(conn: Connection[Row], orgs: Iterable[str], out: BinaryIO) -> int:
    """Write the organizations' logs; each is of one instant. Answers the number of events."""
    count = organizations = 0
    for org_id in orgs:
        organizations += 1
        with conn.transaction():
            conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            line = _organization_line(conn, org_id)
            out.write(_encode(line) + b"\n")
            for record in stream_log(conn, org_id, upto=line.position):
                out.write(_encode(_event_line(record)) + b"\n")
                count += 1
    out.write(_encode(EndLine(organizations, count)) + b"\n")
    return count


def _organization_line(conn: Connection[Row], org_id: str) -> OrganizationLine:
    head, organization = get_head(conn, org_id), get_organization(conn, org_id)
    return OrganizationLine(
        format=FORMAT,
        id=org_id,
        name=organization.name,
        time_zone=organization.time_zone,
        created_at=instant(organization.created_at),
        position=head.position,
        chain_hash=head.chain_hash.hex(),
        recorded_at=instant(organization.recorded_at) if organization.recorded_at else "",
        series=msgspec.json.decode(organization.series, type=dict[str, int]),
    )


def _event_line(record: RecordedEvent) -> EventLine:
    values = msgspec.structs.asdict(record)
    values |= {"recorded_at": instant(record.recorded_at), "chain_hash": record.chain_hash.hex()}
    return EventLine(**values)


def import_(conn: Connection[Row], lines: Iterable[bytes]) -> tuple[int, int]:
    """Take in a copy, checking every hash on the way; all of it or nothing.

    Answers with the number of organizations and events. Raises ImportRefused for a copy that is not whole, or an
    organization that is already here. The read tables are empty until `projections rebuild`.
    """
    reader = _Reader(lines)
    try:
        with conn.transaction():
            return _take_in(conn, reader)
    except (psycopg.DataError, psycopg.IntegrityError) as error:
        raise reader.wrong(" ".join(str(error).split())) from None


def _take_in(conn: Connection[Row], reader: _Reader) -> tuple[int, int]:
    organizations = events = 0
    while (organization := reader.next_organization()) is not None:
        _create(conn, organization)
        with conn.cursor() as cursor, cursor.copy(f"COPY events (org_id, {COLUMNS}) FROM STDIN") as copy:
            for values in reader.events_of(organization):
                copy.write_row(values)
                events += 1
        organizations += 1
    reader.check_end(organizations, events)
    return organizations, events


class _Reader:
    """Lines of a copy, with the number of the line for what is wrong in it."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = enumerate(lines, 1)
        self._number = 0
        self._ahead: OrganizationLine | EndLine | None = None

    def next_organization(self) -> OrganizationLine | None:
        if self._ahead is None:
            line = self._next()
            if isinstance(line, EventLine):
                raise self.wrong("an organization's line was expected before its events")
            self._ahead = line
        if not isinstance(self._ahead, OrganizationLine):
            return None
        found, self._ahead = self._ahead, None
        if found.format != FORMAT:
            raise self.wrong(f"the format is {found.format!r}; this version reads {FORMAT!r}")
        return found

    def events_of(self, organization: OrganizationLine) -> Iterator[tuple[Any, ...]]:
        previous, expected = genesis(organization.id), 1
        while isinstance(line := self._next(), EventLine):
            at = self._instant(line.recorded_at)
            event = line.event(at)
            previous = link(previous, organization.id, event)
            if line.position != expected or previous.hex() != line.chain_hash:
                raise self.wrong(f"the chain of {organization.id} is broken at position {expected}")
            expected += 1
            yield (organization.id, *msgspec.structs.astuple(event)[:-1], previous)
        if (expected - 1, previous.hex()) != (organization.position, organization.chain_hash):
            raise self.wrong(f"the log of {organization.id} ends at position {expected - 1} of {organization.position}")
        self._ahead = line

    def check_end(self, organizations: int, events: int) -> None:
        """The last line says how much there was before it, and nothing comes after it."""
        if not isinstance(self._ahead, EndLine):
            raise self.wrong("the copy is cut short: its last line is missing")
        if self._ahead != EndLine(organizations, events) or self._next() is not None:
            raise self.wrong("the last line does not fit what comes with it")

    def _instant(self, text: str) -> datetime:
        try:
            return parse_instant(text)
        except InvalidValue as error:
            raise self.wrong(f"{text!r} {error}") from None

    def _next(self) -> Line | None:
        self._number, line = next(self._lines, (self._number, b""))
        if not line:
            return None
        try:
            return _lines.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise self.wrong(str(error)) from None

    def wrong(self, reason: str) -> ImportRefused:
        """The refusal, with the line that was read last."""
        return ImportRefused(f"Line {self._number}: {reason}; nothing was imported.")


def _create(conn: Connection[Row], organization: OrganizationLine) -> None:
    if conn.execute("SELECT 1 FROM organizations WHERE org_id = %s", (organization.id,)).fetchone():
        raise ImportRefused(f"The organization {organization.id} is already here; import into an empty installation.")
    conn.execute(
        "INSERT INTO organizations (org_id, name, time_zone, created_at) VALUES (%s, %s, %s, %s)",
        (organization.id, organization.name, organization.time_zone, organization.created_at),
    )
    conn.execute(
        "INSERT INTO org_log (org_id, position, chain_hash, recorded_at, series) "
        "VALUES (%s, %s, decode(%s, 'hex'), %s, %s::jsonb)",
        (
            organization.id,
            organization.position,
            organization.chain_hash,
            organization.recorded_at or "-infinity",
            _encode(organization.series).decode(),
        ),
    )
