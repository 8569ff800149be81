"""Sends requests as bytes, which an HTTP client would refuse or change, and reads the responses."""

from __future__ import annotations

import json
import socket
from typing import Any, NamedTuple
from urllib.parse import urlsplit


class RawResponse(NamedTuple):
    """A response as the service sent it."""

    status: int
    head: bytes
    body: bytes

    @property
    def headers(self) -> dict[str, str]:
        """The headers by their names in lower case. Of several with the same name, only the last one is kept."""
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}

    @property
    def code(self) -> Any:
        """The code of the error in the body."""
        return json.loads(self.body)["error"]["code"]


def request(target: str, *headers: str, method: str = "GET", body: str = "") -> bytes:
    """Return the bytes of a request whose connection ends after the response."""
    length = [f"Content-Length: {len(body.encode())}"] if body else []
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost", "Connection: close", *length, *headers]
    return "\r\n".join([*lines, "", body]).encode()


def exchange(url: str, data: bytes) -> RawResponse:
    """Send these bytes on a new connection. Return the first response, after the service ended the connection.

    `url` is the address of the service.
    """
    received = all_received(url, data)
    head, _, body = received.partition(b"\r\n\r\n")
    return RawResponse(int(head.split()[1]), head, body)


def all_received(url: str, data: bytes) -> bytes:
    """Send these bytes on a new connection. Return all that the service sends until it ends the connection."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), 15) as connection:
        connection.sendall(data)
        return b"".join(iter(lambda: connection.recv(65536), b""))
