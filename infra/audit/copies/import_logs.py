"""Imports a portable copy of logs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import NamedTuple

import msgspec
import psycopg
from psycopg import Connection

from domain.privacy.erasures import Erasures
from domain.reading import InvalidValue, parse_instant
from infra.audit.copies.checks import MAX_LINE, EventChecks, WrongContent, check_organization
from infra.audit.copies.lines import (
    FORMATS,
    EndLine,
    EventLine,
    Line,
    LogoLine,
    OrganizationLine,
    encode,
    line_decoder,
)
from infra.audit.copies.logos import INSERT_LOGO, LogoOfLog, hash_of
from infra.audit.copies.objects import first_stored_secret, first_wrong_object
from infra.audit.refusals import ImportRefused
from infra.audit.removal.records import delete_removals
from infra.log.proofs.chain import VALUES_GONE, Chain, find_wrong_values, genesis, link
from infra.log.proofs.personal import is_incomplete
from infra.log.reading.erasures import positions_in
from infra.log.reading.objects import DELETE_WITHOUT_ORGANIZATION
from infra.log.records import COLUMNS, RecordedEvent
from infra.postgres.database import Row, get_now

SELECT_EXISTENCE = "SELECT 1 FROM organizations WHERE org_id = %s"
INSERT_ORGANIZATION = """
INSERT INTO organizations (
    org_id, name, time_zone, created_at, live_organization, new_time_zone, new_time_zone_from, series_prefix,
    document_years, leave_years
) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
JOIN_SIBLING = "UPDATE organizations SET test_organization = %s WHERE org_id = %s"
INSERT_HEAD = """
INSERT INTO org_log (org_id, position, chain_hash, recorded_at, series, clock_offset, chain_format)
VALUES (%s, %s, decode(%s, 'hex'), %s, %s::jsonb, make_interval(secs => %s), %s)
"""
TRANSACTION_EVENTS = 20_000
"""How many events one transaction stores or deletes at most."""
LOCK = 0x5D_A0_1D
"""The number of the advisory lock that an import holds. The number is arbitrary; no other lock may use it."""
TRY_LOCK = "SELECT pg_try_advisory_lock(%s)"
UNLOCK = "SELECT pg_advisory_unlock(%s)"
NOTHING_IMPORTED = "; nothing was imported."
"""The end of each message about a line."""
_COPIED_LINE = re.compile(r"COPY events, line (\d+)")
COPY_EVENTS = f"COPY events (org_id, {COLUMNS}) FROM STDIN"


class ImportResult(NamedTuple):
    """The numbers of organizations and events that were imported."""

    organizations: int
    events: int


def import_logs(conn: Connection[Row], lines: Iterable[bytes]) -> ImportResult:
    """Import a copy, and verify every hash. The connection must be in autocommit mode.

    Events are stored in transactions of at most TRANSACTION_EVENTS. The organizations and the heads of their logs come
    last, in one transaction: before it, nobody can see or use the events. The read tables stay empty until `projections
    rebuild`. Raises ImportRefused for an incomplete or altered copy, for an organization that already exists, and while
    another import runs. Then, and after any other error, what was stored is deleted again; if the process or the
    connection ends before that, the next import of these organizations deletes it.
    """
    if conn.execute(TRY_LOCK, (LOCK,)).fetchone() != (True,):
        raise ImportRefused("Another import is running; wait until it has ended.")
    reader = CopyReader(lines)
    begun: dict[int, OrganizationLine] = {}
    try:
        return _import_organizations(conn, reader, begun)
    except BaseException as error:
        with suppress(psycopg.OperationalError):  # without a connection, the next import deletes them
            for organization in begun.values():
                _delete_unfinished(conn, organization.id)
        if isinstance(error, psycopg.DataError | psycopg.IntegrityError):
            raise reader.refusal(_reason(error)) from None
        raise
    finally:
        if not conn.closed:
            conn.execute(UNLOCK, (LOCK,))


def check_copy(lines: Iterable[bytes], now: datetime) -> list[OrganizationLine]:
    """Check the chain and the content of a copy as an import does, and return its organizations. Nothing is stored.

    `now` is the time by the database's clock. Raises ImportRefused.
    """
    reader, checks = CopyReader(lines), EventChecks(now)
    found: list[OrganizationLine] = []
    events = 0
    while (organization := reader.next_organization()) is not None:
        _check_organization(reader, organization, found, now)
        events += sum(1 for _ in _checked_events(reader, organization, checks))
        found.append(organization)
    reader.check_end(EndLine(len(found), events))
    return found


def is_import_running(conn: Connection[Row]) -> bool:
    """Return whether an import runs on another connection at this moment."""
    if conn.execute(TRY_LOCK, (LOCK,)).fetchone() != (True,):
        return True
    conn.execute(UNLOCK, (LOCK,))
    return False


