"""Connections are cut: between clients and the service, and between the service and PostgreSQL.

Fails when the service does not keep the answer for an Idempotency-Key (`remember` stores nothing): writes are doubled.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

from tests.chaos.load.load import Load
from tests.chaos.report import Report
from tests.chaos.stage import Stage
from tests.chaos.under_load import Place, checked_load, on_database
from tests.support.faulty_proxy import CUTS, FaultyProxy, before_postgres
from tests.support.service import Service
from tests.support.waiting import wait_until

SECONDS = 8.0
MAX_SECONDS = 90.0
"""How long it may take until there was a cut of each kind and a retry: a busy machine does fewer writes."""
SHARES = {"client": 0.05, "database": 0.01}
"""The share of requests, and of what the service sends to PostgreSQL, that is followed by a cut."""


def measure_clients(stage: Stage, report: Report) -> None:
    conninfo = stage.new_database()
    with stage.service(conninfo) as service:
        cut_clients(report, on_database(service.url, conninfo), SECONDS)


def measure_database(stage: Stage, report: Report) -> None:
    cut_database(report, stage.new_database(), stage.service, SECONDS)


def cut_clients(report: Report, place: Place, seconds: float) -> None:
    """Cut the connections of clients for so long."""
    what, address = "connections of clients are cut", urlsplit(place.url)
    assert address.hostname and address.port
    with (
        FaultyProxy((address.hostname, address.port)) as proxy,
        checked_load(report, what, place, url=f"http://127.0.0.1:{proxy.port}") as load,
    ):
        _cut(proxy, load, SHARES["client"], seconds)
    _report(report, what, proxy, load)


def cut_database(report: Report, conninfo: str, new_service: Callable[[str], Service], seconds: float) -> None:
    """Cut the connections of a service to its database for so long."""
    what = "connections to PostgreSQL are cut"
    proxy, through = before_postgres(conninfo)
    with (
        proxy,
        new_service(through) as service,
        checked_load(report, what, on_database(service.url, conninfo)) as load,
    ):
        _cut(proxy, load, SHARES["database"], seconds)
    _report(report, what, proxy, load)


def _cut(proxy: FaultyProxy, load: Load, share: float, seconds: float) -> None:
    """Cut for so long, and on until there was a cut of each kind and a write was acknowledged by a retry."""
    proxy.share = share
    time.sleep(seconds)
    with suppress(AssertionError):
        wait_until(lambda: set(proxy.cuts) == set(CUTS) and load.replayed, MAX_SECONDS)
    proxy.share = 0.0


def _report(report: Report, what: str, proxy: FaultyProxy, load: Load) -> None:
    cuts = ", ".join(f"{count} {cut}" for cut, count in sorted(proxy.cuts.items()))
    report.add(f"{what}: cuts", cuts, "some of each kind", reached=set(proxy.cuts) == set(CUTS))
    report.add(f"{what}: acknowledged by a retry", str(load.replayed), "some", reached=load.replayed > 0)
