"""A load balancer over HTTP: it sends each request to one of its backends, and can be told to use one no longer."""

from __future__ import annotations

import socket
import threading
from contextlib import ExitStack

from tests.chaos.load.wire import NoAnswer, Wire, length_of
from tests.support.listener import Listener

_BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"


class Balancer(Listener):
    """It sends each request to one of its backends, in turn."""

    def __init__(self, backends: list[str]) -> None:
        super().__init__()
        self._backends, self._sends = backends, threading.Lock()
        self.url = f"http://127.0.0.1:{self.port}"
        self.failed = list[str]()
        """The backends that gave no answer, once for each request."""
        self._turn = 0

    def use(self, backends: list[str]) -> None:
        """Use these from now on. Requests to the others are sent, though perhaps not answered, when this returns."""
        with self._sends:
            self._backends = backends

    def serve(self, client: socket.socket) -> None:
        """Answer the requests of one connection. It keeps a connection to each backend."""
        wires: dict[str, Wire] = {}
        client.settimeout(0.2)
        with ExitStack() as opened:
            while (request := self._read_request(client)) is not None:
                client.sendall(self._ask(wires, opened, request))

    def _read_request(self, client: socket.socket) -> bytes | None:
        """Return the next request of a connection; None when there is no other one."""
        received = b""
        while not self.ended.is_set():
            head, end, body = received.partition(b"\r\n\r\n")
            if end and len(body) >= (length_of(head) or 0):
                return received
            try:
                data = client.recv(65536)
            except TimeoutError:
                continue
            if not data:
                return None
            received += data
        return None

    def _ask(self, wires: dict[str, Wire], opened: ExitStack, request: bytes) -> bytes:
        backend = ""
        try:
            with self._sends:
                backend = self._next()
                if backend not in wires:
                    wires[backend] = Wire(backend)
                    opened.callback(wires[backend].close)
                wires[backend].close_if_ended()
                wires[backend].send(request)
            answer = wires[backend].receive()
        except NoAnswer:
            self.failed.append(backend)
            return _BAD_GATEWAY
        return answer.head.replace(b"Connection: close", b"X-Backend: closes") + b"\r\n\r\n" + answer.body

    def _next(self) -> str:
        self._turn += 1
        return self._backends[self._turn % len(self._backends)]
