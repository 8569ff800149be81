"""Fills the read tables of one large and several small organizations by SQL, within seconds, without their log.

The data is like that of a business: six years, a date that mostly follows the creation, nearly all old documents paid,
a few large clients and many small ones. The same arguments always give the same data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from psycopg import Connection

from infra.postgres.database import Row
from tests.growth.events import EVENTS, HEADS
from tests.growth.rows import DOCUMENTS, LEAVES

TODAY = "2026-11-26"
LARGE = "org_large"
SHARES = {"invoices": 1.0, "bills": 0.3, "leaves": 0.2}
"""For each table, the number of rows for each invoice."""
_INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""


class Size(NamedTuple):
    """How many invoices there are. The organization LARGE has `large` of them, and each of `others` has 500."""

    large: int
    others: int


def fill(conn: Connection[Row], size: Size, shares: Mapping[str, float] = SHARES) -> None:
    """Fill an empty database that has the schema."""
    conn.execute("SET session_replication_role = replica")  # no triggers, which keep numbers unique
    conn.execute("SET maintenance_work_mem = '512MB'")
    for table, share in shares.items():
        with indexed_afterwards(conn, table):
            conn.execute((LEAVES if table == "leaves" else DOCUMENTS[table]), _numbers(size, share))
    conn.execute(HEADS, {"events": 3 * size.large, "org": LARGE})
    conn.execute(EVENTS, {"events": 3 * size.large, "org": LARGE, "today": TODAY})
    for table in (*shares, "events", "org_log"):
        conn.execute(f"VACUUM ANALYZE {table}")


@contextmanager
def indexed_afterwards(conn: Connection[Row], table: str) -> Iterator[None]:
    """Drop the indexes of the table, and create them again after the block, which fills it: that is much faster."""
    indexes = conn.execute(_INDEXES, (table,)).fetchall()
    for name, _ in indexes:
        conn.execute(f"DROP INDEX {name}")
    yield
    for _, definition in indexes:
        conn.execute(definition)


def _numbers(size: Size, share: float) -> dict[str, object]:
    return {
        "large": max(1, int(size.large * share)),
        "others": size.others,
        "each": max(1, int(500 * share)),
        "org": LARGE,
        "today": TODAY,
    }
