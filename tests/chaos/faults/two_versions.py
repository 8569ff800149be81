"""Two versions of the service run side by side, of which the newer one writes other rows from the same events.

Fails when rows of the older version are not folded again (`refold_older_rows` folds none): some stay.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import Any

from infra.postgres.database import connect_as_table_owner
from projections.invoice import INVOICES
from tests.chaos.balancer import Balancer
from tests.chaos.report import Report
from tests.chaos.stage import Stage, quiet_service
from tests.chaos.under_load import checked_load, on_database
from tests.support.fork_server import run_command
from tests.support.waiting import wait_until

WHAT = "two versions side by side"
NEWER = """
from projections.registry import ROWS

def renew(kind):
    place, values = kind.columns.index("search"), kind.values
    def newer(self, row):
        old = values(self, row)
        return (*old[:place], f"{old[place]} newer", *old[place + 1:])
    kind.version, kind.values = kind.version + 1, newer

for kind in {type(projection) for projection in ROWS.values() if "search" in projection.columns}:
    renew(kind)

from infra.cli import main
main()
"""
"""The next version of the service: its projections store another text for the search."""
FINISHED = 5
"""How many finished invoices each version must have stored last: nobody writes to them any more."""
_COUNT = """
SELECT count(*) FILTER (WHERE projection_version = %(old)s), count(*) FILTER (WHERE projection_version > %(old)s)
FROM invoices WHERE status IN ('paid', 'void')
"""


def measure(stage: Stage, report: Report) -> None:
    run(report, stage.new_database())


def run(report: Report, conninfo: str) -> None:
    """Serve with both versions until both have finished invoices; then with the newer one alone, and run its worker."""
    newer = (sys.executable, "-c", NEWER)
    with ExitStack() as running:
        old = running.enter_context(quiet_service(conninfo))
        new = running.enter_context(quiet_service(conninfo, command=newer))
        balancer = running.enter_context(Balancer([old.url, new.url]))
        place = on_database(new.url, conninfo)._replace(command=newer)
        with checked_load(report, WHAT, place, url=balancer.url) as load:
            both = wait_until(lambda: min(rows := _rows(conninfo)) >= FINISHED and rows, 60)
            balancer.use([new.url])
            old.process.terminate()
            old.process.wait(40)
            load.go_on()
            run_command([*newer, "worker", "--once"], place.env, timeout=120).check_returncode()
    report.add(f"{WHAT}: finished invoices", "{} and {}".format(*both), f"≥ {FINISHED} of each", reached=all(both))
    left, renewed = _rows(conninfo)
    report.none(f"{WHAT}: finished invoices that stay as the older one stored them", ["one"] * left, left + renewed)
    failed = load.statuses[503] + load.statuses[0] + load.statuses[502]
    report.none(f"{WHAT}: requests without a result", ["503 or no answer"] * failed, load.answers)


def _rows(conninfo: str) -> tuple[int, int]:
    """Return how many finished invoices the older version has stored last, and how many the newer one."""
    with connect_as_table_owner(conninfo) as owner:
        row: Any = owner.execute(_COUNT, {"old": INVOICES.version}).fetchone()
    return int(row[0]), int(row[1])
