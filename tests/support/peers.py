"""Peers: clients that keep their connections open, and are silent, send slowly, do not read, or do not close."""

from __future__ import annotations

import select
import socket
import subprocess
import sys
import time
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urlsplit

_HEAD = b"POST /api/v1/invoices HTTP/1.1\r\nHost: x\r\n"
_EXTENSION = b"1;" + b"x" * 3000
_ANEW_AFTER_SECONDS = 5.0


class Kind(NamedTuple):
    """What a peer does with its connection."""

    first: bytes
    """The bytes that the peer sends when it has connected."""
    more: bytes = b""
    """The bytes that the peer sends each second after that."""
    is_remote: bool = False
    """Whether the kernel buffers only few bytes for the peer, as if the peer were on another machine. The service must
    then keep the rest of a response."""
    half_closes: bool = False
    """Whether the peer ends its sending side after the first bytes."""


KINDS = {
    "silent": Kind(b""),
    "one byte": Kind(b"G"),
    "half a head": Kind(b"GET /healthz HTTP/1.1\r\nX-A: "),
    "dripping head": Kind(b"GET /healthz HTTP/1.1\r\nX-A: ", more=b"a"),
    "stalled body": Kind(_HEAD + b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"),
    "dripping body": Kind(_HEAD + b"Content-Length: 1000000\r\n\r\n", more=b"x" * 600),
    "stalled chunk": Kind(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n64\r\n{"),
    "stalled chunk extension": Kind(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + _EXTENSION),
    "endless chunk extensions": Kind(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n", more=_EXTENSION + b"\r\n{\r\n"),
    "not reading": Kind(b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n", is_remote=True),
    "not closing": Kind(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
    "half closing": Kind(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", half_closes=True),
}


def connect(url: str, kind: Kind) -> socket.socket:
    """Connect a new peer, and send its first bytes; return its socket. Nobody reads from it."""
    address = urlsplit(url)
    peer = socket.socket()
    peer.settimeout(10)
    if kind.is_remote:  # between processes of one machine, the kernel would take megabytes
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1400)
    peer.connect((address.hostname, address.port))
    peer.sendall(kind.first)
    if kind.half_closes:
        peer.shutdown(socket.SHUT_WR)
    return peer


class Peers:
    """Runs peers of one kind in a process of their own until the end of the block. It imports nothing but this module.

    When the service ends a peer's connection, the peer connects again, but at most once in 5 seconds.
    """

    def __init__(self, url: str, kind: str, count: int) -> None:
        self._command = [sys.executable, "-m", __name__, url, kind, str(count)]

    def __enter__(self) -> Peers:
        """Wait until all peers are connected."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        assert self._process.stdout.readline(), "the peers could not connect"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()


class _Peer:
    def __init__(self, url: str, kind: Kind) -> None:
        self._url, self._kind = url, kind
        self._connect()

    def go_on(self) -> None:
        """Send more bytes, or connect again. The process calls this once a second."""
        if not is_ended(self._socket):
            with suppress(OSError):
                self._socket.send(self._kind.more)
        elif time.monotonic() - self._since > _ANEW_AFTER_SECONDS:
            self._socket.close()
            with suppress(OSError):  # the service may have ended
                self._connect()

    def _connect(self) -> None:
        self._since = time.monotonic()
        self._socket = connect(self._url, self._kind)
        self._socket.setblocking(False)


def is_ended(peer: socket.socket) -> bool:
    """Return whether the service has ended the connection. This does not read from the socket."""
    if peer.fileno() < 0:
        return True
    poll = select.poll()
    poll.register(peer, select.POLLRDHUP)
    return bool(poll.poll(0))


def _hold(url: str, kind: str, count: int) -> None:
    peers = [_Peer(url, KINDS[kind]) for _ in range(count)]
    print("connected", flush=True)
    while True:
        time.sleep(1)
        for peer in peers:
            peer.go_on()


if __name__ == "__main__":
    _hold(sys.argv[1], sys.argv[2], int(sys.argv[3]))
