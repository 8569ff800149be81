"""Checks the addresses on which the server will listen, and formats them for messages and links."""

from __future__ import annotations

import socket

from infra.settings import Settings


class AddressUnavailable(Exception):
    """The server cannot listen on the address; the message says why and what to do."""


def check_addresses(settings: Settings) -> None:
    """Check the address of the API, and the address of the metrics if it is set. Raises AddressUnavailable."""
    advice = "smartdhandha serve --bind 127.0.0.1:8001 (or set SMARTDHANDHA_BIND)"
    check_address(settings.bind, advice)
    check_metrics_address(settings)


def check_metrics_address(settings: Settings) -> None:
    """Check the address of the metrics if it is set. Raises AddressUnavailable."""
    if settings.metrics_bind is not None:
        check_address(settings.metrics_bind, "set SMARTDHANDHA_METRICS_BIND")


def check_address(bind: str, advice: str) -> None:
    """Bind to HOST:PORT and release it, so that a port in use is reported before anything has started.

    The message of the error ends with `advice`, which says how to choose another address. Raises AddressUnavailable.
    """
    host, _, port = bind.rpartition(":")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise AddressUnavailable(
            f"Cannot listen on {bind} ({error.strerror}). Stop the program that uses this address, or choose another "
            f"address: {advice}."
        ) from None


def host_of(sock: socket.socket) -> str:
    """Return the socket's own address as HOST:PORT. An IPv6 host is in brackets. A Unix socket is `localhost`."""
    if sock.family == socket.AF_UNIX:
        return "localhost"
    host, port = sock.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def origin_of(sock: socket.socket) -> str:
    """Return the socket's own address as an origin, such as `http://127.0.0.1:8000`."""
    return f"http://{host_of(sock)}"
