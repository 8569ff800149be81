"""Compares the sums and the items of an EventSumProjection with the log, in parts like verify.py."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from psycopg import Connection

from infra.log.reading.histories import list_histories
from infra.log.reading.kinds import list_changed
from infra.log.reading.parts import Part, split_log
from infra.postgres.database import Row
from infra.projector.differences import Difference, create_expected, find_differences, one_state
from infra.projector.following.checkpoints import Checkpoints
from infra.projector.items import copy_items, fold_onto, sum_log
from infra.projector.skips import read_skips
from infra.projector.verify import PART_EVENTS
from projections.sums import EventSumProjection, Sum, add_sums

_PAGE_OBJECTS = 500
"""How many objects that have changed meanwhile are read at once."""


def event_sum_differences(
    conn: Connection[Row], projection: EventSumProjection[Any, Any], org_id: str
) -> Iterator[Difference]:
    """Yield the differences between an organization's sums and items and its log up to the checkpoint.

    Each part is compared at the checkpoint of its moment. The sums are compared at the last checkpoint: the events
    between the two are added to what the parts have given. Sums of another version of the projection are not compared.
    Raises UnreadableEvent.
    """
    checkpoints = Checkpoints(projection)
    create_expected(conn, projection.items_table)
    position, _ = checkpoints.read(conn, org_id)
    compared: list[tuple[Part, int]] = []
    expected: dict[Any, Sum] = {}
    for part in list(split_log(conn, projection.kinds, org_id, position, PART_EVENTS)):
        with one_state(conn):
            position, version = checkpoints.read(conn, org_id)
            if version != projection.version:
                return
            for page in sum_log(conn, projection, org_id, position, part.first_id, part.before_id):
                copy_items(conn, projection, "expected", org_id, page)
                expected = add_sums(expected, projection.deltas((), (summed.item for summed in page)))
            found = find_differences(conn, projection.items_table, projection.item_columns, part)
        yield from found
        compared.append((part, position))
    with one_state(conn):
        position, version = checkpoints.read(conn, org_id)
        if version != projection.version:
            return
        stored = projection.sums_from(conn.execute(projection.select_sums, (org_id,)))
        for deltas in _deltas_since(conn, projection, compared, position):
            expected = add_sums(expected, deltas)
    yield from _compare_sums(projection.table, org_id, expected, stored)


def _deltas_since(
    conn: Connection[Row],
    projection: EventSumProjection[Any, Any],
    compared: Sequence[tuple[Part, int]],
    upto: int,
) -> Iterator[dict[Any, Sum]]:
    """Yield what the events have changed between the position at which their part was compared and `upto`."""
    org_id = compared[0][0].org_id
    firsts = [part.first_id for part, _ in compared]
    ids = sorted(list_changed(conn, org_id, projection.kinds, min(position for _, position in compared), upto))
    skipped = read_skips(conn, org_id)
    for start in range(0, len(ids), _PAGE_OBJECTS):
        log = list_histories(conn, org_id, ids[start : start + _PAGE_OBJECTS], upto)
        events = [event for event in log if event.position not in skipped]
        earlier = [event for event in events if event.position <= compared[bisect(firsts, event.originator_id) - 1][1]]
        before, after = (fold_onto(projection, org_id, {}, each) for each in (earlier, events))
        yield projection.deltas(before.values(), after.values())


def _compare_sums(
    table: str, org_id: str, expected: Mapping[Any, Sum], stored: Mapping[Any, Sum]
) -> Iterator[Difference]:
    for key in sorted({*expected, *stored}):
        id = " ".join(map(str, key))
        wanted, found = expected.get(key), stored.get(key)
        if wanted is None or found is None:
            yield Difference(table, org_id, id, "*", _presence(wanted), _presence(found))
            continue
        for column, left, right in zip(Sum._fields, wanted, found, strict=True):
            if left != right:
                yield Difference(table, org_id, id, column, str(left), str(right))


def _presence(row: object) -> str:
    return "no row" if row is None else "a row"
