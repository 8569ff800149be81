"""The part of the WSGI environ (PEP 3333) that is the same in all requests of a connection."""

from __future__ import annotations

import io
import logging
import socket
from collections.abc import Mapping
from typing import Any

logger = logging.getLogger("smartdhandha.server")


class ErrorLines(io.TextIOBase):
    """The stream `wsgi.errors`. Each text that the application writes to the stream is logged as an error."""

    def write(self, text: str) -> int:
        if text.strip():
            logger.error(text.strip())
        return len(text)


_ERRORS = ErrorLines()


class Environs:
    """Makes the fixed part of the WSGI environ for each connection: addresses, and how the server runs the application.

    `cfg` has gunicorn's settings. They are read once, because reading a setting takes as long as a system call.
    """

    def __init__(self, cfg: Any) -> None:
        self._trusted = frozenset(cfg.forwarded_allow_ips)
        self._schemes = {f"HTTP_{name.replace('-', '_')}": value for name, value in cfg.secure_scheme_headers.items()}
        self._fixed = {
            "wsgi.version": (1, 0),
            "wsgi.multithread": cfg.threads > 1,
            "wsgi.multiprocess": cfg.workers > 1,
            "wsgi.run_once": False,
            "wsgi.errors": _ERRORS,
            "wsgi.input_terminated": True,
            "SERVER_SOFTWARE": "smartdhandha",
            "SCRIPT_NAME": "",
        }

    def environ_of(self, sock: socket.socket, peer: Any) -> dict[str, Any]:
        """Return the environ of a connection. `peer` is the client's address as `accept` returns it."""
        own = sock.getsockname()
        is_inet = isinstance(own, tuple)
        return {
            **self._fixed,
            "SERVER_NAME": own[0] if is_inet else "localhost",
            "SERVER_PORT": str(own[1]) if is_inet else "80",
            "REMOTE_ADDR": peer[0] if isinstance(peer, tuple) else "",
            "REMOTE_PORT": str(peer[1]) if isinstance(peer, tuple) else "",
        }

    def trusted_schemes(self, peer: Any) -> Mapping[str, str]:
        """Return the headers by which this proxy may say that the client used https; empty if `peer` is not trusted.

        Each key is the name of a header in the environ. Its value is the text that the header has if https was used.
        """
        if isinstance(peer, tuple) and "*" not in self._trusted and peer[0] not in self._trusted:
            return {}
        return self._schemes
