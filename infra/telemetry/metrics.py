"""The Prometheus metrics that all processes of one service count together.

Each process counts in its own files, in a folder that all processes share. The process that serves the metrics adds up
the files at each scrape. A process that is killed loses no counts, because they are in its files.

Import this module only through `infra.telemetry.metrics_folder`. The library reads PROMETHEUS_MULTIPROC_DIR when it is
imported, so the variable must be set before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from prometheus_client import Counter, Gauge, Histogram, values

from api.ports.admission import VERDICTS
from api.ports.commands import CommandBus
from api.ports.request.observer import Observer, RequestRecord
from infra.postgres.pool import Pool
from infra.telemetry.counted import CountedCommandBus
from infra.telemetry.standby_outcomes import OUTCOMES

UNKNOWN_ROUTE = "unknown"
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""The upper limits of the histogram of durations, in seconds."""


class Metrics:
    """The counts of one process.

    `slot` is a number that no other running process has. The names of the process's files contain it. When a process
    dies, the next one gets its slot and continues its files, so the number of files does not grow.
    """

    def __init__(self, slot: str) -> None:
        values.ValueClass = values.MultiProcessValue(lambda: slot)  # type: ignore[no-untyped-call]  # the library lacks types
        self._requests = Counter(
            "smartdhandha_requests", "Requests answered.", ("method", "route", "status"), registry=None
        )
        self._seconds = Histogram(
            "smartdhandha_request_duration_seconds",
            "Time from the arrival of the request at the application to its response.",
            ("route",),
            buckets=BUCKETS,
            registry=None,
        )
        admissions = Counter("smartdhandha_admissions", "API keys looked up, by verdict.", ("verdict",), registry=None)
        self._admissions = {verdict: admissions.labels(verdict) for verdict in VERDICTS}
        self.events = Counter("smartdhandha_events_appended", "Events appended by requests.", registry=None)
        connections = Gauge(
            "smartdhandha_pool_connections",
            "Database connections, by state.",
            ("state",),
            registry=None,
            multiprocess_mode="livesum",
        )
        self._in_use, self._idle = connections.labels("in_use"), connections.labels("idle")
        self._waiting = Gauge(
            "smartdhandha_pool_waiting",
            "Requests waiting for a database connection.",
            registry=None,
            multiprocess_mode="livesum",
        )
        self._timeouts = Counter(
            "smartdhandha_pool_timeouts", "Requests that got no database connection in time.", registry=None
        )
        self._dropped = Counter(
            "smartdhandha_request_records_dropped",
            "Records of requests that were dropped because the database did not take them.",
            registry=None,
        )
        self._pool: Pool | None = None
        self._series: dict[tuple[str, str | None, int], tuple[Counter, Histogram]] = {}

    def observe(self, request: RequestRecord) -> None:
        """Count the request and its duration. This method is an Observer of requests."""
        key = (request.method, request.route, request.status)
        series = self._series.get(key)
        if series is None:  # looking up labels takes as long as counting, so the result is kept
            route = request.route or UNKNOWN_ROUTE
            series = (self._requests.labels(request.method, route, request.status), self._seconds.labels(route))
            self._series[key] = series
        requests, seconds = series
        requests.inc()
        seconds.observe(request.seconds)

    def count_verdict(self, verdict: str) -> None:
        """Count a verdict of the SQL function `admit`, one of VERDICTS."""
        self._admissions[verdict].inc()

    def count_dropped(self, count: int) -> None:
        """Count records of requests that were dropped."""
        self._dropped.inc(count)

    def standby_counter(self) -> Callable[[str], None]:
        """Return a function that counts what came of a read that a standby may answer, one of OUTCOMES."""
        counter = Counter(
            "smartdhandha_standby_reads",
            "Reads that a standby may answer, by what came of it; after any outcome but answered, the primary answers.",
            ("outcome",),
            registry=None,
        )
        reads = {outcome: counter.labels(outcome) for outcome in OUTCOMES}
        return lambda outcome: reads[outcome].inc()

    def wrap(self, command_bus: CommandBus, observers: Sequence[Observer]) -> tuple[CommandBus, Sequence[Observer]]:
        """Return a command bus that also counts events, and the observers with one more, which counts requests."""
        return CountedCommandBus(command_bus, self), (*observers, self.observe)

    def watch(self, pool: Pool) -> None:
        """Let `sample` read this pool."""
        self._pool = pool

    def sample(self) -> None:
        """Store the state of the pool in the metrics."""
        if self._pool is not None:
            stats = self._pool.pop_stats()
            idle = stats.get("pool_available", 0)
            self._idle.set(idle)
            self._in_use.set(stats.get("pool_size", 0) - idle)
            self._waiting.set(stats.get("requests_waiting", 0))
            self._timeouts.inc(stats.get("requests_errors", 0))
