"""Logs: one JSON object per line, on standard error."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import msgspec

from domain.calendar import instant


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
        return msgspec.json.encode(line, enc_hook=str).decode()


def set_up(level: str) -> None:
    """Send the program's own log to standard error; call it once in each process."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    log = logging.getLogger("smartdhandha")
    log.handlers[:] = [handler]
    log.setLevel(level.upper())
    log.propagate = False
