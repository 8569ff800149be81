"""What stands around the lines of an edit log: of what it is, what was checked, and what was not."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from api.pages.translation import gettext as _
from domain.calendar import day_in, zone

Fact = tuple[str, str]
"""What it is about, and the sentence."""


class Source(NamedTuple):
    """The log and the part of it that a file shows."""

    name: str
    """The name of the organization."""
    org_id: str
    created_at: datetime
    """When the organization was created. Its log begins then."""
    is_live: bool
    """Whether it is a log of live mode. Keys of test mode may empty theirs."""
    first: date
    """The first day of the period."""
    last: date
    """The last day of the period."""
    time_zone: str
    made_at: datetime
    version: str
    """The version of the program that makes the file."""
    head: tuple[int, str]
    """The position and the hash, as hexadecimal digits, of the last event of the log when the file was begun."""
    root: str | None = None
    """The root of the checkpoint of this end, in Base64: computed from all events, or taken from the tree that is kept;
    None if it is not known."""


class Check(NamedTuple):
    """What came of the check of the hashes."""

    first: int
    """The first position whose hash was computed again."""
    last: int
    """The last position whose hash was computed again, and fits."""
    lines_from: int
    """The first position of the period."""
    lines_to: int
    """The last position that has lines in the file."""
    broken_at: int | None = None
    reason: str | None = None


def facts_of(source: Source) -> list[Fact]:
    """Return what a file says at its top, whatever the check finds."""
    position, chain_hash = source.head
    made = _local(source.made_at, source.time_zone)
    facts = [
        (_("Edit log of"), source.name),
        (_("Organization"), source.org_id),
        (_("Period"), _period(source)),
        (_("Made"), _("%(time)s, by version %(version)s of SmartDhandha", time=made, version=source.version)),
        (_("End of the log"), _("position %(position)s, SHA-256 %(hash)s", position=position, hash=chain_hash)),
    ]
    if source.root is not None:
        facts.append((_("Checkpoint"), _("size %(size)s, root hash %(root)s", size=position, root=source.root)))
    if day_in(source.time_zone, source.created_at) > source.first:
        created = _local(source.created_at, source.time_zone)
        facts.append((_("Begin of the log"), _("The organization was created on %(time)s.", time=created)))
    if not source.is_live:
        facts.append((_("Test mode"), _("This is a log of test data. Its keys may empty it, so it proves nothing.")))
    return facts


def findings_follow() -> Fact:
    """Return what stands at the top of a file that is sent while the log is read."""
    text = _("What came of it stands at the end of this file. A file without that end is not complete.")
    return _("Check of the chain"), text


def findings_of(check: Check) -> list[Fact]:
    """Return what a file says about the check."""
    whole = _("Is the chain whole?"), _whole(check)
    if check.broken_at is not None:
        return [whole, (_("Was the log always on?"), _("Not proved, because the chain is broken."))]
    always = _(
        "Yes: the positions %(first)s to %(last)s of the period have no gap. An object is changed and its event is "
        "stored in one transaction, and no setting ends this. That events are only ever added rests on the rights of "
        "the database, and on the chain, which shows a change.",
        first=check.lines_from,
        last=check.lines_to,
    )
    not_checked = _(
        "Whether somebody with all rights on the database has written the whole chain anew. A seal that is kept "
        "outside of the database shows this: smartdhandha audit verify --seal FILE"
    )
    findings = [whole, (_("Was the log always on?"), always), (_("Not checked"), not_checked)]
    if check.first > 1:
        before = _("The events before position %(first)s. For them: smartdhandha audit verify", first=check.first)
        findings.append((_("Not checked"), before))
    return findings


def _whole(check: Check) -> str:
    if check.broken_at is not None:
        return _(
            "NO. It is broken at position %(position)s: %(reason)s. This file has no lines from this position on.",
            position=check.broken_at,
            reason=check.reason,
        )
    return _(
        "Yes, from position %(first)s to position %(last)s: each hash was computed again from its event and the hash "
        "before when this file was made. Positions have no gap, and times never go back.",
        first=check.first,
        last=check.last,
    )


def _period(source: Source) -> str:
    days = _(
        "%(first)s to %(last)s, in the time zone %(zone)s",
        first=source.first.isoformat(),
        last=source.last.isoformat(),
        zone=source.time_zone,
    )
    is_over = day_in(source.time_zone, source.made_at) > source.last
    return days if is_over else _("%(days)s. The period is not over: later events are not in this file.", days=days)


def _local(at: datetime, time_zone: str) -> str:
    return at.astimezone(zone(time_zone)).isoformat(" ", "seconds")
