"""Break what the service stands on, under load; print what clients notice, and a line for each scenario at the end.

The exit status is 1 when a goal is missed. The figures are also in bench/chaos.json.

python -m tests.chaos.run [--only SCENARIO ...]
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from tests.benchmarks import autogroup
from tests.benchmarks.meter import wait_until_quiet
from tests.chaos.faults import (
    changes,
    clocks,
    cuts,
    flood,
    full_disk,
    hang,
    held_log,
    killed_backend,
    killed_master,
    killed_postgres,
    killed_process,
    restored,
    rolling_restart,
    slow_peers,
    stopped_process,
    stopped_worker,
)
from tests.chaos.report import Report, note, summary
from tests.chaos.stage import Stage, stage

ROOT = Path(__file__).resolve().parents[2]
FAULTS: dict[str, Callable[[Stage, Report], None]] = {
    "process": killed_process.measure,
    "master": killed_master.measure,
    "backend": killed_backend.measure,
    "postgres": killed_postgres.measure,
    "all": killed_master.measure_all,
    "stop": stopped_process.measure,
    "worker": stopped_worker.measure,
    "hang": hang.measure,
    "head": held_log.measure,
    "disk": full_disk.measure,
    "host-clock": clocks.measure_host,
    "clock": clocks.measure_database,
    "cuts": cuts.measure_clients,
    "db-cuts": cuts.measure_database,
    "peers": slow_peers.measure,
    "flood": flood.measure,
    "changes": changes.measure,
    "rolling": rolling_restart.measure,
    "restore": restored.measure,
}


def main() -> None:
    options = _options()
    began, noise = time.monotonic(), {}
    scenarios: dict[str, tuple[Report, float]] = {}
    with autogroup.off(note), stage() as prepared:
        for name in options.only or FAULTS:
            noise[name] = wait_until_quiet()
            note(f"{name}, while other programs use {noise[name]:.0%} of the machine")
            begin, report = time.monotonic(), Report()
            FAULTS[name](prepared, report)
            scenarios[name] = (report, time.monotonic() - begin)
    print(summary(scenarios))
    result = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "foreign": noise,
        "seconds": round(time.monotonic() - began),
        "scenarios": {
            name: {"seconds": round(seconds), "lines": report.lines, "notes": report.notes}
            for name, (report, seconds) in scenarios.items()
        },
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=1) + b"\n")
    note(f"Finished in {result['seconds']} s; the figures are in {options.out}.")
    sys.exit(any(report.missed for report, _ in scenarios.values()))


def _options() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=FAULTS, help="the scenarios to run; without it, all of them")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "chaos.json")
    return parser.parse_args()


if __name__ == "__main__":
    main()
