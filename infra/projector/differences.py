"""Finds the differences between a stored table and its log in SQL, row by row and column by column."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Difference(NamedTuple):
    """A stored value that differs from the log. If a row is missing or should not exist, the column is `*`."""

    table: str
    org_id: str
    id: str
    column: str
    expected: str | None
    stored: str | None


def differences_sql(table: str, columns: Iterable[str], expected: str, only: str = "true") -> str:
    """Return the statement that selects the differences: id, column, expected value, stored value.

    `expected` is a table with the rows that were folded from the log. `only` is an SQL condition on the stored row `s`:
    columns are compared only in rows that meet the condition. With it, a caller can leave out rows of an older version,
    which will be folded again anyway.
    """
    pairs = "".join(f", ('{name}', e.{name}::text, s.{name}::text)" for name in columns)
    return f"""
        SELECT coalesce(e.id, s.id), d.name, d.expected, d.stored
        FROM (SELECT * FROM {expected}) e
        FULL JOIN (SELECT * FROM public.{table} WHERE org_id = %(org)s) s ON e.id = s.id
        CROSS JOIN LATERAL (VALUES ('*', CASE WHEN e.id IS NULL THEN 'no row' ELSE 'a row' END,
                                    CASE WHEN s.id IS NULL THEN 'no row' ELSE 'a row' END){pairs})
            AS d (name, expected, stored)
        WHERE d.expected IS DISTINCT FROM d.stored
        AND (d.name = '*' OR (e.id IS NOT NULL AND s.id IS NOT NULL AND {only}))
        ORDER BY 1, 2
    """
