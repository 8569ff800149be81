"""Writes failures of the database to the program log: the first error, with its SQLSTATE."""

from __future__ import annotations

import logging
import re
import threading
import time
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.errors import PipelineAborted

logger = logging.getLogger("smartdhandha.database")

_OF_EVERYTHING = ("08", "25006", "53100", "53300", "57P", "58")
"""How the SQLSTATEs begin of what stops all work: connections, a read-only database, a full disk, too many connections,
a shutdown, and errors of the machine."""
_PAUSE_SECONDS = 60.0
_CONSTRAINT = re.compile(r'constraint "([^"]+)"')


class FailureLog:
    """Logs database errors that are expected to end by themselves. Each SQLSTATE is logged at most once a minute.

    `what` completes the message "the database could not serve …", such as "a request". `name` replaces "the database".
    """

    def __init__(self, what: str = "a request", name: str = "the database") -> None:
        self._name, self._what, self._lock = name, what, threading.Lock()
        self._logged_at: dict[str, float] = {}

    def report(self, error: Exception) -> None:
        """Log the error, unless an error with the same SQLSTATE was logged less than a minute ago."""
        kind, now = getattr(error, "sqlstate", None) or type(error).__name__, time.monotonic()
        with self._lock:
            is_known = now - self._logged_at.get(kind, -_PAUSE_SECONDS) < _PAUSE_SECONDS
            if not is_known:
                self._logged_at[kind] = now
        if not is_known:
            message = "%s could not serve %s: %s"
            logger.warning(message, self._name, self._what, reason_of(error), extra=facts_of(error))


def ends_all_work(conn: Connection[Any], error: Exception) -> bool:
    """Return whether an error on this connection ends all work that is done on it, and not only the part that it met.

    A statement that takes too long and a value that is too long for an index are faults of one organization's data,
    although psycopg counts them among the errors of the database's operation, as a full disk.
    """
    state: str | None = getattr(first_error(error), "sqlstate", None)
    return conn.closed or (state or "").startswith(_OF_EVERYTHING)


def first_error(error: Exception) -> Exception:
    """Return the error that made a pipeline fail.

    psycopg may raise PipelineAborted instead, which says only that the statements after the error were not executed.
    """
    while isinstance(error, PipelineAborted) and isinstance(error.__context__, Exception):
        error = error.__context__
    return error


def reason_of(error: Exception) -> str:
    """Return PostgreSQL's message in one line. The details of the error are left out: they may quote stored values."""
    message = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    return " ".join((message or str(error)).split())


def constraint_of(error: Exception) -> str:
    """Return the name of the constraint that was violated; an empty text if the error names none.

    A distributed database does not pass on the name as a field of the error. Then the message quotes it.
    """
    if not isinstance(error, psycopg.Error):
        return ""
    quoted = _CONSTRAINT.search(error.diag.message_primary or "")
    return error.diag.constraint_name or (quoted[1] if quoted else "")


def facts_of(error: Exception) -> dict[str, dict[str, str | None]]:
    """Return the fields of a log line about the error, for the logger's argument `extra`."""
    return {"facts": {"sqlstate": getattr(error, "sqlstate", None)}}
