"""Comparing what is stored with what the log says, row by row and column by column, in SQL."""

from __future__ import annotations

from typing import Any, NamedTuple

from projections.projection import RowProjection


class Difference(NamedTuple):
    """A place where a read table is not what the log says; a row that is missing or too many has the column `*`."""

    table: str
    org_id: str
    id: str
    column: str
    expected: str | None
    stored: str | None


def compared_columns(projection: RowProjection[Any]) -> tuple[str, ...]:
    """The columns of a row in the order in which it is copied."""
    return ("org_id", "id", "projection_version", *projection.columns)


def differences_sql(projection: RowProjection[Any], expected: str) -> str:
    """The statement that finds them: id, column, expected, stored; `expected` is a table of the log's own rows.

    Rows of an older version of the projection are not compared: they wait to be folded again, and `list` counts them.
    """
    pairs = ", ".join(f"('{name}', e.{name}::text, s.{name}::text)" for name in projection.columns)
    return f"""
        SELECT coalesce(e.id, s.id), d.name, d.expected, d.stored
        FROM (SELECT * FROM {expected}) e
        FULL JOIN (SELECT * FROM public.{projection.table} WHERE org_id = %(org)s) s ON e.id = s.id
        CROSS JOIN LATERAL (VALUES ('*', CASE WHEN e.id IS NULL THEN 'no row' ELSE 'a row' END,
                                    CASE WHEN s.id IS NULL THEN 'no row' ELSE 'a row' END), {pairs})
            AS d (name, expected, stored)
        WHERE d.expected IS DISTINCT FROM d.stored
        AND (d.name = '*' OR (e.id IS NOT NULL AND s.id IS NOT NULL AND s.projection_version = {projection.version}))
        ORDER BY 1, 2
    """
