"""Prometheus metrics of all processes of one service, on an address of their own.

Each process counts in files of its own, in a folder that all share; whichever of them holds the address adds the files
up when it is asked. Counts live in the files, so a process that is killed loses none.

Import this only where metrics are on, and after PROMETHEUS_MULTIPROC_DIR was set: the library looks at it once.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from wsgiref.simple_server import WSGIServer

import psycopg
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server, values
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector
from psycopg import Connection
from psycopg_pool import ConnectionPool

from api.ports.admission import (
    Admission,
    AdmissionControl,
    CreditExhausted,
    ExpiredKey,
    KeyRefused,
    RevokedKey,
    UnknownKey,
)
from api.ports.commands import CommandBus
from api.ports.observer import Observer, RequestRecord
from commands.command import Command, Context
from commands.unit_of_work import CommandResult
from infra.postgres.database import DatabaseUnreachable, Row, connect_owner

logger = logging.getLogger("smartdhandha.metrics")

UNKNOWN_ROUTE = "unknown"
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
VERDICTS: Mapping[type[Exception] | None, str] = {
    None: "admitted",
    CreditExhausted: "exhausted",
    UnknownKey: "unknown",
    RevokedKey: "revoked",
    ExpiredKey: "expired",
}
_WORKER_RUNS = """
SELECT task, extract(epoch FROM finished_at)::float8, total_done, runs, (error IS NOT NULL)::int FROM worker_runs
"""


class Metrics:
    """What one process counts.

    `slot` tells it from every process that lives at the same time. Who comes after a dead one in its slot counts on in
    its files, so that there are never more of them than processes.
    """

    def __init__(self, slot: str) -> None:
        values.ValueClass = values.MultiProcessValue(lambda: slot)  # type: ignore[no-untyped-call]  # the library's lack
        self._requests = Counter(
            "smartdhandha_requests", "Requests answered.", ("method", "route", "status"), registry=None
        )
        self._seconds = Histogram(
            "smartdhandha_request_duration_seconds",
            "From the request's arrival at the application to its answer.",
            ("route",),
            buckets=BUCKETS,
            registry=None,
        )
        admissions = Counter("smartdhandha_admissions", "Keys that were looked up.", ("verdict",), registry=None)
        self.admissions = {kind: admissions.labels(verdict) for kind, verdict in VERDICTS.items()}
        self.events = Counter("smartdhandha_events_appended", "Events that requests appended.", registry=None)
        connections = Gauge(
            "smartdhandha_pool_connections",
            "Database connections, by what they do.",
            ("state",),
            registry=None,
            multiprocess_mode="livesum",
        )
        self._in_use, self._idle = connections.labels("in_use"), connections.labels("idle")
        self._waiting = Gauge(
            "smartdhandha_pool_waiting",
            "Requests that wait for a connection.",
            registry=None,
            multiprocess_mode="livesum",
        )
        self._timeouts = Counter(
            "smartdhandha_pool_timeouts", "Requests that got no connection in time.", registry=None
        )
        self._pool: ConnectionPool[Connection[Row]] | None = None
        self._children: dict[tuple[str, str | None, int], tuple[Counter, Histogram]] = {}

    def answered(self, answered: RequestRecord) -> None:
        """The observer of requests."""
        key = (answered.method, answered.route, answered.status)
        found = self._children.get(key)
        if found is None:  # looking labels up costs as much as counting, so it is done once
            route = answered.route or UNKNOWN_ROUTE
            found = (self._requests.labels(answered.method, route, answered.status), self._seconds.labels(route))
            self._children[key] = found
        requests, seconds = found
        requests.inc()
        seconds.observe(answered.seconds)

    def counted(
        self, admission_control: AdmissionControl, command_bus: CommandBus, observers: Sequence[Observer]
    ) -> tuple[AdmissionControl, CommandBus, Sequence[Observer]]:
        """The same, and what passes through them is counted."""
        return (
            CountedAdmissionControl(admission_control, self),
            CountedCommandBus(command_bus, self),
            (*observers, self.answered),
        )

    def watch(self, pool: ConnectionPool[Connection[Row]]) -> None:
        """Take samples of this pool from now on."""
        self._pool = pool

    def sample(self) -> None:
        """Look at the pool as it is now."""
        if self._pool is not None:
            stats = self._pool.pop_stats()
            idle = stats.get("pool_available", 0)
            self._idle.set(idle)
            self._in_use.set(stats.get("pool_size", 0) - idle)
            self._waiting.set(stats.get("requests_waiting", 0))
            self._timeouts.inc(stats.get("requests_errors", 0))


class CountedAdmissionControl:
    """A Gate whose verdicts are counted."""

    def __init__(self, admission_control: AdmissionControl, metrics: Metrics) -> None:
        self._admission_control, self._counts = admission_control, metrics.admissions

    def admit(self, key_hash: bytes, method: str, route: str, free: bool) -> Admission:
        try:
            admission = self._admission_control.admit(key_hash, method, route, free)
        except (KeyRefused, CreditExhausted) as refusal:
            self._counts[type(refusal)].inc()
            raise
        self._counts[None].inc()
        return admission


class CountedCommandBus:
    """Ledgers whose events are counted."""

    def __init__(self, command_bus: CommandBus, metrics: Metrics) -> None:
        self._command_bus, self._events = command_bus, metrics.events

    def execute(self, command: Command, context: Context) -> CommandResult:
        written = self._command_bus.execute(command, context)
        self._events.inc(written.events)
        return written


class Exporter:
    """Serves the sums on the address as soon as no other process does, and samples this process's pool."""

    def __init__(self, bind: str, conninfo: str, metrics: Metrics | None = None, interval: float = 1.0) -> None:
        host, _, port = bind.rpartition(":")
        self._host, self._port = host.strip("[]"), int(port)
        self._metrics, self._interval = metrics, interval
        self._registry = CollectorRegistry()
        MultiProcessCollector(self._registry)  # type: ignore[no-untyped-call]  # the same
        self._registry.register(WorkerRuns(conninfo))

    def start(self) -> None:
        """Begin in a thread that ends with the process, which is what frees the address for another one."""
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
            pause.wait(self._interval)


class WorkerRuns(Collector):
    """The background worker's tasks, from the table in which it keeps them; nothing while the database is away."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo

    def collect(self) -> Iterator[Metric]:
        name = "smartdhandha_worker"
        last = GaugeMetricFamily(f"{name}_last_run_timestamp_seconds", "When the task last ended.", labels=["task"])
        done = CounterMetricFamily(f"{name}_done", "What the task has dealt with.", labels=["task"])
        runs = CounterMetricFamily(f"{name}_runs", "Runs of the task.", labels=["task"])
        failed = GaugeMetricFamily(f"{name}_last_run_failed", "1 when its last run had an error.", labels=["task"])
        for task, ended, total, count, has_failed in self._rows():
            last.add_metric([task], ended)
            done.add_metric([task], total)
            runs.add_metric([task], count)
            failed.add_metric([task], has_failed)
        yield from (last, done, runs, failed)

    def _rows(self) -> list[Row]:
        try:
            with connect_owner(self._conninfo) as conn:
                conn.execute("SET statement_timeout = '2s'")
                return conn.execute(_WORKER_RUNS).fetchall()
        except (DatabaseUnreachable, psycopg.Error):
            return []


def remove_samples(slot: str) -> None:
    """Remove the last samples of a dead process's pool; its counts stay."""
    mark_process_dead(slot)  # type: ignore[no-untyped-call]  # the library lacks types
