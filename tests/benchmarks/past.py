"""Compare page 1 with page 1000 of lists as they were, in an organization with a million invoices.

python -m tests.benchmarks.past [--invoices N] [--page N] [--out FILE]

Each invoice has three earlier rows. The pages of 8 kB do not depend on the machine; the milliseconds are those of the
service's own read, without HTTP.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from psycopg import Connection

from infra.postgres.database import connect_as_table_owner, set_organization
from infra.postgres.migrate import migrate
from infra.postgres.pool import open_pool
from infra.reads.objects.members import PostgresMemberReads
from projections.invoice import INVOICE_LIST
from projections.registry import PAST_ROWS
from tests.benchmarks.million_steps import milliseconds
from tests.benchmarks.postgres import own_postgres
from tests.growth.data import LARGE, Size, fill
from tests.growth.pages import Lists
from tests.growth.past import fill_past, without_folded
from tests.support.postgres import logins_of

ROOT = Path(__file__).resolve().parents[2]
SMALL = 10_000
"""How many invoices the organization has with which the first page is compared."""
LIMIT, READS = 50, 20
MOMENTS = {"31 March 2024": "2024-03-31T18:30:00Z", "30 September 2026": "2026-09-30T18:30:00Z"}
SHAPES: tuple[Mapping[str, str], ...] = (
    {},
    {"sort": "createdAt"},
    {"sort": "-updatedAt"},
    {"sort": "invoiceDate"},
    {"sort": "dueDate"},
    {"sort": "invoiceNumber"},
    {"sort": "-totalAmount"},
    {"status": "paid"},
    {"status": "sent"},
    {"overdue": "true", "sort": "-dueDate"},
    {"clientId": "client-0"},
)
CAUGHT_UP = "INSERT INTO past_row_progress SELECT org_id, position, %s FROM org_log WHERE org_id = %s"


class PageQuery(NamedTuple):
    """A page of a list as it was."""

    params: Mapping[str, str]
    number: int
    """Which page it is; a list that is shorter has an earlier one."""


class Measured(NamedTuple):
    """What a page cost."""

    number: int
    pages: int
    milliseconds: float


class Database:
    """A database with so many invoices of one organization."""

    def __init__(self, conninfo: str, invoices: int) -> None:
        began = time.monotonic()
        self._conninfo = conninfo
        with connect_as_table_owner(conninfo) as conn:
            migrate(conn)
            fill(conn, Size(invoices, others=max(1, invoices // 5000)), shares={"invoices": 1.0})
            fill_past(conn)
            conn.execute(CAUGHT_UP, (PAST_ROWS.version, LARGE))
            ((rows,),) = conn.execute("SELECT count(*) FROM past_rows WHERE org_id = %s", (LARGE,)).fetchall()
        note(f"Filled {invoices} invoices with {rows} earlier rows in {time.monotonic() - began:.0f} s.")

    def measure(self, every: list[PageQuery]) -> list[Measured]:
        """Measure these pages."""
        with connect_as_table_owner(self._conninfo) as conn, open_pool(logins_of(self._conninfo), 1) as pool:
            lists, reads = Lists(conn, LARGE), PostgresMemberReads(pool)
            return [_measure(conn, lists, reads, asked) for asked in every]


def _measure(conn: Connection[Any], lists: Lists, reads: PostgresMemberReads, asked: PageQuery) -> Measured:
    params, number = {**asked.params, "limit": str(LIMIT)}, 1
    if asked.number > 1:
        cursor, number = _cursor_of(conn, asked)
        params["cursor"] = cursor
    query = INVOICE_LIST.query(LARGE, params)
    read = partial(reads.list_page, LARGE, query)
    return Measured(number, lists.query_cost(without_folded(query)).pages, milliseconds(READS, read)[0])


def _cursor_of(conn: Connection[Any], asked: PageQuery) -> tuple[str, int]:
    """Return the cursor of the page, and its number: a shorter list has no such page, and its last whole one counts."""
    rows = LIMIT * (asked.number - 1)
    query = INVOICE_LIST.query(LARGE, asked.params, rows=rows)
    with conn.transaction():
        conn.execute(set_organization(LARGE))
        found = conn.execute(query.sql, without_folded(query).args).fetchall()[:rows]
    whole = (len(found) - 1) // LIMIT if len(found) < rows else asked.number - 1
    return query.cursor_after(*found[whole * LIMIT - 1][1:3]), whole + 1


def main() -> None:
    options = _options()
    shapes = [({**params, "asOf": at}, day) for day, at in MOMENTS.items() for params in SHAPES]
    with own_postgres() as postgres:
        small = Database(postgres.create("small"), min(SMALL, options.invoices))
        large = Database(postgres.create("large"), options.invoices)
        first = [PageQuery(params, 1) for params, _ in shapes]
        later = [PageQuery(params, options.page) for params, _ in shapes]
        found = [*zip(shapes, small.measure(first), large.measure(first), large.measure(later), strict=True)]
    rows = [
        {"list": _name(params), "at": day, "small": few._asdict(), "first": one._asdict(), "later": other._asdict()}
        for (params, day), few, one, other in found
    ]
    print(_render(rows, options.invoices))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(msgspec.json.format(msgspec.json.encode(rows), indent=1) + b"\n")


def _name(params: Mapping[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in params.items() if name != "asOf") or "no filter, newest first"


def _render(rows: list[dict[str, Any]], invoices: int) -> str:
    """Return the table, in pages of 8 kB and milliseconds."""
    lines = [
        f"| list | as it was on | page 1 of {SMALL:,} invoices | page 1 of {invoices:,} | a later page of them |",
        "|---|---|---|---|---|",
    ]
    for each in rows:
        cells = [f"{each[name]['pages']}, {each[name]['milliseconds']} ms" for name in ("small", "first", "later")]
        lines.append(f"| `{each['list']}` | {each['at']} | {' | '.join(cells)} (page {each['later']['number']}) |")
    return "\n".join(lines)


def _options() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--invoices", type=int, default=1_000_000, help="how many invoices the organization has")
    parser.add_argument("--page", type=int, default=1000, help="which later page is compared with the first one")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "past.json")
    return parser.parse_args()


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
