"""Measure deliveries to webhooks: how many a second, how late under load, and what 50 dead receivers cost the others.

python -m tests.benchmarks.webhooks [--events N] [--seconds N]
"""

from __future__ import annotations

import argparse
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from statistics import median
from typing import Any, NamedTuple

from commands.invoice import DraftInvoice
from infra.postgres.database import connect_as_table_owner
from infra.postgres.migrate import migrate
from tests.benchmarks.meter import tree_seconds
from tests.benchmarks.postgres import Postgres, own_postgres
from tests.support.books import Books
from tests.support.command_line import COMMAND, environment
from tests.support.scenarios import invoice_body
from tests.support.senders import KEY, new_webhook

GOAL_RATE, GOAL_LAG_SECONDS, GOAL_LOSS = 300, 1.0, 0.1
DEAD = 50
EVENTS_A_SECOND = 100
"""How many events are written while the lag is measured."""


class Run(NamedTuple):
    """The figures of one run."""

    rate: float
    """Deliveries a second, from the first to the last one."""
    median_lag: float
    """Seconds from an event to its arrival."""
    sender_ms: float
    """Processor time of the sender for each delivery."""
    postgres_ms: float
    """The same of PostgreSQL; with what writes the events, if they are written during the run."""


def main() -> None:
    options = _options()
    with own_postgres() as postgres:
        alone = _run(postgres, lambda books: _write(books, options.events), dead=0)
        beside = _run(postgres, lambda books: _write(books, options.events), dead=DEAD)
        loaded = _run(postgres, lambda books: None, dead=0, during=lambda books: _write_slowly(books, options.seconds))
    loss = 1 - beside.rate / alone.rate
    _show("deliveries/s to a fast receiver", f"{alone.rate:.0f}", f"at least {GOAL_RATE}")
    _show(f"the same beside {DEAD} dead ones", f"{beside.rate:.0f}, {loss:.0%} less", f"less than {GOAL_LOSS:.0%}")
    _show(f"median lag at {EVENTS_A_SECOND} events/s", f"{loaded.median_lag:.2f} s", f"at most {GOAL_LAG_SECONDS:g} s")
    for name, run in (("alone", alone), ("beside dead ones", beside), ("under load", loaded)):
        _show(f"processor time, {name}", f"sender {run.sender_ms:.2f} ms, PostgreSQL {run.postgres_ms:.2f} ms", "")


def _show(what: str, figure: str, goal: str) -> None:
    print(f"{what:36}{figure:40}{goal and 'goal: ' + goal}")


def _run(
    postgres: Postgres, before: Callable[[Books], None], dead: int, during: Callable[[Books], None] = lambda _: None
) -> Run:
    """Deliver the events that are written before and during the run."""
    conninfo = postgres.create("webhooks")
    with ExitStack() as stack:
        conn = stack.enter_context(connect_as_table_owner(conninfo))
        migrate(conn)
        books = Books(conn)
        receiver = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.fast_receiver"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert receiver.stdout is not None
        live = new_webhook(conn, books.id, f"http://127.0.0.1:{int(receiver.stdout.readline())}/").row["id"]
        for url in stack.enter_context(_dead_urls(dead)):
            new_webhook(conn, books.id, url)
        before(books)
        server = tree_seconds(postgres.pid)
        sender = subprocess.Popen([*COMMAND, "deliver"], env=_environment(conninfo), stdout=subprocess.DEVNULL)
        during(books)
        _wait_for_all(conn, live)
        used, server = tree_seconds(sender.pid), tree_seconds(postgres.pid) - server
        sender.terminate()
        sender.wait()
        arrived = json.loads(receiver.communicate("")[0])
    times = [at for at, _ in arrived]
    lags = [at - datetime.fromisoformat(timestamp).timestamp() for at, timestamp in arrived]
    count = len(arrived)
    rate = (count - 1) / (max(times) - min(times))
    return Run(rate, median(lags), used / count * 1000, server / count * 1000)


def _write(books: Books, count: int) -> None:
    for _ in range(count):
        books.do(DraftInvoice, invoice_body())


def _write_slowly(books: Books, seconds: float) -> None:
    begin = time.monotonic()
    for number in range(round(seconds * EVENTS_A_SECOND)):
        time.sleep(max(0.0, begin + number / EVENTS_A_SECOND - time.monotonic()))
        books.do(DraftInvoice, invoice_body())


def _wait_for_all(conn: Any, webhook: str) -> None:
    sql = """
        SELECT FROM webhook_cursors c JOIN org_log l USING (org_id) WHERE c.webhook_id = %(id)s
        AND c.position = l.position AND NOT EXISTS (
            SELECT FROM webhook_deliveries d WHERE d.org_id = c.org_id AND d.webhook_id = c.webhook_id
            AND d.status = 'pending'
        )
    """
    while not conn.execute(sql, {"id": webhook}).rowcount:
        time.sleep(0.2)


@contextmanager
def _dead_urls(count: int) -> Iterator[list[str]]:
    """Yield URLs of receivers: the first half accept a connection and never answer, the others refuse it."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        ports = [each.getsockname()[1] for each in sockets]
        for each in sockets[count // 2 :]:
            each.close()
        yield [f"http://127.0.0.1:{port}/" for port in ports]


def _environment(conninfo: str) -> dict[str, str]:
    return environment(DATABASE_URL=conninfo, SMARTDHANDHA_SECRET_KEY=KEY, SMARTDHANDHA_LOG_LEVEL="info")


def _options() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=3000, help="how many events wait when the sender starts")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long events are written under load")
    return parser.parse_args()


if __name__ == "__main__":
    main()
