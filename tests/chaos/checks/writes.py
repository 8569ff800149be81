"""Each acknowledged write is stored exactly once, each refused one is not stored, and nothing else is."""

from __future__ import annotations

from collections.abc import Sequence

from tests.chaos.checks.finding import Finding
from tests.chaos.checks.log import Log, Stored
from tests.chaos.load.record import ABSENT, STORED, ClientRecord, Write

MISSING, NOBODY_CAUSED = "acknowledged writes that are missing or differ", "events that nobody caused"
UNMARKED = ("sent", "opened", "voided")
"""The events whose data holds no text of the client."""


def check_writes(log: Log, clients: Sequence[ClientRecord]) -> list[Finding]:
    """Compare what the clients remember with the log. A write with several attempts counts as one."""
    lost, doubled, refused, counts = list[str](), list[str](), list[str](), dict.fromkeys((STORED, ABSENT), 0)
    unclaimed = dict(log.by_write)
    for record in clients:
        for number, write in enumerate(record.writes):
            mark = f"{record.name}.{number}"
            stored = unclaimed.pop(mark, [])
            own = [one for one in stored if one.type == write.event]
            counts[write.outcome] = counts.get(write.outcome, 0) + 1
            if write.outcome == STORED and not _agrees(write, stored, own):
                lost.append(f"{mark} ({write.event} of {write.id}, version {write.version}; stored {stored[:3]})")
            if write.outcome == ABSENT and stored:
                refused.append(mark)
            if len(own) > 1 or len({one.attempt for one in stored}) > 1:
                doubled.append(mark)
    return [
        Finding(MISSING, lost, counts[STORED]),
        Finding("writes that are stored twice", doubled, sum(counts.values())),
        Finding("refused writes that are stored", refused, counts[ABSENT]),
        Finding(NOBODY_CAUSED, list(unclaimed), log.events),
    ]


def _agrees(write: Write, stored: list[Stored], own: list[Stored]) -> bool:
    if not own:
        return False
    is_same = own[0].id == write.id and stored[-1].version == write.version
    return is_same and (own[0].is_marked or own[0].type.endswith(UNMARKED))
