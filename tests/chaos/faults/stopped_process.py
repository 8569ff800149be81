"""A server process and the background worker's process are stopped (SIGSTOP) until the master replaces them.

Fails when gunicorn's `timeout` is 0: the process is not replaced, and its clients wait without an end.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import psutil

from infra.postgres.database import connect_as_table_owner
from infra.worker.leader import LOCK
from tests.chaos.probe import HEALTH, Probe, longest
from tests.chaos.report import Report
from tests.chaos.stage import Stage
from tests.chaos.under_load import Place, checked_load, on_database
from tests.support.bundled import has_ended
from tests.support.waiting import wait_until

WHAT = "a server process is stopped"
MAX_SECONDS, MAX_LEAD_SECONDS, MAX_HEALTH_SECONDS = 18.0, 25.0, 1.0

_LEADER = """
SELECT client_port FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND objid = %s AND granted AND datname = current_database()
"""
PATIENCE = 60.0

Leader = Callable[[], psutil.Process | None]


def measure(stage: Stage, report: Report) -> None:
    conninfo = stage.new_database()
    with stage.service(conninfo) as service:
        place, leader = on_database(service.url, conninfo), find_leader(conninfo, service.children)

        def end(process: psutil.Process) -> None:
            wait_until(lambda: has_ended(process), PATIENCE)

        run(report, place, service.workers()[0], end, leader)


def run(
    report: Report,
    place: Place,
    victim: psutil.Process,
    end: Callable[[psutil.Process], None],
    leader: Leader | None = None,
) -> None:
    """Stop this process, and call `end`, which waits for its end or lets it go on.

    With `leader`, stop the process whose background worker leads, too, and wait until that of another process leads.
    """
    led_before = wait_until(leader) if leader is not None else None
    with checked_load(report, WHAT, place) as load:
        victim.suspend()
        if led_before is not None:
            led_before.suspend()
        stopped = time.monotonic()
        with Probe(place.url, HEALTH, is_new_each_time=True) as health:
            end(victim)
        ended = time.monotonic() - stopped
        load.go_on()
        if leader is not None:
            wait_until(lambda: leader() not in (None, led_before), PATIENCE)
        led = time.monotonic() - stopped
    report.at_most(f"{WHAT}: it has ended or goes on", ended, MAX_SECONDS)
    failed = [str(answer.status) for answer in health.answers if not answer.is_success]
    report.none(f"{WHAT}: /healthz on new connections without a success", failed, len(health.answers))
    report.at_most(f"{WHAT}: /healthz on new connections, longest", longest(health.answers), MAX_HEALTH_SECONDS)
    if leader is not None:
        report.at_most(f"{WHAT}: the background worker of another one leads", led, MAX_LEAD_SECONDS)


def find_leader(conninfo: str, candidates: Callable[[], list[psutil.Process]]) -> Leader:
    """Return a function that returns the process whose background worker leads. It must connect over TCP."""

    def leader() -> psutil.Process | None:
        with connect_as_table_owner(conninfo) as owner:
            ports = {port for (port,) in owner.execute(_LEADER, (LOCK,))}
        living = [process for process in candidates() if not has_ended(process)]
        return next((it for it in living if ports & set(_ports(it))), None)

    return leader


def _ports(process: psutil.Process) -> list[int]:
    return [connection.laddr.port for connection in process.net_connections("tcp") if connection.laddr]
