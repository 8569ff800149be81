"""Half an hour of mixed load: nothing may grow, and nothing may be lost. Prints a table; the exit status is 1 if not.

python -m tests.chaos.soak [--minutes 30] [--requests 1000000] [--kill 20]
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from contextlib import ExitStack, suppress
from statistics import median
from typing import Any

import psutil

from infra.postgres.database import connect_as_table_owner
from infra.postgres.embedded import run_postgres
from tests.benchmarks import autogroup
from tests.chaos.bundled_stage import QUIET
from tests.chaos.checker import check
from tests.chaos.key_changes import KeyChanges
from tests.chaos.kills import Killer
from tests.chaos.load.load import Load, new_tenants
from tests.chaos.report import duration, note
from tests.chaos.samples import Sampler, Series, growth_table
from tests.support.bundled import Bundled
from tests.support.ports import free_address
from tests.support.postgres import folder_for_servers

WRITES = 0.2
KEY_CHANGE_SECONDS, SAY_SECONDS = 30.0, 60.0
ORGANIZATIONS, CLIENTS, WORKERS = 4, 4, 2
MIN_JUDGED_SECONDS = 600.0
"""With kills, growth is judged in runs of this length at least: processes of different ages need different memory."""


def main() -> None:
    options = _options()
    with autogroup.off(note), folder_for_servers() as folder, ExitStack() as running:
        serve = ("--bind", free_address(), "--workers", str(WORKERS))
        bundled = Bundled(folder, *serve, **QUIET)
        killer = Killer(bundled, serve, **QUIET)
        running.callback(killer.stop)
        with run_postgres(bundled.data) as conninfo, connect_as_table_owner(conninfo) as owner:
            tenants = new_tenants(bundled.service.url, owner, ORGANIZATIONS, CLIENTS)
        changes = KeyChanges(bundled.service.url, tenants[0].org_id, bundled.env)
        began = time.monotonic()
        with Load(bundled.service.url, tenants, WRITES) as load, Sampler(lambda: _groups(bundled, killer)) as sampler:
            _run(options, load, killer, changes)
        seconds = time.monotonic() - began
        note(f"{load.answers} requests in {seconds:.0f} s. The checker reads all logs and lists ...")
        findings = [*check(bundled.service.url, tenants, bundled.env, load.crashes), changes.finding, killer.finding]

    def is_judged(it: Series) -> bool:
        """Kills end all processes of PostgreSQL each time, so their growth means nothing then."""
        return not options.kill or (it.group == "the service" and seconds >= MIN_JUDGED_SECONDS)

    print(_text(load, killer, seconds), growth_table(sampler.series, is_judged), "", *findings, sep="\n")
    is_well = all(finding.is_kept for finding in findings)
    sys.exit(0 if is_well and all(it.is_flat for it in sampler.series if is_judged(it)) else 1)


def _run(options: Any, load: Load, killer: Killer, changes: KeyChanges) -> None:
    """Kill processes and change keys while the load runs, until the time or the number of requests is reached."""
    began = time.monotonic()
    next_kill, next_change, next_word = began + (options.kill or math.inf), began + 5.0, began + SAY_SECONDS
    while not _is_over(options, load, time.monotonic() - began):
        time.sleep(0.2)
        if time.monotonic() >= next_kill:
            next_kill += options.kill
            killer.next(load)
        elif time.monotonic() >= next_change:
            next_change = time.monotonic() + KEY_CHANGE_SECONDS
            changes.change()
        if time.monotonic() >= next_word:
            next_word += SAY_SECONDS
            note(f"{time.monotonic() - began:5.0f} s: {load.answers} requests, {killer.count} kills")


def _is_over(options: Any, load: Load, seconds: float) -> bool:
    if options.requests:
        return load.answers >= options.requests
    return bool(seconds >= options.minutes * 60)


def _groups(bundled: Bundled, killer: Killer) -> dict[str, list[psutil.Process]]:
    """Return the processes to sample. A group in which one has just been killed is left out."""
    groups: dict[str, list[psutil.Process]] = {}
    with suppress(psutil.Error, OSError, ValueError):
        service = [psutil.Process(killer.service.process.pid), *killer.service.workers(), killer.service.background()]
        if len(service) == 2 + WORKERS:
            groups["the service"] = service
        postmaster = bundled.postmaster()
        groups["PostgreSQL"] = [postmaster, *postmaster.children()]
    return groups


def _text(load: Load, killer: Killer, seconds: float) -> str:
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in load.outcomes().items())
    statuses = ", ".join(f"{count} × {status or 'no answer'}" for status, count in sorted(load.statuses.items()))
    return "\n".join(
        [
            f"{load.answers} requests in {seconds:.0f} s, {load.answers / seconds:.0f} a second. {killer.count} kills.",
            f"Answers: {statuses}.",
            f"Writes: {outcomes}; {load.replayed} were acknowledged by the stored answer to an earlier attempt.",
            *(f"Until writes succeeded after the end of {kind}: {_spread(took)}" for kind, took in killer.took.items()),
            "",
        ]
    )


def _spread(seconds: list[float]) -> str:
    return f"median {duration(median(seconds))}, longest {duration(max(seconds))}"


def _options() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0, help="how long, without --requests")
    parser.add_argument("--requests", type=int, help="end after so many requests that were answered")
    parser.add_argument("--kill", type=float, metavar="SECONDS", help="kill a process every so many seconds")
    return parser.parse_args()


if __name__ == "__main__":
    main()
