"""Count the pages that each shape of each list reads at 10 000 and at 1 000 000 invoices, and fail for one that grows.

python -m tests.benchmarks.growth [--large N] [--lists invoices,bills] [--quick] [--data FOLDER]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from psycopg.conninfo import make_conninfo

from infra.postgres.database import connect_as_table_owner
from infra.postgres.embedded import run_postgres
from infra.postgres.migrate import migrate
from tests.benchmarks.postgres import own_postgres
from tests.growth.data import LARGE, Size, fill
from tests.growth.exceptions import EXCEPTIONS
from tests.growth.pages import Lists
from tests.growth.requests import fill_requests
from tests.growth.shapes import VALUES, shapes
from tests.growth.verdicts import Verdict, compare, compare_again, compare_events
from tests.support.postgres import service_group

SMALL_INVOICES = 10_000
MAX_PRINTED = 60


def main() -> None:
    options = _options()
    with _server(options.data) as server:
        databases = {invoices: _filled(server, invoices) for invoices in (SMALL_INVOICES, options.large)}
        verdicts: list[Verdict] = []
        small, large = databases.values()
        with connect_as_table_owner(small) as few, connect_as_table_owner(large) as many:
            lists = [Lists(few, LARGE), Lists(many, LARGE)]
            verdicts += compare_events(*lists)
            for name in options.lists.split(","):
                began = time.monotonic()
                once = compare(shapes(name, thin=options.quick), *lists, index_once=True)
                found = list(compare_again(once, *lists))
                note(f"{name}: {len(found)} shapes in {time.monotonic() - began:.0f} s.")
                verdicts += found
    _print(verdicts, options.all)
    if any(verdict.grows for verdict in verdicts):
        raise SystemExit("Failed: the shapes above read more pages in a larger organization.")


def _print(verdicts: list[Verdict], print_all: bool) -> None:
    worst = sorted(verdicts, key=lambda verdict: (not verdict.grows, -verdict.ratio))
    print("pages: small, large, at most; rows removed; exception; shape: plan at the large size")
    for each in worst if print_all else worst[:MAX_PRINTED]:
        kind = "GROWS" if each.grows else each.exception.name if each.exception else ""
        figures = f"{each.small.pages:8}{each.large.pages:9}{each.allowed:9.0f}{each.large.removed:9}  {kind:10}"
        print(f"{figures}{each.shape}: {each.large.plan}")
    for exception in EXCEPTIONS:
        covered = [each for each in verdicts if each.exception is exception and not each.grows]
        most = max((each.large.pages for each in covered), default=0)
        print(f"{len(covered):6} shapes with {exception.name}, with at most {most} pages: {exception.why}.")
    grown = sum(verdict.grows for verdict in verdicts)
    flat = sum(verdict.exception is None and not verdict.grows for verdict in verdicts)
    chance = sum(verdict.is_chance for verdict in verdicts)
    print(f"{len(verdicts)} shapes: {flat} touch as many pages as in the small organization, and {grown} grow.")
    print(f"{chance} of them grow with some samples of the statistics, and not with others.")


@contextmanager
def _server(data: Path | None) -> Iterator[str]:
    """Yield the conninfo of a server. It is removed afterwards, unless a folder for it is given."""
    if data is None:
        with own_postgres() as postgres:
            yield postgres.conninfo("postgres")
        return
    with run_postgres(data.absolute(), group=service_group()) as conninfo:
        yield conninfo


def _filled(server: str, invoices: int) -> str:
    """Return the conninfo of a database with so many invoices, half of them of one organization."""
    name = f"growth_{invoices}"
    conninfo = make_conninfo(server, dbname=name)
    with connect_as_table_owner(server) as conn:
        if conn.execute("SELECT FROM pg_database WHERE datname = %s", (name,)).fetchone() is None:
            conn.execute(f"CREATE DATABASE {name}")
            is_new = True
        else:
            is_new = False
    with connect_as_table_owner(conninfo) as conn:
        migrate(conn)
        if is_new:
            began = time.monotonic()
            fill(conn, Size(invoices // 2, invoices // 1000))
            fill_requests(conn, LARGE, invoices // 2)
            note(f"Filled {invoices} invoices in {time.monotonic() - began:.0f} s.")
    return conninfo


def _options() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", type=int, default=1_000_000, help="how many invoices the larger database has")
    parser.add_argument("--lists", default=",".join(VALUES), help="which lists, with commas")
    parser.add_argument("--quick", action="store_true", help="only the first and last value of each filter in pairs")
    parser.add_argument("--all", action="store_true", help="print every shape, not only the worst")
    parser.add_argument("--data", type=Path, help="keep the databases in this folder, and use those that are there")
    return parser.parse_args()


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
