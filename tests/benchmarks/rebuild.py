"""Rebuild a read table of a million events while 8 writers and a reader work; print the speed and the slowest request.

python -m tests.benchmarks.rebuild [--events N] [--organizations N] [--peers FOLDER]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import psutil

from infra.postgres.database import connect_as_table_owner
from infra.postgres.migrate import migrate
from tests.benchmarks import footprint
from tests.benchmarks.postgres import PASSWORD, Postgres, find_peers, own_postgres
from tests.benchmarks.seed import SeededData, seed
from tests.support.command_line import COMMAND, environment
from tests.support.service import Service
from tests.support.traffic import Traffic

ROOT = Path(__file__).resolve().parents[2]
EVENTS_PER_INVOICE = 3.63
"""The average in the seeded data, where each draft is changed once."""
WRITERS = 8
MAX_REQUEST_SECONDS = 1.0
"""The benchmark fails if a request takes longer."""

STOCK = """
import b_eventsourcing as b
from common import fresh_database
fresh_database(b.DB)
app = b.Invoicing(b.env("no"))
b.write_events(app, 4000)
app.close()
print(b.project("no", "on", 10)[0])
"""


def main() -> None:
    options = _options()
    organizations = options.organizations
    with own_postgres() as postgres:
        conninfo = postgres.create("ours")
        with connect_as_table_owner(conninfo) as conn:
            migrate(conn)
        began = time.monotonic()
        invoices = max(1, round(options.events / EVENTS_PER_INVOICE / organizations)) * organizations
        seeded = seed(conninfo, invoices, organizations, organizations, changes=1)
        note(f"Seeded {seeded.events} events, {invoices} invoices, in {time.monotonic() - began:.0f} s.")
        alone = _rebuild(postgres, conninfo)
        note(f"Rebuilt without traffic: {alone['eventsPerSecond']} events/s.")
        report = _under_traffic(postgres, conninfo, seeded)
        verified = _command(conninfo, "projections", "verify", "invoices")
        stock = _stock(postgres, options.peers)
    report |= {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "events": seeded.events,
        "organizations": organizations,
        "invoices": invoices,
        "alone": alone,
        "differences": len(verified["differences"]) + len(verified["failures"]),
        "stockEventsPerSecond": stock,
    }
    print(_render(report))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n")
    if report["wrong"] or report["differences"] or report["slowest"] >= MAX_REQUEST_SECONDS:
        raise SystemExit("Failed: a wrong response, a difference, or a request that was too slow. See the table above.")


def _under_traffic(postgres: Postgres, conninfo: str, seeded: SeededData) -> dict[str, Any]:
    """Rebuild beside writers and a reader, which start 3 seconds earlier and end 3 seconds later."""
    keys = [key.raw for key in seeded.keys]
    invoices = [seeded.invoices[key.org_id] for key in seeded.keys]
    with Service(conninfo, "--workers", "2", "--no-worker", log=Path(os.devnull)) as service:
        with Traffic(service.url, keys, invoices, WRITERS) as traffic:
            time.sleep(3)
            before, started, load = traffic.slowest, time.monotonic(), psutil.getloadavg()[0]
            rebuilt = _rebuild(postgres, conninfo)
            ended = time.monotonic()
            time.sleep(3)
        slowest = traffic.slowest
    return {
        "rebuilt": rebuilt,
        "seconds": round(ended - started, 1),
        "requests": traffic.requests,
        "walks": traffic.walks,
        "wrong": traffic.wrong,
        "slowest": round(slowest.seconds, 3),
        "slowestRequest": f"{slowest.what.partition('?')[0]}, {slowest.at - started:.1f} s after the rebuild began",
        "slowestBefore": round(before.seconds, 3),
        "loadBefore": round(load, 1),
    }


def _rebuild(postgres: Postgres, conninfo: str) -> dict[str, Any]:
    """Rebuild the table; return what the command reports, and what it used."""
    command = [*COMMAND, "projections", "rebuild", "invoices", "--json"]
    output, used = footprint.run(command, environment(DATABASE_URL=conninfo), postgres.pid)
    (rebuilt,) = json.loads(output)["rebuilt"]
    return {**rebuilt, **used._asdict()}


def _command(conninfo: str, *words: str) -> Any:
    done = subprocess.run(
        [*COMMAND, *words, "--json"], env=environment(DATABASE_URL=conninfo), stdout=subprocess.PIPE, check=False
    )
    return json.loads(done.stdout)


def _stock(postgres: Postgres, peers: Path) -> int | None:
    """Return the events per second of the library's own ProjectionRunner, or None without the peers."""
    if not (peers / "b_eventsourcing.py").is_file():
        note(f"There are no peers in {peers} (--peers FOLDER): the stock ProjectionRunner is not measured.")
        return None
    env = {**os.environ, "PGPORT": str(postgres.port), "PGPASSWORD": PASSWORD, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", STOCK], cwd=peers, env=env, stdout=subprocess.PIPE, check=True)
    return round(float(done.stdout))


def _render(report: dict[str, Any]) -> str:
    rebuilt, alone, stock = report["rebuilt"], report["alone"], report["stockEventsPerSecond"]
    lines = {
        "events, organizations": f"{report['events']:,} of {report['organizations']}",
        "rebuild, without traffic": f"{alone['eventsPerSecond']:,} events/s ({alone['seconds']} s)",
        "rebuild, under traffic": f"{rebuilt['eventsPerSecond']:,} events/s ({rebuilt['seconds']} s)",
        "processor time, alone": _per_event(alone),
        "memory, at its highest": f"{_memory(alone)}; under traffic {_memory(rebuilt)}",
        "stock ProjectionRunner": "not measured" if stock is None else f"{stock:,} events/s, without traffic",
        "requests meanwhile": f"{report['requests']:,}; {report['walks']} whole lists were read",
        "slowest request": f"{report['slowest']} s ({report['slowestRequest']}; before it {report['slowestBefore']} s)",
        "failed, missing, doubled": "; ".join(report["wrong"]) or "none",
        "projections verify": f"{report['differences']} differences",
    }
    return "\n".join(f"{name:26}{value}" for name, value in lines.items())


def _per_event(rebuilt: dict[str, Any]) -> str:
    python, postgres = (rebuilt[f"{name}_seconds"] / rebuilt["events"] * 1e6 for name in ("python", "postgres"))
    return f"{python + postgres:.1f} µs/event: {python:.1f} in Python, {postgres:.1f} in PostgreSQL"


def _memory(rebuilt: dict[str, Any]) -> str:
    return f"{rebuilt['python_mebibytes']} MiB in Python, {rebuilt['postgres_mebibytes']} MiB in PostgreSQL"


def _options() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000, help="how many events, roughly")
    parser.add_argument("--organizations", type=int, default=50, help="how many organizations share the events equally")
    parser.add_argument("--peers", type=Path, default=find_peers(ROOT), help="the folder of the peers")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "rebuild.json")
    return parser.parse_args()


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
