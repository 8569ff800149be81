"""Logs: one JSON object per line, on standard error."""

from __future__ import annotations

import contextlib
import logging
import os
import re
from datetime import UTC, datetime
from typing import Any

import msgspec
from gunicorn.glogging import Logger

from api.ports.observer import RequestRecord
from domain.calendar import instant
from domain.key_secret import PREFIX

_SECRET = re.compile(rf"{PREFIX}[0-9A-Za-z]+")


class JsonLines(logging.Formatter):
    """A record as one line; what is passed as `extra={"facts": {…}}` stands beside the message."""

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
        # An exception's text, ours or a library's, may quote what a client sent.
        return _SECRET.sub(f"{PREFIX}…", msgspec.json.encode(line, enc_hook=str).decode())


def set_up(level: str) -> None:
    """Send the program's own log, and warnings of the libraries, to standard error; call it once in each process."""
    handler = _handler()
    logging.getLogger().handlers[:] = [handler]
    logger = logging.getLogger("smartdhandha")
    logger.handlers[:] = [handler]
    logger.setLevel(level.upper())
    logger.propagate = False
    # It warns of each try to reconnect; `infra.database` says once that the database is away, and once that it is back.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)


class Line(msgspec.Struct, rename="camel"):
    """One request in the log."""

    at: str
    method: str
    route: str | None
    status: int
    duration_ms: float
    org: str | None
    key: str | None
    request_id: str
    level: str = "info"
    logger: str = "smartdhandha.access"
    message: str = "request"


class AccessLog:
    """The observer that writes one line per request.

    It goes around `logging`, whose record, locks and filters cost more than all the rest, and writes at once, so that a
    process that is killed has told of every request that it answered. A line is shorter than a pipe's 4096 bytes, so
    lines of several threads and processes never mix.
    """

    def __init__(self, handle: int = 2) -> None:
        self._handle = handle
        self._encode = msgspec.json.Encoder().encode

    def __call__(self, answered: RequestRecord) -> None:
        line = Line(
            at=instant(datetime.now(UTC)),
            method=answered.method,
            route=answered.route,
            status=answered.status,
            duration_ms=round(answered.seconds * 1000, 3),
            org=answered.org_id,
            key=answered.key_id,
            request_id=answered.request_id,
        )
        with contextlib.suppress(OSError):  # a full disk or a closed pipe is no reason to fail the request
            os.write(self._handle, self._encode(line) + b"\n")


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn carries no types
    """gunicorn's own log in the same form, without the request lines and headers that it would quote."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers[:] = [_handler()]

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        """The application writes its own line per request, and asking for gunicorn's settings each time is not free."""

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        if msg.startswith("Invalid request from"):
            msg, args = msg.partition(": ")[0], ()
        super().warning(msg, *args, **kwargs)

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        if msg.startswith("Error handling request"):
            msg, args = "Error handling request", ()
        super().exception(msg, *args, **kwargs)


def _handler() -> logging.Handler:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    return handler
