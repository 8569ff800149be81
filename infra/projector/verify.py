"""Compares the rows of a RowProjection with the log.

The objects of an organization are compared in parts, each in a snapshot of its own. One snapshot for all of them would
keep PostgreSQL from removing old row versions anywhere for as long as the comparison takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from psycopg import Connection

from infra.log.heads import get_position
from infra.log.mapper import MAPPER
from infra.log.reading.kinds import stream_kind
from infra.log.reading.parts import Part, split_log
from infra.postgres.database import Row
from infra.projector.dependent import dependent_differences
from infra.projector.differences import Difference, create_expected, find_differences, one_state
from infra.projector.rows import copy_rows
from infra.projector.skips import read_skips
from projections.projection import RowProjection

PART_EVENTS = 5000
"""How many events one snapshot compares with their rows, roughly."""


def row_differences(conn: Connection[Row], projection: RowProjection[Any], org_id: str) -> Iterator[Difference]:
    """Yield the differences between an organization's rows and its log. Commands may append to the log meanwhile.

    Raises UnreadableEvent.
    """
    create_expected(conn, projection.table)
    for part in list(split_log(conn, [projection.kind], org_id, get_position(conn, org_id), PART_EVENTS)):
        yield from _differences_of_part(conn, projection, part)


def _differences_of_part(conn: Connection[Row], projection: RowProjection[Any], part: Part) -> list[Difference]:
    org_id, kind = part.org_id, projection.kind
    with one_state(conn):
        # Lock the table before the snapshot is taken. Otherwise a rebuild could replace the table after that, and the
        # snapshot would not show the rows of the new table.
        conn.execute(f"LOCK TABLE public.{projection.table} IN ACCESS SHARE MODE")
        skipped = read_skips(conn, org_id, projection.name)
        log = list(stream_kind(conn, org_id, kind, get_position(conn, org_id), part.first_id, part.before_id))
        rows = projection.fold_log(org_id, log, MAPPER.event, skipped, MAPPER.state)
        folded = rows if projection.dependent is None else list(rows)
        copy_rows(conn, projection, "expected", org_id, folded)
        only = f"s.projection_version = {projection.version}"
        found = find_differences(conn, projection.table, projection.columns, part, only)
        return found if projection.dependent is None else found + dependent_differences(conn, projection, part, folded)
