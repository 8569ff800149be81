"""Checks a portable copy of logs while it is read: what it says of organizations, and each event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from infra.audit.copies.checks import EventChecks, WrongContent, check_organization
from infra.audit.copies.lines import EndLine, OrganizationLine
from infra.audit.copies.reader import NOTHING_IMPORTED, CopyReader, refusal
from infra.audit.refusals import ImportRefused
from infra.log.records import RecordedEvent


def check_copy(lines: Iterable[bytes], now: datetime) -> list[OrganizationLine]:
    """Check the chain and the content of a copy as an import does, and return its organizations. Nothing is stored.

    `now` is the time by the database's clock. Raises ImportRefused.
    """
    reader, checks = CopyReader(lines), EventChecks(now)
    found: list[OrganizationLine] = []
    events = 0
    while (organization := reader.next_organization()) is not None:
        check_organization_line(reader, organization, found, now)
        events += sum(1 for _ in checked_events(reader, organization, checks))
        found.append(organization)
    reader.check_end(EndLine(len(found), events))
    return found


def check_siblings(begun: Mapping[int, OrganizationLine], beside: str | None) -> None:
    """Check that each test organization is the only one of a live one in the copy, or is to be that of `beside`.

    `beside` is a live organization that is here. Without the operator's word, a copy could take over the test mode of
    an organization. Raises ImportRefused.
    """
    free = {each.id for each in begun.values() if each.live_organization is None}
    if beside is not None:
        free.add(beside)
    for line, each in begun.items():
        live = each.live_organization
        if live is None:
            continue
        if live not in free:
            need = "which must be in the same copy, or be here and be named with --beside; and have no other one"
            raise refusal(line, f"{each.id} is imported with its live organization {live}, {need}")
        free.remove(live)
    if beside is not None and beside in free:
        raise ImportRefused(f"The copy has no test organization of {beside}{NOTHING_IMPORTED}")


def check_organization_line(
    reader: CopyReader, organization: OrganizationLine, earlier: Iterable[OrganizationLine], now: datetime
) -> None:
    """Check what the line of an organization says. Raises ImportRefused."""
    try:
        check_organization(organization, [each.id for each in earlier], now)
    except WrongContent as wrong:
        raise reader.refusal(str(wrong)) from None


def checked_events(reader: CopyReader, organization: OrganizationLine, checks: EventChecks) -> Iterator[RecordedEvent]:
    """Yield the organization's events, each after the check of its content. Raises ImportRefused."""
    checks.begin(organization)
    try:
        for event in reader.events_of(organization):
            checks.check(event)
            yield event
        checks.end()
    except WrongContent as wrong:
        raise reader.refusal(str(wrong)) from None
