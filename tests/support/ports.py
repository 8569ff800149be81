"""A port for a service whose address must be known before it starts."""

from __future__ import annotations

import secrets
import socket
from contextlib import suppress


def free_port() -> int:
    """Return a port of 127.0.0.1 on which no process listens.

    The port is below the ephemeral ports, so that no connection takes it in the meantime.
    """
    while True:
        port = 20_000 + secrets.randbelow(10_000)
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


def free_address() -> str:
    """Return HOST:PORT with a free port of 127.0.0.1 (see `free_port`)."""
    return f"127.0.0.1:{free_port()}"
