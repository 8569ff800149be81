"""Writes the records of requests into the database, in batches, on a connection and in a thread of its own.

No request waits for it. The records of the last second are lost when the process is killed.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

import psycopg

from api.ports.request.observer import RequestRecord
from infra.postgres.failures import FailureLog
from infra.postgres.logins import Logins
from infra.postgres.pool import OUTAGE_ERRORS, RequestConnection, connection_parameters
from infra.telemetry.requests.backlog import Backlog, Waiting
from infra.telemetry.requests.batch import Batches

logger = logging.getLogger("smartdhandha.requests")

PAUSE_SECONDS = 0.5
"""How long records are collected before they are written."""
RETRY_SECONDS = 2.0
"""The pause after the database could not write."""
WRITE_SECONDS = 5.0
"""How long the writer waits for PostgreSQL."""
BATCH_RECORDS = 1_000
CLOSE_SECONDS = 3.0
"""How long the end of a process waits until the last records are written."""
UNKNOWN_KEY = "invalid_api_key"
RECORD = "SELECT record_requests(%s)"


class RequestWriter:
    """Collects the records of requests, and writes them twice a second.

    `on_drop` is called with the number of records that were dropped because the database did not take them.
    """

    def __init__(self, logins: Logins, on_drop: Callable[[int], None] = lambda count: None) -> None:
        self._logins, self._on_drop = logins, on_drop
        self._backlog, self._batches = Backlog(on_drop), Batches()
        self._failures = FailureLog("the records of requests")
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="request-records", daemon=True)
        self._connection: RequestConnection | None = None

    def observe(self, request: RequestRecord) -> None:
        """Take the record of a request with a key. This method is an Observer of requests."""
        if request.key_id is None and (request.key_hash is None or request.error_code == UNKNOWN_KEY):
            return
        self._backlog.add(Waiting(time.monotonic(), request))

    def start(self) -> None:
        """Start to write."""
        self._thread.start()

    def close(self) -> None:
        """Write what was collected, and stop. If the database does not take it, this ends after CLOSE_SECONDS."""
        self._stopped.set()
        self._thread.join(CLOSE_SECONDS)

    def _run(self) -> None:
        pause = PAUSE_SECONDS
        while not self._stopped.wait(pause):
            pause = PAUSE_SECONDS if self._write_all() else RETRY_SECONDS
        self._write_all()
        if self._connection is not None:
            self._connection.close()

    def _write_all(self) -> bool:
        """Write all records that wait. Return False if the database is away; then they wait on."""
        for taken in self._backlog.batches(BATCH_RECORDS):
            try:
                self._write(self._batches.encode(taken))
            except OUTAGE_ERRORS as error:
                self._failures.report(error)
                self._backlog.put_back(taken)
                self._batches = Batches()  # those of this batch were not kept
                return False
            except psycopg.Error:
                logger.exception("%d records of requests could not be written, and are dropped", len(taken))
                self._on_drop(len(taken))
        return True

    def _write(self, batch: str) -> None:
        if self._connection is None or self._connection.closed:
            parameters = {**connection_parameters(self._logins), "application_name": "smartdhandha-requests"}
            self._connection = RequestConnection.connect(self._logins.for_requests, **parameters)
        self._connection.deadline = time.monotonic() + WRITE_SECONDS
        self._connection.execute(RECORD, (batch,))
