"""Measure how long the service needs for each kind of page of the console, in an organization with 100 000 invoices.

python -m tests.benchmarks.console [--invoices N] [--rounds N] [--out FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import httpx
from psycopg import Connection

from infra.postgres.database import Row, connect_as_table_owner
from infra.postgres.migrate import migrate
from infra.projector.event_sums import EventSums
from infra.projector.following.past_rows import PastRowTable
from infra.worker.leader import run_round
from projections.balances import BALANCES
from projections.registry import PAST_ROWS
from tests.benchmarks.meter import Servers
from tests.benchmarks.postgres import own_postgres
from tests.benchmarks.seed import seed
from tests.support.console import Console, new_user, open_session
from tests.support.organization import Organization
from tests.support.scenarios import bill_body, employee_body, invoice_body, leave_body, party_body
from tests.support.service import Service

ROOT = Path(__file__).resolve().parents[2]
GOAL_MS = 150
SESSION = "smartdhandha_session"
LINES = [
    {"description": f"Line {number}", "quantity": 1, "unitPrice": "10.00", "taxRate": 18} for number in range(1, 201)
]
PAGES = {
    "Home": "/home",
    "invoices": "/home/invoices",
    "invoices, a status and a range": "/home/invoices?status=sent&dateFrom=2025-03-01&dateTo=2025-05-31",
    "invoices, overdue, by due day": "/home/invoices?overdue=true&sort=dueDate",
    "invoices, a text": "/home/invoices?search=globex",
    "invoices, as on 31 March": "/home/invoices?overdue=true&asOf=2026-03-31",
    "bills": "/home/bills",
    "leaves": "/home/leaves",
    "parties": "/home/parties",
    "employees": "/home/employees",
    "who is away": "/home/leaves/away?month=2026-03",
    "find": "/home/find?q=globex",
    "an invoice": "/home/invoices/{invoice}",
    "an invoice of 200 lines": "/home/invoices/{long}",
    "its form": "/home/invoices/{long}/edit",
    "a new invoice": "/home/invoices/new",
    "Activity": "/activity",
    "Activity of one object": "/activity/{invoice}",
    "API keys": "/settings/developer",
    "requests": "/settings/developer/requests",
    "people": "/settings/people",
    "security events": "/settings/security",
}
"""The address of each page by its name. It can contain the ids of two invoices."""


class Figure(NamedTuple):
    """What one page costs: milliseconds from the request to the whole response, processor time, and its size."""

    median: float
    worst: float
    python: float
    """Processor time of the service in ms, for each request."""
    postgres: float
    kilobytes: float
    """HTML without compression."""


def main() -> None:
    options = _options()
    with own_postgres() as postgres, _console(postgres, options.invoices) as (client, ids, servers):
        figures = {name: _measure(client, path.format(**ids), servers, options.rounds) for name, path in PAGES.items()}
    print(_render(figures))
    if options.out:
        options.out.write_text(json.dumps({name: each._asdict() for name, each in figures.items()}, indent=1) + "\n")
    slow = [name for name, each in figures.items() if each.median > GOAL_MS]
    if slow:
        raise SystemExit(f"Failed: more than {GOAL_MS} ms: {', '.join(slow)}.")


@contextmanager
def _console(postgres: Any, invoices: int) -> Iterator[tuple[Console, dict[str, str], Servers]]:
    """Yield a client that is logged in as the organization's owner, ids of two invoices, and the servers."""
    conninfo = postgres.create("console")
    with connect_as_table_owner(conninfo) as owner:
        migrate(owner)
        began = time.monotonic()
        seeded = seed(conninfo, invoices, organizations=1, keys=1, processes=1)
        _follow(owner)
        note(f"Filled {seeded.events} events in {time.monotonic() - began:.0f} s.")
        (org_id,) = seeded.organizations
        with Service(conninfo, "--workers", "2", SMARTDHANDHA_LOG_LEVEL="warning") as service:
            api = Organization(service.url, owner, id=org_id).api()
            long = api.create("invoices", invoice_body(items=LINES))["id"]
            for number in range(60):
                api.create("bills", bill_body())
                api.create("leaves", leave_body(employeeId=f"emp_{number}"))
                api.create("parties", party_body(name=f"Party {number}"))
                api.create("employees", employee_body(name=f"Employee {number}"))
            client = Console(service.url)
            client.cookies.set(SESSION, open_session(owner, new_user(owner, org_id).user.id))
            ids = {"invoice": seeded.invoices[org_id][-5], "long": long}
            yield client, ids, Servers(service.process.pid, postgres.pid)


def _follow(owner: Connection[Row]) -> None:
    """Do what the background worker has done in an organization that lives for a while."""
    EventSums(BALANCES).add_new(owner)
    PastRowTable(PAST_ROWS).add_new(owner)
    run_round(owner)
    EventSums(BALANCES).add_new(owner)
    PastRowTable(PAST_ROWS).add_new(owner)
    owner.execute("VACUUM ANALYZE")


def _measure(client: Console, path: str, servers: Servers, rounds: int) -> Figure:
    """Ask for the page a few times, so that both server processes know it, and then `rounds` times."""
    for _ in range(4):
        page = client.get(path, headers={"Accept-Encoding": "identity"})
        assert page.status_code == 200, f"{path}: {page.status_code} {page.text[:300]}"
    before = servers.seconds()
    times = [_milliseconds(client, path) for _ in range(rounds)]
    python, server = ((late - early) * 1000 / rounds for early, late in zip(before, servers.seconds(), strict=True))
    return Figure(median(times), max(times), python, server, len(page.content) / 1000)


def _milliseconds(client: httpx.Client, path: str) -> float:
    began = time.perf_counter()
    client.get(path).read()
    return (time.perf_counter() - began) * 1000


def _render(figures: dict[str, Figure]) -> str:
    names = ("page", "median (ms)", "worst (ms)", "Python (ms)", "PostgreSQL (ms)", "HTML (kB)")
    lines = [f"| {' | '.join(names)} |", "|---" * len(names) + "|"]
    for name, each in figures.items():
        lines.append(f"| {name} | " + " | ".join(f"{value:.1f}" for value in each) + " |")
    return "\n".join(lines)


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _options() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--invoices", type=int, default=100_000, help="how many invoices the organization has")
    parser.add_argument("--rounds", type=int, default=25, help="how often each page is measured")
    parser.add_argument("--out", type=Path, help="a file for the figures as JSON")
    return parser.parse_args()


if __name__ == "__main__":
    main()
