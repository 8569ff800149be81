"""The operations on `past_rows`: add the rows that new events have replaced, rebuild and verify."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from psycopg import Connection

from infra.log.heads import get_position
from infra.log.mapper import MAPPER
from infra.log.reading.histories import list_histories
from infra.log.reading.kinds import stream_kinds
from infra.log.reading.parts import Part, split_log
from infra.log.records import RecordedEvent
from infra.postgres.database import Row
from infra.projector.copy_text import copy_line
from infra.projector.differences import Difference, create_expected, find_differences, one_state
from infra.projector.following import PageFollower
from infra.projector.following.checkpoints import Checkpoints
from infra.projector.skips import read_skips
from infra.projector.verify import PART_EVENTS
from projections.query.past.rows import PastRow, PastRows

_PAGE_OBJECTS = 200
"""How many objects are folded at once."""
_PAGE_ROWS = 1000
"""How many rows are in memory at once while a whole log is read."""


class PastRowTable(PageFollower):
    """The operations on the table of the earlier rows."""

    def __init__(self, projection: PastRows) -> None:
        super().__init__(projection)
        self._projection = projection

    def differences(self, conn: Connection[Row], org_id: str) -> Iterator[Difference]:
        """Yield the differences. Each part of the objects is compared at the checkpoint of its moment."""
        projection, checkpoints = self._projection, self._checkpoints
        create_expected(conn, projection.table)
        position, _ = checkpoints.read(conn, org_id)
        for part in list(split_log(conn, projection.kinds, org_id, position, PART_EVENTS)):
            with one_state(conn):
                found = _differences_of_part(conn, projection, checkpoints, part)
            yield from found

    def fold_again(self, conn: Connection[Row], org_id: str, ids: Sequence[str]) -> None:
        """Write the rows of these objects again, as far as the log was added. Call it in a transaction."""
        projection = self._projection
        position, version = self._checkpoints.lock(conn, org_id)
        conn.execute(f"DELETE FROM {projection.table} WHERE org_id = %s AND id = ANY(%s)", (org_id, list(ids)))
        if version == projection.version:  # otherwise, all rows of the log are added again
            log = list_histories(conn, org_id, list(ids), position)
            rows = projection.rows(org_id, log, MAPPER.event, read_skips(conn, org_id))
            _copy(conn, projection, projection.table, org_id, rows)

    def _add(self, conn: Connection[Row], org_id: str, page: Sequence[RecordedEvent]) -> None:
        projection, skipped = self._projection, read_skips(conn, org_id)
        ids = sorted({event.originator_id for event in page if projection.concerns(event)})
        first, last = page[0].position, page[-1].position
        for start in range(0, len(ids), _PAGE_OBJECTS):
            log = list_histories(conn, org_id, ids[start : start + _PAGE_OBJECTS], last)
            rows = projection.rows(org_id, log, MAPPER.event, skipped, after=first - 1)
            _copy(conn, projection, projection.table, org_id, rows)

    def _add_again(self, conn: Connection[Row], org_id: str) -> int:
        upto = get_position(conn, org_id)
        conn.execute(f"DELETE FROM {self._projection.table} WHERE org_id = %s", (org_id,))
        _copy_log(conn, self._projection, self._projection.table, Part(org_id, upto), upto)
        self._checkpoints.advance(conn, org_id, upto)
        return upto


def _differences_of_part(
    conn: Connection[Row], projection: PastRows, checkpoints: Checkpoints, part: Part
) -> list[Difference]:
    """Return the differences of a part; none if another version of the projection has written the table."""
    position, version = checkpoints.read(conn, part.org_id)
    if version != projection.version:
        return []
    _copy_log(conn, projection, "expected", part, position)
    return find_differences(conn, projection.table, projection.columns, part, number="version")


def _copy_log(conn: Connection[Row], projection: PastRows, table: str, part: Part, upto: int) -> None:
    """Insert the rows of a part of a log up to a position. Call it in a transaction. Raises UnreadableEvent."""
    skipped = read_skips(conn, part.org_id)
    log = stream_kinds(conn, part.org_id, projection.kinds, upto, part.first_id, part.before_id)
    rows = projection.rows(part.org_id, log, MAPPER.event, skipped)
    while page := list(islice(rows, _PAGE_ROWS)):
        _copy(conn, projection, table, part.org_id, page)


def _copy(conn: Connection[Row], projection: PastRows, table: str, org_id: str, rows: Iterable[PastRow]) -> None:
    columns = ", ".join(("org_id", "id", "version", *projection.columns))
    lines = [copy_line((org_id, row.id, row.version, *row.values)) for row in rows]
    if lines:
        with conn.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            copy.write("".join(lines))
