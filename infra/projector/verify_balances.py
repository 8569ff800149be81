"""Comparing the sums of what is outstanding, and the items they are made of, with the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from psycopg import Connection, IsolationLevel

from infra.postgres.database import Row, connect_owner
from infra.projector.balances import PAGE, copy_items, skipped_positions, sum_log
from projections.balances import ITEMS, SUMS, TABLE, VERSION, Key, Sum, added, deltas, sums_of
from projections.verify import Difference

_PROGRESS = "SELECT position, projection_version FROM balance_progress WHERE org_id = %s"
_COLUMNS = ("kind", "status", "unit", "day", "amount")
_ITEMS_DIFFERING = f"""
SELECT coalesce(e.id, s.id), d.name, d.expected, d.stored
FROM expected_items e FULL JOIN (SELECT * FROM balance_items WHERE org_id = %(org)s) s USING (org_id, id)
CROSS JOIN LATERAL (VALUES
    ('*', CASE WHEN e.kind IS NULL THEN 'no row' ELSE 'a row' END,
          CASE WHEN s.kind IS NULL THEN 'no row' ELSE 'a row' END),
    {", ".join(f"('{name}', e.{name}::text, s.{name}::text)" for name in _COLUMNS)}
) AS d (name, expected, stored)
WHERE d.expected IS DISTINCT FROM d.stored AND (d.name = '*' OR (e.kind IS NOT NULL AND s.kind IS NOT NULL))
ORDER BY 1, 2
"""


def balance_differences(conninfo: str, org_id: str) -> Iterator[Difference]:
    """Where the organization's sums and items are not what its log says, as far as they go; what is not added yet is
    no difference, and neither are sums of an older version, which wait to be made again.

    Raises UnreadableEvent for an event that cannot be taken.
    """
    with connect_owner(conninfo) as conn:
        conn.isolation_level = IsolationLevel.REPEATABLE_READ  # sums, items and how far they go are of one moment
        with conn.transaction():
            row = conn.execute(_PROGRESS, (org_id,)).fetchone()
            position, version = row or (0, VERSION)
            if version != VERSION:
                return
            expected = _expect(conn, org_id, position)
            stored = sums_of(conn.execute(SUMS, (org_id,)))
            items = conn.execute(_ITEMS_DIFFERING, {"org": org_id}).fetchall()
    yield from _sums_differing(org_id, expected, stored)
    for id, column, wanted, found in items:
        yield Difference(ITEMS, org_id, id, column, wanted, found)


def _expect(conn: Connection[Row], org_id: str, upto: int) -> dict[Key, Sum]:
    """The sums that the log says; the items are left in a table of the transaction's own."""
    conn.execute("CREATE TEMPORARY TABLE expected_items (LIKE balance_items) ON COMMIT DROP")
    sums: dict[Key, Sum] = {}
    log = sum_log(conn, org_id, upto, skipped_positions(conn, org_id))
    while page := list(islice(log, PAGE)):
        copy_items(conn, "expected_items", org_id, page)
        sums = added(sums, deltas((), (item for _, item, _ in page)))
    return sums


def _sums_differing(org_id: str, expected: dict[Key, Sum], stored: dict[Key, Sum]) -> Iterable[Difference]:
    for key in sorted({*expected, *stored}):
        id = f"{key.kind} {key.unit} {key.day.isoformat()}"
        wanted, found = expected.get(key), stored.get(key)
        if wanted is None or found is None:
            yield Difference(TABLE, org_id, id, "*", _presence(wanted), _presence(found))
            continue
        for column, left, right in zip(Sum._fields, wanted, found, strict=True):
            if left != right:
                yield Difference(TABLE, org_id, id, column, str(left), str(right))


def _presence(found: Any) -> str:
    return "no row" if found is None else "a row"
