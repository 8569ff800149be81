"""Divides the logs into parts of similar size, so that every process has work until the end of the load."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import NamedTuple

from psycopg import Connection

from infra.log.heads import get_positions
from infra.log.reading.kinds import sample_ids
from infra.postgres.database import Row

PART_EVENTS = 50_000
"""How many events of a log one part has, at most and roughly."""
_SAMPLES_PER_PART = 50


class Part(NamedTuple):
    """The aggregates of one organization with ids from `first_id` on and before `before_id`; None means no end.

    All parts of a log end at the same `position`. Only a whole log has no position: it is read up to the position that
    its log has when the part is read. `events` is how many events the part has, roughly.
    """

    org_id: str
    events: int
    position: int | None = None
    first_id: str = ""
    before_id: str | None = None


def plan_parts(conn: Connection[Row], kind: str) -> list[Part]:
    """Return the parts of all logs, the largest first. So no process has a large part left when the others have ended.

    `kind` is the kind of the aggregates that are read.
    """
    parts = [
        part
        for org_id, position in get_positions(conn).items()
        for part in split_log(conn, [kind], org_id, position, PART_EVENTS)
    ]
    return sorted(parts, key=lambda part: part.events, reverse=True)


def split_log(
    conn: Connection[Row], kinds: Collection[str], org_id: str, position: int, part_events: int
) -> Iterator[Part]:
    """Yield the parts of a log up to a position, in the order of ids. A part has `part_events` events, roughly.

    Together, the parts have every id. `kinds` are the kinds of the aggregates that are read.
    """
    count = -(-position // part_events)
    if count < 2:
        yield Part(org_id, position)
        return
    samples = sample_ids(conn, org_id, kinds, position, count * _SAMPLES_PER_PART)
    bounds = sorted({samples[len(samples) * number // count] for number in range(1, count)}) if samples else []
    for first, before in pairwise(["", *bounds, None]):
        yield Part(org_id, position // (len(bounds) + 1), position, first or "", before)