def _import_organizations(
    conn: Connection[Row], reader: CopyReader, begun: dict[int, OrganizationLine]
) -> ImportResult:
    """Import the organizations. `begun` gets each organization, by its line, before its first event is stored."""
    now, logos = get_now(conn), dict[str, bytes]()
    events, checks = 0, EventChecks(now)
    while (organization := reader.next_organization()) is not None:
        if conn.execute(SELECT_EXISTENCE, (organization.id,)).fetchone():
            raise ImportRefused(
                f"The organization {organization.id} already exists; import into an empty installation."
            )
        _check_organization(reader, organization, begun.values(), now)
        with conn.transaction(force_rollback=True):  # a wrong value in this line is refused with its number
            _insert_organization(conn, organization)
        begins_at = reader.line
        begun[begins_at] = organization
        _delete_unfinished(conn, organization.id)
        events += _copy_events(conn, organization.id, _checked_events(reader, organization, checks), reader)
        if reader.logo is not None:
            logos[organization.id] = reader.logo
        misfit = first_stored_secret(conn, checks.secrets) or first_wrong_object(
            conn, organization.id, organization.position
        )
        if misfit is not None:
            raise refusal(begins_at + misfit.position, misfit.reason)
    reader.check_end(EndLine(len(begun), events))
    _check_siblings(begun)
    with conn.transaction():
        for organization in begun.values():
            _insert_organization(conn, organization)
            delete_removals(conn, organization.id)  # else they would cover a later deletion of the rows
        for organization in begun.values():
            conn.execute(JOIN_SIBLING, (organization.id, organization.live_organization))
        for org_id, png in logos.items():
            conn.execute(INSERT_LOGO, (org_id, hash_of(png), png))
    return ImportResult(len(begun), events)


def _check_siblings(begun: Mapping[int, OrganizationLine]) -> None:
    """Check that each test organization is the only one of a live one in the copy.

    Otherwise a copy could take over the test mode of an organization that is here. Raises ImportRefused.
    """
    free = {each.id for each in begun.values() if each.live_organization is None}
    for line, each in begun.items():
        if each.live_organization is None:
            continue
        if each.live_organization not in free:
            need = "which must be in the same copy, with no other test organization"
            raise refusal(line, f"{each.id} is imported with its live organization {each.live_organization}, {need}")
        free.remove(each.live_organization)


def _check_organization(
    reader: CopyReader, organization: OrganizationLine, earlier: Iterable[OrganizationLine], now: datetime
) -> None:
    try:
        check_organization(organization, [each.id for each in earlier], now)
    except WrongContent as wrong:
        raise reader.refusal(str(wrong)) from None


def _checked_events(reader: CopyReader, organization: OrganizationLine, checks: EventChecks) -> Iterator[RecordedEvent]:
    """Yield the organization's events, each after the check of its content. Raises ImportRefused."""
    checks.begin(organization)
    try:
        for event in reader.events_of(organization):
            checks.check(event)
            yield event
        checks.end()
    except WrongContent as wrong:
        raise reader.refusal(str(wrong)) from None


def _copy_events(conn: Connection[Row], org_id: str, events: Iterator[RecordedEvent], reader: CopyReader) -> int:
    """Store the events, which come from the reader, in transactions of bounded size. Return how many there are.

    Raises ImportRefused.
    """
    stored, page = 0, -1
    while page:
        page, before = 0, reader.line
        try:
            with conn.transaction(), conn.cursor() as cursor, cursor.copy(COPY_EVENTS) as copy:
                for event in islice(events, TRANSACTION_EVENTS):
                    copy.write_row((org_id, *msgspec.structs.astuple(event)))
                    page += 1
        except (psycopg.DataError, psycopg.IntegrityError) as error:
            place = _COPIED_LINE.search(error.diag.context or "")
            raise refusal(before + int(place[1]) if place else reader.line, _reason(error)) from None
        stored += page
    return stored


def _reason(error: psycopg.Error) -> str:
    if isinstance(error, psycopg.errors.UniqueViolation):
        return "the event is not the next one of its object"
    return " ".join(str(error).split())


def _delete_unfinished(conn: Connection[Row], org_id: str) -> None:
    """Delete the events of an organization that does not exist: those of an import that did not end."""
    while conn.execute(DELETE_WITHOUT_ORGANIZATION, {"org": org_id, "limit": TRANSACTION_EVENTS}).rowcount:
        pass


def _insert_organization(conn: Connection[Row], line: OrganizationLine) -> None:
    named = (line.id, line.name, line.time_zone, line.created_at, line.live_organization)
    chosen = (line.new_time_zone, line.new_time_zone_from, line.series_prefix, line.document_years, line.leave_years)
    conn.execute(INSERT_ORGANIZATION, (*named, *chosen))
    recorded_at = line.recorded_at or "-infinity"
    series = encode(line.series).decode()
    head = (line.id, line.position, line.chain_hash, recorded_at, series, line.clock_ahead)
    conn.execute(INSERT_HEAD, (*head, chain_format(line)))


