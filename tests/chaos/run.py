"""Break what the service stands on, under load; print what clients notice, and a line for each scenario at the end.

The exit status is 1 when a goal is missed. The figures are also in bench/chaos.json.

python -m tests.chaos.run [--only SCENARIO ...]
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import psutil
import psycopg

from tests.benchmarks import autogroup
from tests.benchmarks.meter import wait_until_quiet
from tests.chaos.faults import (
    changes,
    clocks,
    cuts,
    delays,
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
    stopped_service,
    stopped_worker,
    two_versions,
)
from tests.chaos.load.load import Load
from tests.chaos.report import Report, note, summary
from tests.chaos.stage import Stage, stage

ROOT = Path(__file__).resolve().parents[2]
Scenario = Callable[[Stage, Report], None]
Result = tuple[Report, float]
ERRORS = (AssertionError, OSError, httpx.HTTPError, psutil.Error, psycopg.Error, subprocess.SubprocessError)
"""What a scenario may raise. Then the others still run."""
ALONE: dict[str, Scenario] = {
    "process": killed_process.measure,
    "master": killed_master.measure,
    "backend": killed_backend.measure,
    "postgres": killed_postgres.measure,
    "all": killed_master.measure_all,
    "hang": hang.measure,
    "head": held_log.measure,
    "disk": full_disk.measure,
    "peers": slow_peers.measure,
    "flood": flood.measure,
    "changes": changes.measure,
}
"""The scenarios that measure times, one after the other."""
TOGETHER: dict[str, Scenario] = {
    "clock": clocks.measure_database,
    "rolling": rolling_restart.measure,
    "stop": stopped_process.measure,
    "worker": stopped_worker.measure,
    "host-clock": clocks.measure_host,
    "cuts": cuts.measure_clients,
    "db-cuts": cuts.measure_database,
    "delays": delays.measure,
    "restore": restored.measure,
    "term": stopped_service.measure,
    "versions": two_versions.measure,
}
"""The scenarios that run side by side, so many at once. They mostly wait, or only check what is stored. The longest one
is the first."""
AT_ONCE = 3
PAUSE_SECONDS = 0.02
"""How long each client waits after a request in these scenarios, so that none takes the processors from the others."""


def main() -> None:
    options = _options()
    began, noise = time.monotonic(), {}
    scenarios: dict[str, Result] = {}
    with autogroup.off(note), stage() as prepared:
        for name in _wanted(ALONE, options):
            noise[name] = wait_until_quiet()
            note(f"{name}, while other programs use {noise[name]:.0%} of the machine")
            scenarios[name] = _run(ALONE[name], prepared)
        Load.least_pause = PAUSE_SECONDS
        with ThreadPoolExecutor(AT_ONCE) as threads:
            names = _wanted(TOGETHER, options)
            results = threads.map(lambda name: _run(TOGETHER[name], prepared), names)
            scenarios |= dict(zip(names, results, strict=True))
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


def _wanted(scenarios: dict[str, Scenario], options: Any) -> list[str]:
    return [name for name in scenarios if name in (options.only or scenarios)]


def _run(scenario: Scenario, prepared: Stage) -> Result:
    """Run a scenario; return its lines and its seconds. One that fails with an error has missed its goal."""
    begin, report = time.monotonic(), Report()
    try:
        scenario(prepared, report)
    except ERRORS as error:
        traceback.print_exc()
        report.add("an error", f"{type(error).__name__}: {error}", "none", reached=False)
    return report, time.monotonic() - begin


def _options() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only", nargs="+", choices=[*ALONE, *TOGETHER], help="the scenarios to run; without it, all of them"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "chaos.json")
    return parser.parse_args()


if __name__ == "__main__":
    main()
