"""Imports a portable copy of logs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import NamedTuple

import msgspec
import psycopg
from psycopg import Connection

from infra.audit.copies.checking import check_organization_line, check_siblings, checked_events
from infra.audit.copies.checks import EventChecks
from infra.audit.copies.lines import EndLine, OrganizationLine, encode
from infra.audit.copies.logos import INSERT_LOGO, hash_of
from infra.audit.copies.objects import first_stored_secret, first_wrong_object
from infra.audit.copies.reader import NOTHING_IMPORTED, CopyReader, chain_format, refusal
from infra.audit.refusals import ImportRefused
from infra.audit.removal.records import delete_removals
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
_WITHOUT_SIBLING = "org_id = %s AND live_organization IS NULL AND test_organization IS NULL"
SELECT_WITHOUT_SIBLING = f"SELECT FROM organizations WHERE {_WITHOUT_SIBLING}"
JOIN_SIBLING = f"UPDATE organizations SET test_organization = %s WHERE {_WITHOUT_SIBLING}"
CHECK_ZONES = "SELECT now() AT TIME ZONE %s::text, now() AT TIME ZONE %s::text"
"""Fails for a time zone that PostgreSQL does not know, although Python does."""
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
_COPIED_LINE = re.compile(r"COPY events, line (\d+)")
COPY_EVENTS = f"COPY events (org_id, {COLUMNS}) FROM STDIN"


class ImportResult(NamedTuple):
    """The numbers of organizations and events that were imported."""

    organizations: int
    events: int


def import_logs(conn: Connection[Row], lines: Iterable[bytes], beside: str | None = None) -> ImportResult:
    """Import a copy, and verify every hash. The connection must be in autocommit mode.

    With `beside`, the test organization of the copy becomes that of this live one, which is here and has none.
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
        if beside is not None and not conn.execute(SELECT_WITHOUT_SIBLING, (beside,)).rowcount:
            raise ImportRefused(f"{_no_place_beside(beside)}{NOTHING_IMPORTED}")
        return _import_organizations(conn, reader, begun, beside)
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


def is_import_running(conn: Connection[Row]) -> bool:
    """Return whether an import runs on another connection at this moment."""
    if conn.execute(TRY_LOCK, (LOCK,)).fetchone() != (True,):
        return True
    conn.execute(UNLOCK, (LOCK,))
    return False


def _import_organizations(
    conn: Connection[Row], reader: CopyReader, begun: dict[int, OrganizationLine], beside: str | None
) -> ImportResult:
    """Import the organizations. `begun` gets each organization, by its line, before its first event is stored."""
    now, logos = get_now(conn), dict[str, bytes]()
    events, checks = 0, EventChecks(now)
    while (organization := reader.next_organization()) is not None:
        if conn.execute(SELECT_EXISTENCE, (organization.id,)).fetchone():
            raise ImportRefused(
                f"The organization {organization.id} already exists; import into an empty installation."
            )
        check_organization_line(reader, organization, begun.values(), now)
        with conn.transaction(force_rollback=True):  # a wrong value in this line is refused with its number
            _insert_organization(conn, organization)
        begins_at = reader.line
        begun[begins_at] = organization
        _delete_unfinished(conn, organization.id)
        events += _copy_events(conn, organization.id, checked_events(reader, organization, checks), reader)
        if reader.logo is not None:
            logos[organization.id] = reader.logo
        misfit = first_stored_secret(conn, checks.secrets) or first_wrong_object(
            conn, organization.id, organization.position
        )
        if misfit is not None:
            raise refusal(begins_at + misfit.position, misfit.reason)
    reader.check_end(EndLine(len(begun), events))
    check_siblings(begun, beside)
    with conn.transaction():
        for organization in begun.values():
            _insert_organization(conn, organization)
            delete_removals(conn, organization.id)  # else they would cover a later deletion of the rows
        for line, organization in begun.items():
            _join_sibling(conn, organization, line)
        for org_id, png in logos.items():
            conn.execute(INSERT_LOGO, (org_id, hash_of(png), png))
    return ImportResult(len(begun), events)


def _join_sibling(conn: Connection[Row], organization: OrganizationLine, line: int) -> None:
    """Let a test organization belong to its live one. Raises ImportRefused if that has another one by now."""
    live = organization.live_organization
    if live is not None and not conn.execute(JOIN_SIBLING, (organization.id, live)).rowcount:
        raise refusal(line, _no_place_beside(live))


def _no_place_beside(live: str) -> str:
    return f"there is no live organization {live} here that has no test organization"


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
    conn.execute(CHECK_ZONES, (line.time_zone, line.new_time_zone))
    recorded_at = line.recorded_at or "-infinity"
    series = encode(line.series).decode()
    head = (line.id, line.position, line.chain_hash, recorded_at, series, line.clock_ahead)
    conn.execute(INSERT_HEAD, (*head, chain_format(line)))
