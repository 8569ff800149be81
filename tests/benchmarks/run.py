"""Measure our service, its peers and its limits in turn; print two tables and write bench/latest.json.

python -m tests.benchmarks.run [--quick] [--peers FOLDER]
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import msgspec

from infra.postgres.database import connect_as_table_owner
from infra.postgres.migrate import migrate
from infra.worker.leader import run_tasks
from tests.benchmarks import appends, autogroup, constant, http, limits, peers, process, table
from tests.benchmarks.meter import measure
from tests.benchmarks.postgres import Postgres, find_peers, own_postgres, settings
from tests.benchmarks.seed import SeededData, seed

ROOT = Path(__file__).resolve().parents[2]
SIZES = (5, 50, 500)
MAX_FOREIGN_SHARE = 0.1
"""If other programs used more of the machine than this, the run warns that its figures are a guess."""
Run = Callable[[], dict[str, Any]]


class Plan(NamedTuple):
    """The number of rounds, the seconds of a run over HTTP and of any other run, and the peers that are measured."""

    rounds: int
    http: float
    other: float
    peers: tuple[str, ...]


QUICK = Plan(2, 2, 1, ("FastAPI",))  # about a minute, so it leaves out the slower peer
FULL = Plan(5, 3, 2, tuple(peers.PEERS))


class Bench:
    """A benchmark: `add` adds a measurement to the round; `run` measures all of them, round after round."""

    def __init__(self, postgres: Postgres, plan: Plan) -> None:
        self.postgres, self.plan = postgres, plan
        self.measurements: dict[str, list[dict[str, Any]]] = {}
        self._runs: dict[str, Run] = {}

    def add(self, name: str, run: Run) -> None:
        self._runs[name] = run

    def run(self) -> None:
        """Measure what was added, every second round in reverse order; then remove it."""
        for number in range(self.plan.rounds):
            names = list(self._runs)
            for name in reversed(names) if number % 2 else names:
                figures = measure(self.postgres.pid, self._runs[name], again=self.plan is FULL)
                self.measurements.setdefault(name, []).append(figures)
                note(f"  {number + 1}/{self.plan.rounds}  {name:28} " + _line(figures))
        self._runs.clear()


def main() -> None:
    options = _options()
    plan = QUICK if options.quick else FULL
    folder = options.peers if (options.peers / "requirements.txt").is_file() else None
    if folder is None:
        note(f"There are no peers in {options.peers} (--peers FOLDER): only our service is measured.")
    if not http.wrk_is_here():
        note(http.INSTALL_WRK)
    began = time.monotonic()
    with autogroup.off(note), own_postgres() as postgres:
        bench, seeded, conninfo = Bench(postgres, plan), *_prepare(postgres, options.invoices)
        if http.wrk_is_here():
            _over_http(bench, conninfo, seeded, folder)
        _in_process(bench, conninfo, seeded, folder)
        _admission(bench, conninfo, seeded)
        if plan is FULL:
            _start(bench)
        server = dict(settings(postgres))
    lines, costs = table.compare(bench.measurements), table.costs(bench.measurements)
    print(table.comparison_text(lines), table.costs_text(costs), sep="\n\n")
    noise = median(one["foreign"] for rounds in bench.measurements.values() for one in rounds)
    if noise > MAX_FOREIGN_SHARE:
        note(f"Other programs used {noise:.0%} of the machine meanwhile: these figures are a guess.")
    report = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "quick": options.quick,
        "rounds": plan.rounds,
        "foreign": noise,
        "seconds": round(time.monotonic() - began),
        "invoices": options.invoices,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "postgresql": server,
        "table": lines,
        "costs": costs,
        "entries": {name: {**table.medians(rounds), "rounds": rounds} for name, rounds in bench.measurements.items()},
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n")
    note(f"Finished in {report['seconds']} s; every round is in {options.out}.")


def _prepare(postgres: Postgres, invoices: int) -> tuple[SeededData, str]:
    conninfo = postgres.create("ours")
    with connect_as_table_owner(conninfo) as conn:
        migrate(conn)
    began = time.monotonic()
    seeded = seed(conninfo, invoices)
    note(f"Seeded {invoices} invoices, {seeded.events} events, in {time.monotonic() - began:.1f} s.")
    if seeded.broken:
        raise SystemExit(f"The hash chain of the seeded log is broken: {seeded.broken}")
    with connect_as_table_owner(conninfo) as conn:  # or the background worker would do it in the first rounds
        run_tasks(conn)
        conn.execute("VACUUM ANALYZE")
    return seeded, conninfo


def _over_http(bench: Bench, conninfo: str, seeded: SeededData, folder: Path | None) -> None:
    seconds = bench.plan.http
    with ExitStack() as stack:
        ours = stack.enter_context(http.ours(bench.postgres, conninfo, seeded))
        targets = [ours]
        if folder:
            targets += stack.enter_context(peers.peers_running(bench.postgres, folder, bench.plan.peers))
        targets += [stack.enter_context(constant.serving(name, bench.postgres)) for name in constant.SERVERS]
        for work in ("create", "list", "patch", "constant", "create-numbered-by-us"):
            for target in targets:
                if work in target.scripts and (work != "create-numbered-by-us" or bench.plan is FULL):
                    http.load(target, work, 1)
                    bench.add(f"{work} {target.name}", partial(http.load, target, work, seconds))
        bench.add("alone ours", partial(http.load, ours, "alone", seconds, env=http.SLOW))
        bench.add("flooded ours", partial(http.load_beside_flood, ours, seconds))
        bench.run()
        if bench.plan is FULL:
            bench.add("memory ours", partial(process.memory, ours.servers.python))
            http.serve_more(ours, process.REQUESTS)
            bench.run()


def _in_process(bench: Bench, conninfo: str, seeded: SeededData, folder: Path | None) -> None:
    postgres, seconds, where = bench.postgres, bench.plan.other, (conninfo, seeded.organizations)
    with ExitStack() as stack:
        loads = appends.OurLoads(conninfo, SIZES)
        stack.callback(loads.close)
        stock: appends.StockLoads | None = None
        if folder:
            postgres.create("peer_stock")
            environment = appends.stock_environment(postgres, "peer_stock")
            stock = appends.StockLoads(folder, environment, SIZES)
            stack.callback(stock.close)
            bench.add("append stock", partial(appends.race, appends.stock, (folder, environment), seconds))
        bench.add("append ours", partial(appends.race, appends.with_event_store, where, seconds))
        bench.add("command ours", partial(appends.race, appends.with_command_bus, where, seconds))
        for name, with_row in (("append", False), ("command", True)):
            scripts = limits.appends(*where, with_row=with_row)
            bench.add(f"{name} pgbench", partial(limits.append_limit, postgres, "ours", scripts, seconds))
        pages = limits.lists(seeded.keys, conninfo)
        bench.add("list pgbench", partial(postgres.pgbench, "ours", pages, seconds, options=limits.AS_APP))
        for size in SIZES:
            bench.add(f"load {size} ours", partial(appends.load_time, loads.load, size, 0.3))
            if stock:
                bench.add(f"load {size} stock", partial(appends.load_time, stock.load, size, 0.3))
        bench.run()


def _admission(bench: Bench, conninfo: str, seeded: SeededData) -> None:
    postgres, seconds = bench.postgres, bench.plan.other
    bench.add(
        "bare insert", partial(postgres.pgbench, "ours", [limits.INSERT_CREDIT], seconds, options=limits.UNSYNCED)
    )
    for keys in (1, 100):
        script = limits.admissions(seeded.keys[:keys], conninfo)
        bench.add(f"admit {keys}", partial(postgres.pgbench, "ours", [script], seconds, options=limits.AS_APP))
    bench.run()


def _start(bench: Bench) -> None:
    """Measure the start of a service: each round has a new database, which the second start of the round finds."""
    for _ in range(bench.plan.rounds):
        with process.data_folder() as folder:
            for name in ("start new", "start again"):
                figures = measure(bench.postgres.pid, partial(process.start, folder))
                bench.measurements.setdefault(name, []).append(figures)


def _line(figures: dict[str, Any]) -> str:
    return "  ".join(f"{name} {value:,.2f}" for name, value in figures.items())


def _options() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a rough result in about a minute, without Django REST")
    parser.add_argument("--peers", type=Path, default=find_peers(ROOT), help="the folder of the peers")
    parser.add_argument("--invoices", type=int, default=100_000)
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "latest.json")
    return parser.parse_args()


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
