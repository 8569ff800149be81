"""The page of metrics: the sums of all processes' counts, and the runs of the background worker's tasks.

Import this module only through `infra.telemetry.metrics_folder`, which says why.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator
from typing import NamedTuple
from wsgiref.simple_server import WSGIServer

import psycopg
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from infra.postgres.database import DatabaseUnreachable, Row, connect_as_table_owner
from infra.telemetry.metrics import Metrics

logger = logging.getLogger("smartdhandha.metrics")

SELECT_WORKER_RUNS = """
SELECT task, extract(epoch FROM finished_at)::float8, total_done, runs, (error IS NOT NULL)::int FROM worker_runs
"""
SELECT_WAITING_MAILS = """
SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(queued_at)), 0)::float8
FROM mails WHERE status = 'queued'
"""


class Exporter:
    """Serves the page of metrics on an address, and samples the connection pool of this process.

    Only one process can listen on the address and serve the page. In the others, the exporter tries again at each
    interval, in case that process has ended. At each interval, it also samples the pool.
    """

    def __init__(self, bind: str, conninfo: str, metrics: Metrics | None = None, interval_seconds: float = 1.0) -> None:
        host, _, port = bind.rpartition(":")
        self._host, self._port = host.strip("[]"), int(port)
        self._metrics, self._interval_seconds = metrics, interval_seconds
        self._registry = CollectorRegistry()
        MultiProcessCollector(self._registry)  # type: ignore[no-untyped-call]  # the library lacks types
        self._registry.register(WorkerRuns(conninfo))
        self._registry.register(WaitingMails(conninfo))

    def start(self) -> None:
        """Start the exporter's thread. When its process ends, another process can take the address."""
        threading.Thread(target=self._run, name="metrics", daemon=True).start()

    def _run(self) -> None:
        server: WSGIServer | None = None
        pause = threading.Event()
        while True:
            if server is None:
                with contextlib.suppress(OSError):  # another process has the address
                    server, _ = start_http_server(self._port, self._host, self._registry)
                    logger.info("this process serves the metrics")
            if self._metrics is not None:
                self._metrics.sample()
            pause.wait(self._interval_seconds)


class WorkerRun(NamedTuple):
    """The last run of a task, and totals of all its runs."""

    task: str
    ended_at: float
    """When the last run ended, in seconds since 1970."""
    total_done: int
    runs: int
    has_failed: int
    """1 if the last run had an error, otherwise 0."""


class WorkerRuns(Collector):
    """Collects the runs of the background worker's tasks from their table; none while the database is unreachable."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo

    def collect(self) -> Iterator[Metric]:
        name = "smartdhandha_worker"
        last = GaugeMetricFamily(
            f"{name}_last_run_timestamp_seconds", "Time at which the last run of the task ended.", labels=["task"]
        )
        done = CounterMetricFamily(f"{name}_done", "Items the task has processed.", labels=["task"])
        runs = CounterMetricFamily(f"{name}_runs", "Runs of the task.", labels=["task"])
        failed = GaugeMetricFamily(
            f"{name}_last_run_failed", "1 if the last run of the task had an error.", labels=["task"]
        )
        for run in map(WorkerRun._make, _query(self._conninfo, SELECT_WORKER_RUNS)):
            last.add_metric([run.task], run.ended_at)
            done.add_metric([run.task], run.total_done)
            runs.add_metric([run.task], run.runs)
            failed.add_metric([run.task], run.has_failed)
        yield from (last, done, runs, failed)


class WaitingMails(Collector):
    """Collects the mails in the outbox; none while the database is unreachable."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo

    def collect(self) -> Iterator[Metric]:
        name = "smartdhandha_mails"
        waiting = GaugeMetricFamily(f"{name}_waiting", "Mails that are not sent yet.")
        oldest = GaugeMetricFamily(f"{name}_oldest_seconds", "Age of the oldest mail that is not sent yet.")
        for count, age in _query(self._conninfo, SELECT_WAITING_MAILS):
            waiting.add_metric([], count)
            oldest.add_metric([], age)
        yield from (waiting, oldest)


def _query(conninfo: str, sql: str) -> list[Row]:
    """Return the rows of a query; none while the database is unreachable."""
    try:
        with connect_as_table_owner(conninfo) as conn:
            conn.execute("SET statement_timeout = '2s'")
            return conn.execute(sql).fetchall()
    except (DatabaseUnreachable, psycopg.Error):
        return []


def remove_samples(slot: str) -> None:
    """Remove the samples of a dead process's connection pool. The counts of the process stay."""
    mark_process_dead(slot)  # type: ignore[no-untyped-call]  # the library lacks types
