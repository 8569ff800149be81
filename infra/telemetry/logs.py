"""Program logs: one JSON object per line, on standard error."""

from __future__ import annotations

import contextlib
import logging
import os
import re
from datetime import UTC, datetime

import msgspec
from msgspec import UNSET, UnsetType

from api.ports.request.observer import RequestRecord
from domain.accounts.key_secret import mask_secrets
from domain.calendar import instant

_MARK = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Characters that could control a terminal or reverse the direction of a line. Each is written as a JSON escape."""


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON. Each item of `extra={"facts": {…}}` becomes a field of the line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": instant(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        # The text of an exception may quote what a client sent, such as an API key.
        text = mask_secrets(msgspec.json.encode(line, enc_hook=str).decode())
        return _MARK.sub(lambda mark: f"\\u{ord(mark[0]):04x}", text)


def set_up(level: str) -> None:
    """Send the service's own log and the warnings of libraries to standard error. Call it once in each process."""
    handler = new_handler()
    logging.getLogger().handlers[:] = [handler]
    logger = logging.getLogger("smartdhandha")
    logger.handlers[:] = [handler]
    logger.setLevel(level.upper())
    logger.propagate = False
    # psycopg warns at each attempt to reconnect. `infra.postgres.outage` logs only the beginning and end of an outage.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)


class AccessLine(msgspec.Struct, rename="camel"):
    """A line of the access log: one request."""

    at: str
    method: str
    route: str | None
    status: int
    duration_ms: float
    org: str | None
    key: str | None
    user: str | None
    request_id: str
    ip: str | UnsetType = UNSET
    level: str = "info"
    logger: str = "smartdhandha.access"
    message: str = "request"


class AccessLog:
    """The observer that writes one line per request.

    It does not use `logging`, whose records, locks and filters take more time than all other steps. There is no buffer,
    so the log has every answered request, even if the process is killed. A line is shorter than the 4096 bytes that
    a pipe accepts at once, so the lines of several threads and processes never mix.
    """

    def __init__(self, file_descriptor: int = 2) -> None:
        self._file_descriptor = file_descriptor
        self._encode = msgspec.json.Encoder().encode

    def __call__(self, request: RequestRecord) -> None:
        line = AccessLine(
            at=instant(datetime.now(UTC)),
            method=request.method,
            route=request.route,
            status=request.status,
            duration_ms=round(request.seconds * 1000, 3),
            org=request.org_id,
            key=request.key_id,
            user=request.user_id,
            request_id=request.request_id,
            ip=request.ip or UNSET,
        )
        with contextlib.suppress(OSError):  # a full disk or a closed pipe must not fail the request
            os.write(self._file_descriptor, self._encode(line) + b"\n")


def new_handler() -> logging.Handler:
    """Return a handler that writes lines of JSON to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    return handler
