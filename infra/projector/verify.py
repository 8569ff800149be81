"""Compares a projection's tables with the log. Each organization is read in one snapshot of the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from psycopg import Connection, IsolationLevel

from infra.log.heads import get_position
from infra.log.mapper import MAPPER
from infra.log.reading.kinds import stream_kind
from infra.postgres.database import Row, connect_as_table_owner
from infra.projector.checkpoints import Checkpoints
from infra.projector.differences import Difference, differences_sql
from infra.projector.items import copy_items, sum_log
from infra.projector.rows import copy_rows
from infra.projector.skips import read_skips
from projections.projection import RowProjection
from projections.sums import EventSumProjection, Sum, add_sums


def row_differences(conninfo: str, projection: RowProjection[Any], org_id: str) -> Iterator[Difference]:
    """Yield the differences between an organization's rows and its log. Commands may append to the log meanwhile.

    Raises UnreadableEvent.
    """
    table = projection.table
    with connect_as_table_owner(conninfo) as reader, connect_as_table_owner(conninfo) as conn:
        conn.isolation_level = reader.isolation_level = IsolationLevel.REPEATABLE_READ
        with conn.transaction(), reader.transaction():
            # Lock the table before the snapshot is taken. Otherwise a rebuild could replace the table after that, and
            # the snapshot would not show the rows of the new table.
            conn.execute(f"LOCK TABLE public.{table} IN ACCESS SHARE MODE")
            _share_snapshot(conn, reader)
            _create_expected(conn, table)
            skipped = read_skips(reader, org_id, projection.name)
            log = stream_kind(reader, org_id, projection.kind, get_position(reader, org_id))
            rows = projection.fold_log(org_id, log, MAPPER.event, skipped, MAPPER.state)
            copy_rows(conn, projection, "expected", org_id, rows)
            only = f"s.projection_version = {projection.version}"
            found = _compare(conn, table, projection.columns, org_id, only)
    yield from found


def event_sum_differences(
    conn: Connection[Row], projection: EventSumProjection[Any, Any], org_id: str
) -> Iterator[Difference]:
    """Yield the differences between an organization's sums and items and its log up to the checkpoint.

    Sums of another version of the projection are not compared. Raises UnreadableEvent.
    """
    with conn.transaction():
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        position, version = Checkpoints(projection).read(conn, org_id)
        if version != projection.version:
            return
        _create_expected(conn, projection.items_table)
        expected: dict[Any, Sum] = {}
        for page in sum_log(conn, projection, org_id, position):
            copy_items(conn, projection, "expected", org_id, page)
            expected = add_sums(expected, projection.deltas((), (summed.item for summed in page)))
        stored = projection.sums_from(conn.execute(projection.select_sums, (org_id,)))
        items = _compare(conn, projection.items_table, projection.item_columns, org_id)
    yield from _compare_sums(projection.table, org_id, expected, stored)
    yield from items


def _share_snapshot(conn: Connection[Row], reader: Connection[Row]) -> None:
    """Give both connections the same snapshot, in which every event has its row."""
    ((snapshot,),) = conn.execute("SELECT pg_export_snapshot()").fetchall()
    reader.execute(f"SET TRANSACTION SNAPSHOT '{snapshot}'")


def _create_expected(conn: Connection[Row], table: str) -> None:
    conn.execute(f"CREATE TEMPORARY TABLE expected (LIKE public.{table} INCLUDING DEFAULTS) ON COMMIT DROP")


def _compare(
    conn: Connection[Row], table: str, columns: tuple[str, ...], org_id: str, only: str = "true"
) -> list[Difference]:
    # Both sides are read in the order of their ids. A hash join would write both to disk first: rows are large.
    conn.execute("CREATE INDEX ON expected (id)")
    conn.execute("ANALYZE expected")
    conn.execute("SET LOCAL enable_hashjoin = off")
    rows = conn.execute(differences_sql(table, columns, "expected", only), {"org": org_id}).fetchall()
    return [Difference(table, org_id, *row) for row in rows]


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
