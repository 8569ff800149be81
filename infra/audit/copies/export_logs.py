"""Exports logs as a portable copy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

import msgspec
from msgspec import UNSET
from psycopg import Connection
from psycopg.rows import scalar_row

from domain.calendar import instant
from infra.audit.copies.lines import FORMATS, EndLine, EventLine, OrganizationLine, encode
from infra.audit.copies.logos import SELECT_LOGO, LogoOfLog
from infra.log.heads import get_head, get_organization
from infra.log.reading.pages import stream_log
from infra.log.records import RecordedEvent
from infra.postgres.database import Row


def export_logs(conn: Connection[Row], orgs: Iterable[str], out: BinaryIO) -> int:
    """Write the logs of these organizations to `out`; return the number of events.

    Each log is read up to the head that it has at its turn, page by page: one snapshot of the database for a whole log
    would keep PostgreSQL from removing old versions of rows, of all organizations.
    """
    return write_logs(conn, (_present_line(conn, org_id) for org_id in orgs), out)


def write_logs(conn: Connection[Row], lines: Iterable[OrganizationLine], out: BinaryIO) -> int:
    """Write these organizations, each with its log up to the head in its line; return the number of events."""
    count = organizations = 0
    for line in lines:
        organizations += 1
        out.write(encode(line) + b"\n")
        logo = LogoOfLog()
        for record in logo.follow(stream_log(conn, line.id, upto=line.position)):
            out.write(encode(event_line(record)) + b"\n")
            count += 1
        png = conn.cursor(binary=True, row_factory=scalar_row).execute(SELECT_LOGO, (line.id,)).fetchone()
        if (logo_line := logo.line(png)) is not None:
            out.write(encode(logo_line) + b"\n")
    out.write(encode(EndLine(organizations, count)) + b"\n")
    return count


def _present_line(conn: Connection[Row], org_id: str) -> OrganizationLine:
    with conn.transaction():
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return organization_line(conn, org_id)


def organization_line(conn: Connection[Row], org_id: str) -> OrganizationLine:
    """Return the line before the events of an organization, with the present head of its log. Raises NotFound."""
    head, organization = get_head(conn, org_id), get_organization(conn, org_id)
    return OrganizationLine(
        format=FORMATS[organization.chain_format],
        id=org_id,
        name=organization.name,
        time_zone=organization.time_zone,
        created_at=instant(organization.created_at),
        position=head.position,
        chain_hash=head.chain_hash.hex(),
        recorded_at=instant(organization.recorded_at) if organization.recorded_at else "",
        series=msgspec.json.decode(organization.series, type=dict[str, int]),
        live_organization=organization.live_organization,
        clock_ahead=organization.clock_ahead,
        new_time_zone=organization.new_time_zone,
        new_time_zone_from=instant(organization.new_time_zone_from) if organization.new_time_zone_from else None,
        series_prefix=organization.series_prefix,
        document_years=organization.document_years,
        leave_years=organization.leave_years,
    )


def event_line(record: RecordedEvent) -> EventLine:
    """Return the line of an event."""
    values = msgspec.structs.asdict(record)
    values |= {"recorded_at": instant(record.recorded_at), "chain_hash": record.chain_hash.hex()}
    values["personal"] = UNSET if record.personal is None else record.personal
    return EventLine(**values)
