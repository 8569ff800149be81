"""Watches a pool of connections while the database cannot be reached."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool

from infra.postgres.failures import facts_of, reason_of

logger = logging.getLogger("smartdhandha.database")

POOL_TIMEOUT_SECONDS = 0.1
"""How long a request waits for a connection while the database is known to be unreachable. The time is short, because a
waiting thread cannot serve other requests."""
RETRY_INTERVAL_SECONDS = 0.5
"""The time between two attempts to reach the database again."""


class Outage:
    """Watches a pool from the first failed connection until the pool can connect again."""

    def __init__(self, conninfo: str, parameters: Mapping[str, Any], name: str = "the database") -> None:
        """`parameters` are the pool's own arguments for psycopg.connect(). `name` is used in the log."""
        self._name, self._conninfo, self._parameters, self._lock = name, conninfo, parameters, threading.Lock()

    def begin(self, pool: ConnectionPool[Any]) -> None:
        """Shorten the pool's time-out, and retry at a fixed interval. The pool calls this as its `reconnect_failed`."""
        if self._lock.acquire(blocking=False):
            usual_timeout, pool.timeout = pool.timeout, POOL_TIMEOUT_SECONDS
            threading.Thread(target=self._await_end, args=(pool, usual_timeout), name="outage", daemon=True).start()

    def _await_end(self, pool: ConnectionPool[Any], usual_timeout: float) -> None:
        try:
            self._log_reason()
            while not pool.closed:
                time.sleep(RETRY_INTERVAL_SECONDS)
                pool.check()  # removes dead connections; if none is left, the pool makes a new one
                if pool.get_stats().get("pool_available"):
                    logger.warning("%s is reachable again", self._name)
                    return
        finally:
            pool.timeout = usual_timeout
            self._lock.release()

    def _log_reason(self) -> None:
        """Log why the pool could not connect. The pool does not give the reason, so try to connect once more."""
        try:
            psycopg.connect(self._conninfo, **self._parameters).close()
            logger.warning("a connection to %s failed, but a second attempt succeeded", self._name)
        except psycopg.OperationalError as error:
            logger.warning("%s cannot be reached: %s", self._name, reason_of(error), extra=facts_of(error))
