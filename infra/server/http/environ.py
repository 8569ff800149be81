"""The part of the WSGI environ (PEP 3333) that is the same in all requests of a connection."""

from __future__ import annotations

import io
import logging
import socket
from collections.abc import Mapping
from typing import Any

logger = logging.getLogger("smartdhandha.server")


class ErrorLines(io.TextIOBase):
    """The stream `wsgi.errors`. Each text that the application writes to it becomes an error in the program log."""

    def write(self, text: str) -> int:
        if text.strip():
            logger.error(text.strip())
        return len(text)


_ERRORS = ErrorLines()


def environ_of(sock: socket.socket, peer: Any, cfg: Any) -> dict[str, Any]:
    """Return the fixed part of the environ: addresses, and how the server runs the application.

    `peer` is the client's address as `accept` returns it. `cfg` has gunicorn's settings.
    """
    own = sock.getsockname()
    is_inet = isinstance(own, tuple)
    return {
        "wsgi.version": (1, 0),
        "wsgi.multithread": cfg.threads > 1,
        "wsgi.multiprocess": cfg.workers > 1,
        "wsgi.run_once": False,
        "wsgi.errors": _ERRORS,
        "wsgi.input_terminated": True,
        "SERVER_SOFTWARE": "smartdhandha",
        "SCRIPT_NAME": "",
        "SERVER_NAME": own[0] if is_inet else "localhost",
        "SERVER_PORT": str(own[1]) if is_inet else "80",
        "REMOTE_ADDR": peer[0] if isinstance(peer, tuple) else "",
        "REMOTE_PORT": str(peer[1]) if isinstance(peer, tuple) else "",
    }


def trusted_schemes(peer: Any, cfg: Any) -> Mapping[str, str]:
    """Return the headers by which this peer may say that the client used https; empty for a peer that is not trusted.

    Each key is the name of a header in the environ. Its value is the value that the header has for https.
    """
    trusted = cfg.forwarded_allow_ips
    if isinstance(peer, tuple) and "*" not in trusted and peer[0] not in trusted:
        return {}
    return {f"HTTP_{name.replace('-', '_')}": value for name, value in cfg.secure_scheme_headers.items()}
