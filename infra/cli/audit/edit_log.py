"""Makes the edit log of a period: checks the whole log first, then writes the lines of the period."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable
from typing import NamedTuple, Protocol

import click
from psycopg import Connection

from api.console.activity.edit_log.facts import Check, Fact, Source, facts_of, findings_of
from api.console.activity.edit_log.lines import Line, Names, lines_of
from domain.accounts.mode import is_live
from domain.calendar import day_in
from domain.reading.period import Days
from infra.audit.edit_log.pages import EditLogPages
from infra.audit.edit_log.period import CheckedLog, Positions, check_log, find_positions
from infra.cli.progress import progress
from infra.identity.organizations import get_time_zone
from infra.identity.sessions import SELECT_NAMES
from infra.log.heads import get_organization
from infra.log.proofs.notes import encode_base64
from infra.postgres.database import Row, get_now, set_organization
from infra.reads.display_names import names_by_id, select_key_names


class EditLogFile(Protocol):
    """A file in one of the formats, while it is written."""

    def begin(self, facts: Iterable[Fact]) -> None:
        """Write what stands above the lines."""

    def add(self, lines: Iterable[Line]) -> None:
        """Write the next lines."""

    def end(self) -> None:
        """Complete the file."""


class EditLog(NamedTuple):
    """The edit log of a period, after the whole log was checked."""

    source: Source
    log: CheckedLog
    check: Check

    def facts(self) -> list[Fact]:
        """Return the sentences at the top of the file."""
        return [*facts_of(self.source), *findings_of(self.check)]

    def write(self, conn: Connection[Row], file: EditLogFile) -> int:
        """Write the file, and return the number of its lines. Raises ClickException if the log was altered."""
        names, lines = _names(conn, self.source.org_id), 0
        pages = EditLogPages(self.log.chain, self.log.before, self.log.last)
        file.begin(self.facts())
        with progress("writing events", self.log.last.position - self.log.before.position) as advance:
            while pages.has_more:
                begin = pages.checked.reached.position
                for change in pages.read(conn):
                    found = list(lines_of(change, names))
                    file.add(found)
                    lines += len(found)
                advance(pages.checked.reached.position - begin)
        if pages.checked.broken is not None:
            raise click.ClickException(f"The log was changed meanwhile, at position {pages.checked.broken.position}.")
        file.end()
        return lines


def check_edit_log(conn: Connection[Row], org_id: str, days: Days) -> EditLog:
    """Check the whole log, and return the edit log of these days. Raises UsageError if they have no event."""
    organization, time_zone = get_organization(conn, org_id), get_time_zone(conn, org_id)
    period = find_positions(conn, org_id, *days)
    if period.last < period.first:
        last = organization.recorded_at and day_in(time_zone, organization.recorded_at)
        end = f"its last event is of {last}" if last else "it has no event yet"
        begin = day_in(time_zone, organization.created_at)
        raise click.UsageError(
            f"The log of {org_id} has no event from {days.first} to {days.last}: the organization was created on "
            f"{begin}, and {end}."
        )
    log = check_log(conn, org_id, period)
    source = Source(
        name=organization.name,
        org_id=org_id,
        created_at=organization.created_at,
        is_live=is_live(org_id),
        first=days.first,
        last=days.last,
        time_zone=time_zone,
        made_at=get_now(conn),
        version=importlib.metadata.version("smartdhandha"),
        head=(log.head.position, log.head.chain_hash.hex()),
        root=None if log.root is None else encode_base64(log.root),
    )
    return EditLog(source, log, _check(log, period))


def _check(log: CheckedLog, period: Positions) -> Check:
    if log.broken is not None:
        return Check(1, log.broken.position - 1, period.first, log.last.position, *log.broken)
    return Check(1, log.head.position, period.first, log.last.position)


def _names(conn: Connection[Row], org_id: str) -> Names:
    with conn.transaction():
        conn.execute(set_organization(org_id))
        users: dict[str, str] = dict(conn.execute(SELECT_NAMES, (org_id,)).fetchall())
        return Names(users, names_by_id(select_key_names(conn, org_id)))
