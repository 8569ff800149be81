"""Break what the service stands on, measure what its clients notice, and print a table; write bench/chaos.json.

python -m tests.chaos.run [--only FAULT ...]
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from tests.benchmarks import autogroup
from tests.benchmarks.meter import wait_until_quiet
from tests.chaos.faults import full_disk, hang, held_log, killed_master, killed_postgres, killed_process, slow_peers
from tests.chaos.report import Report, note
from tests.chaos.stage import Stage, stage

ROOT = Path(__file__).resolve().parents[2]
FAULTS: dict[str, Callable[[Stage, Report], None]] = {
    "peers": slow_peers.measure,
    "hang": hang.measure,
    "head": held_log.measure,
    "master": killed_master.measure,
    "postgres": killed_postgres.measure,
    "process": killed_process.measure,
    "disk": full_disk.measure,
}


def main() -> None:
    options = _options()
    report, began, noise = Report(), time.monotonic(), {}
    with autogroup.off(note), stage() as prepared:
        for name in options.only or FAULTS:
            noise[name] = wait_until_quiet()
            note(f"{name}, while other programs use {noise[name]:.0%} of the machine")
            FAULTS[name](prepared, report)
    print(report.text())
    result = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "foreign": noise,
        "seconds": round(time.monotonic() - began),
        "lines": report.lines,
        "notes": report.notes,
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=1) + b"\n")
    note(f"Finished in {result['seconds']} s; the table is also in {options.out}.")


def _options() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=FAULTS, help="the faults to try; without it, all of them")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "chaos.json")
    return parser.parse_args()


if __name__ == "__main__":
    main()
