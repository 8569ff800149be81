"""Measure what handles whole logs, with about a million events: time, processor time and memory of each command.

python -m tests.benchmarks.million [--events N] [--due N] [--out FILE]

Half of the events belong to one organization. In another one, 50 000 invoices fall due at once.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import psutil

from infra.postgres.database import connect_as_table_owner
from infra.postgres.migrate import migrate
from tests.benchmarks import footprint, whale
from tests.benchmarks.postgres import Postgres, own_postgres
from tests.support.command_line import COMMAND, environment

ROOT = Path(__file__).resolve().parents[2]
OTHERS = ("objects", "past", "proofs")
"""The figures that are not those of a command for all events."""
MONTH = ("--from", "2025-07-01", "--to", "2025-07-31")
"""A month of the seeded year."""
STEPS = [sys.executable, "-m", "tests.benchmarks.million_steps"]


def main() -> None:
    options = _options()
    with own_postgres() as postgres:
        conninfo = _database(postgres, "ours")
        began = time.monotonic()
        data = whale.fill(conninfo, options.events, options.due)
        note(f"Filled {data.events} events in {time.monotonic() - began:.0f} s.")
        report: dict[str, Any] = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
            "load": round(psutil.getloadavg()[0], 1),
            "data": data._asdict(),
            "figures": _measure(postgres, conninfo, data, options.out.parent),
        }
    print(_render(report["figures"]))
    options.out.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n")


def _measure(postgres: Postgres, conninfo: str, data: whale.Data, folder: Path) -> dict[str, Any]:
    """Return the figures of each command: seconds, how many items it has handled, and what it has used."""
    folder.mkdir(parents=True, exist_ok=True)
    copy, figures = folder / "million.jsonl", dict[str, Any]()

    def measure(name: str, command: list[str], database: str = conninfo) -> Any:
        began = time.monotonic()
        output, used = footprint.run(command, environment(DATABASE_URL=database), postgres.pid)
        figures[name] = {"seconds": round(time.monotonic() - began, 2), "items": data.events, **used._asdict()}
        note(f"{name}: {figures[name]['seconds']} s")
        found = json.loads(output)
        assert found.get("whole", True), found
        return found

    def command(*words: str, name: str = "", database: str = conninfo) -> Any:
        return measure(name or " ".join(words[:2]), [*COMMAND, *words, "--json"], database)

    def rebuild(table: str) -> None:
        name = f"projections rebuild {table}"
        (rebuilt,) = command("projections", "rebuild", table, name=name)["rebuilt"]
        figures[name] |= {"items": rebuilt["events"], "seconds": rebuilt["seconds"]}

    def report(suffix: str) -> None:
        out, name = folder / f"edit-log.{suffix}", f"audit report of a month ({suffix}), lines"
        try:
            made = command("audit", "report", "--org", data.whale, *MONTH, "--out", str(out), name=name)
        finally:
            out.unlink(missing_ok=True)
        figures[name]["items"] = made["lines"]

    rebuild("invoices")
    rebuild("log_tiles")
    rebuild("past_rows")
    command("projections", "verify")
    command("audit", "verify")
    report("csv")
    report("xlsx")
    figures["past"] = measure("past", [*STEPS, "past", conninfo, data.whale])
    figures["proofs"] = measure("proofs", [*STEPS, "proofs", conninfo, data.whale])
    try:
        command("audit", "export", "--out", str(copy))
        command("audit", "import", str(copy), database=_database(postgres, "copy"))
    finally:
        copy.unlink(missing_ok=True)
    marked = measure("midnight", [*STEPS, "midnight", conninfo, data.waiting])
    figures["midnight"] |= marked
    figures["midnight"]["items"] = marked["marked"]
    figures["objects"] = measure("objects", [*STEPS, "objects", conninfo, data.whale, *data.invoices])
    return figures


def _database(postgres: Postgres, name: str) -> str:
    conninfo = postgres.create(name)
    with connect_as_table_owner(conninfo) as conn:
        migrate(conn)
    return conninfo


def _render(figures: dict[str, Any]) -> str:
    lines = [
        "| command | per second | seconds | µs each in Python | in PostgreSQL | MiB in Python, in PostgreSQL |",
        "|---|---|---|---|---|---|",
    ]
    for name, used in figures.items():
        if name in OTHERS:
            continue
        rate, seconds = round(used["items"] / used["seconds"]), used["seconds"]
        python, postgres = (round(used[f"{each}_seconds"] / used["items"] * 1e6, 1) for each in ("python", "postgres"))
        memory = f"{used['python_mebibytes']}, {used['postgres_mebibytes']}"
        lines.append(f"| {name} | {rate:,} | {seconds} | {python} | {postgres} | {memory} |")
    lines += [
        "",
        f"Midnight: all other organizations were done {figures['midnight']['othersAfterSeconds']} s after the",
    ]
    lines += ["beginning, and the marked documents of one transaction had the log locked for at most"]
    lines += [f"{figures['midnight']['longestLockSeconds']} s."]
    proofs = figures["proofs"]
    times = f"{proofs['median']} ms (median), {proofs['p99']} ms (p99)"
    lines += ["", f"A proof of one of {proofs['events']:,} events took {times}."]
    pages = (f"page {number} took {milliseconds} ms" for number, milliseconds in figures["past"]["pages"].items())
    lines += [f"The list of invoices as it was in the middle of the log: {', '.join(pages)}."]
    lines += ["", "| an object of so many events | a change (ms) | Python (ms) | first page of its history (ms) |"]
    lines += ["|---|---|---|---|"]
    for events, used in figures["objects"].items():
        lines.append(f"| {events} | {used['change']} | {used['changePython']} | {used['history']} |")
    return "\n".join(lines)


def _options() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000, help="how many events, roughly")
    parser.add_argument("--due", type=int, default=50_000, help="how many invoices fall due at once")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "million.json")
    return parser.parse_args()


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
