"""The dependent table of a RowProjection, such as the hashes by which API keys are found: compared with the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from psycopg import Connection

from domain.calendar import instant
from infra.log.reading.cursors import select_scalars
from infra.log.reading.parts import Part
from infra.postgres.database import Row
from infra.projector.differences import Difference
from projections.projection import FoldedRow, RowProjection

_SHOWN_CHARACTERS = 12
"""How much of the first column a difference shows: enough to find the row."""
_IN_PART = "org_id = %(org)s AND {id} >= %(first)s AND (%(before)s::text IS NULL OR {id} < %(before)s)"
_SELECT_STORED = f"SELECT {{id}}, {{name}}, extract(epoch FROM {{end}})::float8 FROM {{table}} WHERE {_IN_PART}"
_SELECT_OLDER = f"SELECT id FROM {{table}} WHERE {_IN_PART} AND projection_version < %(version)s"
MAX_SECONDS = datetime.max.replace(tzinfo=UTC).timestamp() - 86_400
_Key = tuple[str, str]


def list_dependent(conn: Connection[Row], projection: RowProjection[Any], org_id: str) -> list[str]:
    """Return the ids that an organization's rows in the dependent table name; none without such a table."""
    if projection.dependent is None:
        return []
    table, id, _ = projection.dependent
    return select_scalars(conn, f"SELECT DISTINCT {id} FROM {table} WHERE org_id = %s", (org_id,)).fetchall()


def dependent_differences(
    conn: Connection[Row], projection: RowProjection[Any], part: Part, rows: Iterable[FoldedRow]
) -> list[Difference]:
    """Return the differences between the dependent table and the rows of a part, which were folded from the log.

    Nothing is compared for a stored row of an older version of the projection, which is folded again anyway.
    """
    assert projection.dependent is not None
    table, owner, (name, end) = projection.dependent
    values = {"org": part.org_id, "first": part.first_id, "before": part.before_id, "version": projection.version}
    older = {id for (id,) in conn.execute(_SELECT_OLDER.format(table=projection.table, id="id"), values)}
    select = _SELECT_STORED.format(table=table, id=owner, name=name, end=end)
    stored = {(id, text): end for id, text, end in conn.execute(select, values)}
    expected = {
        (row.id, text): _seconds(end) for row in rows for text, end in projection.dependent_rows(row.row).items()
    }
    return [
        Difference(table, part.org_id, key[0], key[1][:_SHOWN_CHARACTERS], _shown(expected, key), _shown(stored, key))
        for key in sorted({*stored, *expected})
        if key[0] not in older and _shown(expected, key) != _shown(stored, key)
    ]


def _seconds(end: datetime | None) -> float | None:
    return None if end is None else end.timestamp()


def _shown(rows: Mapping[_Key, float | None], key: _Key) -> str:
    if key not in rows:
        return "no row"
    end = rows[key]
    if end is None:
        return "a row without an end"
    # PostgreSQL has times that Python does not have, such as `infinity`.
    return f"a row until {instant(datetime.fromtimestamp(end, UTC)) if abs(end) < MAX_SECONDS else end}"