def chain_format(line: OrganizationLine) -> int:
    """Return the format of the organization's chain, which the format of its lines says."""
    return next(number for number, name in FORMATS.items() if name == line.format)


def refusal(line: int, reason: str) -> ImportRefused:
    """Return the ImportRefused for what is wrong in a line of the copy."""
    return ImportRefused(f"Line {line}: {reason}{NOTHING_IMPORTED}")


class CopyReader:
    """Reads and checks the lines of a copy. The message of each ImportRefused names the number of the line."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self.line = 0
        """The number of the line that was read last."""
        self._ahead: OrganizationLine | EndLine | None = None
        """The line after an organization's last event: already read, to find the end of the events, but not handled."""
        self.logo: bytes | None = None
        """The logo after the events of the organization that was read last; None without one."""

    def next_organization(self) -> OrganizationLine | None:
        """Return the next organization's line; None at the end of the copy. Raises ImportRefused."""
        if self._ahead is None:
            line = self._next_line()
            if isinstance(line, EventLine | LogoLine):
                raise self.refusal("an organization's line was expected before its events")
            self._ahead = line
        if not isinstance(self._ahead, OrganizationLine):
            return None
        found, self._ahead = self._ahead, None
        if found.format not in FORMATS.values():
            known = " and ".join(map(repr, FORMATS.values()))
            raise self.refusal(f"the format is {found.format!r}; this version reads {known}")
        return found

    def events_of(self, organization: OrganizationLine) -> Iterator[RecordedEvent]:
        """Yield the events of the organization that `next_organization` has returned. Raises ImportRefused."""
        chain = Chain(organization.id, chain_format(organization), is_erased=lambda _: True)  # checked at the end
        position, chain_hash = 0, genesis(organization.id)
        missing: dict[int, int] = {}
        self.logo, logo = None, LogoOfLog()
        while isinstance(line := self._next_line(), EventLine):
            event = line.event(self._parse_time(line.recorded_at))
            position, chain_hash = position + 1, link(chain_hash, chain, event)
            if event.position != position or chain_hash.hex() != line.chain_hash:
                raise self.refusal(f"the chain of {organization.id} is broken at position {position}")
            self._check_values(chain, event, missing)
            yield from logo.follow([msgspec.structs.replace(event, chain_hash=chain_hash)])
        if position != organization.position:
            raise self.refusal(f"the log of {organization.id} ends at position {position} of {organization.position}")
        if chain_hash.hex() != organization.chain_hash:
            raise self.refusal(f"the chain hash in the line of {organization.id} is not the hash of its last event")
        if missing:
            raise refusal(next(iter(missing.values())), VALUES_GONE)
        self._ahead = self._after_logo(line, logo)

    def _after_logo(self, line: Line | None, logo: LogoOfLog) -> OrganizationLine | EndLine | None:
        """Return the line after the logo of an organization; `line` itself if it is no logo. Raises ImportRefused."""
        if isinstance(line, LogoLine):
            try:
                self.logo = logo.check(line)
            except WrongContent as wrong:
                raise self.refusal(str(wrong)) from None
            line = self._next_line()
        if isinstance(line, EventLine | LogoLine):
            raise self.refusal("an organization's line was expected after its logo")
        return line

    def check_end(self, counted: EndLine) -> None:
        """Check that the copy ends with an EndLine that has these counts. Raises ImportRefused."""
        if not isinstance(self._ahead, EndLine):
            raise self.refusal("the copy is cut short: its last line is missing")
        if self._ahead != counted or self._next_line() is not None:
            raise self.refusal("the counts in the last line are wrong, or more lines follow")

    def refusal(self, reason: str) -> ImportRefused:
        """Return an ImportRefused that names the number of the line that was read last."""
        return refusal(self.line, reason)

    def _check_values(self, chain: Chain, event: RecordedEvent, missing: dict[int, int]) -> None:
        """Check the personal values beside an event. Raises ImportRefused.

        `missing` has the position of each event without them, with its line, until an event says they were erased.
        """
        if (wrong := find_wrong_values(chain, event)) is not None:
            raise self.refusal(wrong)
        if is_incomplete(event):
            missing[event.position] = self.line
        if event.name != Erasures.Erased.topic:
            return
        try:
            erased = positions_in([event.state])
        except msgspec.MsgspecError as error:
            raise self.refusal(str(error)) from None
        for position in erased.intersection(missing):
            del missing[position]

    def _parse_time(self, text: str) -> datetime:
        try:
            return parse_instant(text)
        except InvalidValue as error:
            raise self.refusal(f"{text!r} {error}") from None

    def _next_line(self) -> Line | None:
        line = next(self._lines, b"")
        if not line:
            return None
        self.line += 1
        if len(line) > MAX_LINE:
            raise self.refusal(f"the line has more than {MAX_LINE} bytes")
        try:
            return line_decoder.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise self.refusal(str(error)) from None
