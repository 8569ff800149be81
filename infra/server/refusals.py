"""Makes responses without the application. They are logged, recorded and counted like the application's own ones."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from time import monotonic
from typing import Any

from api.http.errors import ApiError, internal_error
from api.http.observation import key_hash_of, method_label
from api.http.request import request_id_of
from api.ports.request.observer import Observer, RequestRecord
from api.service.cors import refusal_headers
from infra.server.address import origin_of
from infra.server.connection import Connection
from infra.server.http.failures import error_of, failure, known_environ, overloaded
from infra.server.http.heads import UnreadableRequest
from infra.telemetry.line_limit import LineLimit

INVALID_REQUESTS_PER_SECOND = 10
"""How many requests that are not valid HTTP a process logs in a second. They are limited because anyone can send
them."""

logger = logging.getLogger("smartdhandha.server")


class Refusals:
    """Makes error responses, and passes a record of each to the access log, the records and the metrics."""

    def __init__(
        self,
        public_url: str | None,
        cors_origins: Collection[str],
        access_log: Observer | None,
        count: Observer | None,
        keep: Observer | None = None,
    ) -> None:
        """`public_url` is the origin of links; None for the socket's own address. `count` counts in the metrics.

        `keep` keeps the records of requests that organizations can look up.

        `cors_origins` are the origins of other websites whose scripts may read responses of the API.
        """
        self._public_url, self._cors_origins = public_url, cors_origins
        self._access_log, self._count, self._keep = access_log, count, keep
        self._limit = LineLimit(INVALID_REQUESTS_PER_SECOND)

    def busy(self, connection: Connection) -> bytes:
        """Return the response to a request that no thread can handle in time."""
        return self._of_request(connection, overloaded())

    def fault(self, connection: Connection) -> bytes:
        """Return the response to a request for which the application raised an unexpected error."""
        return self._of_request(connection, internal_error())

    def unreadable(self, connection: Connection, unreadable: UnreadableRequest) -> bytes:
        """Return the response to bytes that are not a valid request."""
        error = error_of(unreadable)
        environ = known_environ(unreadable)
        record = _record(connection, environ, error)
        if self._limit.permits():
            facts = {"ip": connection.peer, "reason": str(unreadable), "requestId": record.request_id}
            logger.warning("invalid request", extra={"facts": facts})
            self._observe(record, self._access_log)
        self._observe(record, self._count)
        return self._failure(connection, error, record, environ)

    def log_left_out(self) -> None:
        """Log the number of invalid requests that were not logged because of the limit.

        The server calls this about once a second.
        """
        if count := self._limit.take_left_out():
            logger.warning("further invalid requests were not logged one by one", extra={"facts": {"count": count}})

    def _of_request(self, connection: Connection, error: ApiError) -> bytes:
        assert connection.request is not None
        sender = connection.sender
        org_id = sender.name if sender is not None and sender.is_organization else None
        seconds = monotonic() - connection.arrived
        environ = connection.request.environ
        record = _record(connection, environ, error, seconds, org_id)
        for observer in (self._access_log, self._keep, self._count):
            self._observe(record, observer)
        return self._failure(connection, error, record, environ)

    def _observe(self, record: RequestRecord, observer: Observer | None) -> None:
        if observer is not None:
            observer(record)

    def _failure(
        self, connection: Connection, error: ApiError, record: RequestRecord, environ: Mapping[str, Any]
    ) -> bytes:
        origin = self._public_url or origin_of(connection.sock)
        cors = refusal_headers(self._cors_origins, environ["PATH_INFO"], environ.get("HTTP_ORIGIN"))
        return failure(error, origin, record.request_id, cors, is_head=record.method == "HEAD")


def _record(
    connection: Connection, environ: Mapping[str, Any], error: ApiError, seconds: float = 0.0, org_id: str | None = None
) -> RequestRecord:
    return RequestRecord(
        method=method_label(environ["REQUEST_METHOD"]),
        route=None,
        status=error.status,
        seconds=seconds,
        org_id=org_id,
        key_id=None,
        user_id=None,
        request_id=request_id_of(environ.get("HTTP_X_REQUEST_ID")),
        ip=connection.peer or None,
        error_code=error.code,
        key_hash=key_hash_of(environ.get("PATH_INFO", ""), environ.get("HTTP_AUTHORIZATION")),
    )
