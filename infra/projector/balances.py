"""The sums of what is outstanding at work: adding what is new in the logs, and summing them again."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby, islice
from typing import NamedTuple

from psycopg import Connection

from infra.log.heads import count_not_in_balances, get_position, list_behind_in_balances
from infra.log.mapper import MAPPER
from infra.log.reader import list_page, stream_kinds
from infra.log.records import RecordedEvent
from infra.postgres.database import Row
from projections.balances import (
    FIND_ITEMS,
    VERSION,
    WAITING,
    Item,
    Key,
    Sum,
    added,
    concerns,
    deltas,
    fold,
    items_of,
)
from projections.rebuild import UnreadableEvent

logger = logging.getLogger("smartdhandha.balances")

PAGE = 2000
"""Events that are added in one transaction."""

_BEGIN = """
INSERT INTO balance_progress (org_id, position, projection_version) VALUES (%s, 0, %s) ON CONFLICT DO NOTHING
"""
_PROGRESS = "SELECT position, projection_version FROM balance_progress WHERE org_id = %s FOR UPDATE"
"""Whoever adds to an organization's sums holds this row: two that add the same events would count them twice."""
_ADVANCE = "UPDATE balance_progress SET position = %s, projection_version = %s WHERE org_id = %s"
_ROWS = """
SELECT count(*), count(*) FILTER (WHERE p.projection_version < %(version)s)
FROM balances b LEFT JOIN balance_progress p USING (org_id) WHERE %(org)s::text IS NULL OR b.org_id = %(org)s
"""
_SKIPPED = "SELECT position FROM projection_skips WHERE org_id = %s"
"""An event that was left out of the rows is left out of the sums, too."""
_PUT_ITEM = """
INSERT INTO balance_items (org_id, id, kind, status, unit, day, amount) VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (org_id, id) DO UPDATE SET kind = EXCLUDED.kind, status = EXCLUDED.status, unit = EXCLUDED.unit,
    day = EXCLUDED.day, amount = EXCLUDED.amount
"""
_ADD = """
INSERT INTO balances AS b (org_id, kind, unit, day, amount, objects) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (org_id, kind, unit, day) DO UPDATE SET amount = b.amount + EXCLUDED.amount,
    objects = b.objects + EXCLUDED.objects
"""
_DROP_EMPTY = "DELETE FROM balances WHERE org_id = %s AND objects = 0 AND amount = 0"


class State(NamedTuple):
    """How a projection of sums stands: rows, rows of an older version, and events that are not in it yet."""

    rows: int
    older: int
    lag: int


def state(conn: Connection[Row], org_id: str | None = None) -> State:
    """How the sums of one organization, or of all, stand."""
    rows = conn.execute(_ROWS, {"org": org_id, "version": VERSION}).fetchone()
    assert rows is not None
    return State(rows[0], rows[1], count_not_in_balances(conn, org_id))


def add_new(conn: Connection[Row]) -> tuple[int, list[UnreadableEvent]]:
    """Add every log's new events to its sums; answers how many there were.

    An event that cannot be taken stops its own organization, before the page in which it stands, and no other.
    """
    done, failures = 0, []
    for org_id in list_behind_in_balances(conn, VERSION):
        try:
            while count := add_page(conn, org_id):
                done += count
        except UnreadableEvent as unreadable:
            logger.error("the sums stand still: %s", unreadable)
            failures.append(unreadable)
    return done, failures


def add_page(conn: Connection[Row], org_id: str, limit: int = PAGE) -> int:
    """Add the next events of an organization's log, in one transaction; answers how many there were.

    Raises UnreadableEvent, and adds nothing.
    """
    with conn.transaction():
        position, version = _take_turn(conn, org_id)
        if version != VERSION:  # a newer process has been here: its sums are not this one's to add to
            return _sum_again(conn, org_id) if version < VERSION else 0
        page = list_page(conn, org_id, position, limit)
        if not page:
            return 0
        skipped = skipped_positions(conn, org_id)
        wanted = [record for record in page if concerns(record) and record.position not in skipped]
        ids = list({record.originator_id for record in wanted})
        before = items_of(conn.execute(FIND_ITEMS, (org_id, ids)).fetchall())
        after = fold_onto(org_id, before, wanted)
        _store(conn, org_id, after, deltas([before.get(id) for id in after], after.values()))
        conn.execute(_ADVANCE, (page[-1].position, VERSION, org_id))
    return len(page)


