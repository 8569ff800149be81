"""Measure one organization with a million events: proofs, and an edit log that is compared with a naive reading.

python -m tests.benchmarks.large_log [--events N] [--no-xlsx] [--out FILE] [--folder FOLDER]

Every line of the edit log, as CSV, is compared with what the JSON of the events says, and every cell of the same edit
log as XLSX, read by another library, with the CSV. A difference ends the run.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from infra.postgres.database import connect_as_table_owner
from infra.postgres.migrate import migrate
from tests.benchmarks import footprint
from tests.benchmarks.postgres import Postgres, own_postgres
from tests.benchmarks.seed import DAY, Bulk
from tests.support.command_line import COMMAND, environment

ROOT = Path(__file__).resolve().parents[2]
EVENTS_PER_INVOICE = 10
PERIOD = ("--from", "2025-01-01", "--to", "2027-12-31")
"""All days of the seeded log."""
STEPS = [sys.executable, "-m", "tests.benchmarks.million_steps"]
COMPARE = [sys.executable, "-m", "tests.benchmarks.edit_log"]


class Edited(Bulk):
    """An organization that changes each draft day after day, and then sends it."""

    def _life(self, index: int, drafted: datetime) -> tuple[list[datetime], Iterator[None]]:
        return [drafted + DAY * day for day in range(EVENTS_PER_INVOICE)], self._edits(index)

    def _edits(self, index: int) -> Iterator[None]:
        invoice = self.draft(index, due=45)
        yield
        for change in range(1, EVENTS_PER_INVOICE - 1):
            invoice.update({"notes": f"={change} changes"}, self.at)
            self.save(invoice)
            yield
        invoice.transition_to("sent", self.at)
        self.save(invoice)
        yield


def main() -> None:
    options = _options()
    options.folder.mkdir(parents=True, exist_ok=True)
    with own_postgres() as postgres:
        conninfo = postgres.create("log")
        org_id = _fill(conninfo, options.events)
        figures = _measure(postgres, conninfo, org_id, options)
    print(_render(figures))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(msgspec.json.format(msgspec.json.encode(figures), indent=1) + b"\n")


def _fill(conninfo: str, events: int) -> str:
    began = time.monotonic()
    log = Edited(0)
    log.issue_key(0)
    log.write_invoices(max(1, (events - 1) // EVENTS_PER_INVOICE))
    with connect_as_table_owner(conninfo) as conn:
        migrate(conn)
        with conn.transaction():
            log.store(conn)
        conn.execute("VACUUM ANALYZE")
    note(f"Filled {log.position} events in {time.monotonic() - began:.0f} s.")
    return log.org_id


def _measure(postgres: Postgres, conninfo: str, org_id: str, options: Any) -> dict[str, Any]:
    paths = {suffix: options.folder / f"edit-log-{org_id}.{suffix}" for suffix in ("csv", "xlsx")}
    figures = dict[str, Any]()

    def measure(name: str, command: list[str]) -> Any:
        began = time.monotonic()
        output, used = footprint.run(command, environment(DATABASE_URL=conninfo), postgres.pid)
        found = json.loads(output)
        figures[name] = {**found, "seconds": round(time.monotonic() - began, 1), **used._asdict()}
        note(f"{name}: {figures[name]['seconds']} s")

    def report(suffix: str) -> None:
        words = ["audit", "report", "--org", org_id, *PERIOD, "--out", str(paths[suffix]), "--json"]
        measure(suffix, [*COMMAND, *words])
        figures[suffix]["bytes"] = paths[suffix].stat().st_size

    measure("tiles", [*COMMAND, "projections", "rebuild", "log_tiles", "--json"])
    measure("proofs", [*STEPS, "proofs", conninfo, org_id])
    try:
        report("csv")
        measure("naive reading", [*COMPARE, "events", conninfo, org_id, str(paths["csv"])])
        if not options.no_xlsx:
            report("xlsx")
            measure("spreadsheet library", [*COMPARE, "sheets", str(paths["csv"]), str(paths["xlsx"])])
    finally:
        for path in paths.values():
            path.unlink(missing_ok=True)
    return figures


def _render(figures: dict[str, Any]) -> str:
    proofs, lines = figures["proofs"], list[str]()
    for suffix, compared in (("csv", "naive reading"), ("xlsx", "spreadsheet library")):
        if suffix not in figures:
            continue
        made, read = figures[suffix], figures[compared]
        lines.append(
            f"The edit log of {made['events']:,} events as {suffix.upper()}: {made['lines']:,} lines, "
            f"{made['bytes']:,} bytes in {made['seconds']} s, with {made['python_mebibytes']} MiB in Python and "
            f"{made['postgres_mebibytes']} MiB in PostgreSQL at most. Compared with the {compared}: {read['lines']:,} "
            f"lines, all equal, in {read['seconds']} s."
        )
    lines.append(
        f"A proof of one of {proofs['events']:,} events took {proofs['median']} ms (median), {proofs['p99']} ms (p99), "
        f"{proofs['most']} ms (most); {proofs['tooSlow']} took longer than 5 ms. Of that in the database: "
        f"{proofs['medianInDatabase']} ms (median), {proofs['slowInDatabase']} ms (the slowest hundredth)."
    )
    return "\n".join(lines)


def _options() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000, help="how many events, roughly")
    parser.add_argument("--no-xlsx", action="store_true", help="leave the XLSX out, which takes the longest")
    parser.add_argument("--folder", type=Path, default=ROOT / "bench", help="where the files are while it runs")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "large_log.json")
    return parser.parse_args()


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
