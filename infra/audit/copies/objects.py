"""Checks the objects of an imported log, before anybody can see it: each must be complete and readable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from psycopg import Connection

from infra.audit.copies.checks import NewSecret
from infra.log.mapper import MAPPER
from infra.log.reading.kinds import stream_kind
from infra.log.reading.objects import find_first_out_of_order
from infra.log.reading.parts import Part, split_log
from infra.postgres.database import Row
from projections.folding.stored_event import UnreadableEvent
from projections.projection import RowProjection
from projections.registry import ROWS

PART_EVENTS = 5000
"""How many events one snapshot folds, roughly."""

_SELECT_STORED = """
SELECT id FROM api_keys WHERE id = ANY(%s)
UNION ALL SELECT encode(hash, 'hex') FROM api_key_hashes
WHERE hash IN (SELECT decode(h, 'hex') FROM unnest(%s::text[]) h)
"""


class WrongObject(NamedTuple):
    """The position of an event that does not fit the earlier events of its object, and the reason."""

    position: int
    reason: str


def first_stored_secret(conn: Connection[Row], secrets: Sequence[NewSecret]) -> WrongObject | None:
    """Return the first of these secrets that this installation has already, or whose key it has, if any.

    With it, somebody could open the data of another organization.
    """
    for start in range(0, len(secrets), PART_EVENTS):
        page = secrets[start : start + PART_EVENTS]
        ids, hashes = [each.key_id for each in page], [each.hash for each in page]
        stored = {value for (value,) in conn.execute(_SELECT_STORED, (ids, hashes))}
        for each in page:
            if each.key_id in stored:
                return WrongObject(each.position, f"the key {each.key_id} is already here")
            if each.hash in stored:
                return WrongObject(each.position, f"the secret of {each.key_id} belongs to another key, which is here")
    return None


def first_wrong_object(conn: Connection[Row], org_id: str, end: int) -> WrongObject | None:
    """Return an event of the log up to the position `end` that does not fit the earlier events of its object, if any.

    The versions of an object are 1, 2, 3 and so on, in the order of positions, and its events are of one kind.
    """
    position = find_first_out_of_order(conn, org_id)
    if position is not None:
        return WrongObject(position, "the event is not the next one of its object")
    for projection in ROWS.values():
        try:
            for part in list(split_log(conn, [projection.kind], org_id, end, PART_EVENTS)):
                _fold(conn, projection, part, end)
        except UnreadableEvent as unreadable:
            return WrongObject(unreadable.position, str(unreadable))
    return None


def _fold(conn: Connection[Row], projection: RowProjection[Any], part: Part, end: int) -> None:
    with conn.transaction():
        log = stream_kind(conn, part.org_id, projection.kind, end, part.first_id, part.before_id)
        for _ in projection.fold_log(part.org_id, log, MAPPER.event):
            pass