def rebuild(conn: Connection[Row], org_id: str) -> int:
    """Sum one organization's log again while it is written to; answers the number of events.

    All in one transaction: until its end, the sums are served as they were. Raises UnreadableEvent;
    then nothing is changed.
    """
    with conn.transaction():
        _take_turn(conn, org_id)
        return _sum_again(conn, org_id)


def sum_log(conn: Connection[Row], org_id: str, upto: int, skipped: Collection[int]) -> Iterator[tuple[str, Item, int]]:
    """Each object's item after its events up to that position, and how many they were; call it in a transaction."""
    log = stream_kinds(conn, org_id, WAITING, upto)
    for id, history in groupby(log, key=lambda record: record.originator_id):
        taken = [record for record in history if record.position not in skipped]
        if taken:
            yield id, fold_onto(org_id, {}, taken)[id], len(taken)


def fold_onto(org_id: str, before: dict[str, Item], found: Iterable[RecordedEvent]) -> dict[str, Item]:
    """The items of the objects to which these events happened, as they are after them. Raises UnreadableEvent."""
    after: dict[str, Item] = {}
    for record in found:
        id = record.originator_id
        try:
            after[id] = fold(after.get(id, before.get(id)), MAPPER.event(record))
        except Exception as error:
            raise UnreadableEvent(org_id, record.position, record.name, f"{type(error).__name__}: {error}") from error
    return after


def copy_items(conn: Connection[Row], table: str, org_id: str, summed: Iterable[tuple[str, Item, int]]) -> None:
    """Fill a table of items by COPY."""
    columns = "org_id, id, kind, status, unit, day, amount"
    with conn.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for id, item, _ in summed:
            copy.write_row((org_id, id, *_values(item)))


def skipped_positions(conn: Connection[Row], org_id: str) -> set[int]:
    """The positions of the events that someone decided to leave out."""
    return {position for (position,) in conn.execute(_SKIPPED, (org_id,))}


def _take_turn(conn: Connection[Row], org_id: str) -> tuple[int, int]:
    conn.execute(_BEGIN, (org_id, VERSION))
    row = conn.execute(_PROGRESS, (org_id,)).fetchone()
    assert row is not None
    return row[0], row[1]


def _sum_again(conn: Connection[Row], org_id: str) -> int:
    upto, events = get_position(conn, org_id), 0
    conn.execute("DELETE FROM balance_items WHERE org_id = %s", (org_id,))
    conn.execute("DELETE FROM balances WHERE org_id = %s", (org_id,))
    sums: dict[Key, Sum] = {}
    log = sum_log(conn, org_id, upto, skipped_positions(conn, org_id))
    while page := list(islice(log, PAGE)):
        sums = added(sums, deltas((), (item for _, item, _ in page)))
        copy_items(conn, "balance_items", org_id, page)
        events += sum(count for _, _, count in page)
    _store(conn, org_id, {}, sums)
    conn.execute(_ADVANCE, (upto, VERSION, org_id))
    return events


def _store(conn: Connection[Row], org_id: str, items: dict[str, Item], more: dict[Key, Sum]) -> None:
    with conn.cursor() as cursor:
        cursor.executemany(_PUT_ITEM, [(org_id, id, *_values(item)) for id, item in items.items()])
        cursor.executemany(_ADD, [(org_id, *key, *delta) for key, delta in sorted(more.items())])
    conn.execute(_DROP_EMPTY, (org_id,))


def _values(item: Item) -> tuple[object, ...]:
    return (item.kind, item.status, item.unit, item.day, item.amount)
