"""gunicorn's log. The module is apart from `logs.py` because commands that serve nothing need not import gunicorn."""

from __future__ import annotations

import re
from typing import Any

from gunicorn.glogging import Logger

from infra.telemetry.logs import new_handler

_INVALID_REQUEST = re.compile(r"Invalid request from ip=(\S*?)(?:: |$)")
"""The beginning of gunicorn's message for a request that is not valid HTTP. The rest of the message quotes the request,
and is left out."""


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Writes gunicorn's messages as JsonLines, without request lines and headers, which gunicorn's own class quotes."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers[:] = [new_handler()]

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        """Write nothing: AccessLog writes the line. gunicorn's own method would read settings at each request."""

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        if invalid := _INVALID_REQUEST.match(msg % args if args else msg):
            msg, args, kwargs = "invalid request", (), {"extra": {"facts": {"ip": invalid[1]}}}
        super().warning(msg, *args, **kwargs)

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        if msg.startswith("Error handling request"):
            msg, args = "Error handling request", ()
        super().exception(msg, *args, **kwargs)
