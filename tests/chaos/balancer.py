"""A load balancer over HTTP: it sends each request to one of its backends, and can be told to use one no longer."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

from tests.chaos.load.wire import NoAnswer, Wire, length_of

_BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"


class Balancer:
    """Listens on a free port until the end of the block. `backends` are the URLs that get new requests, in turn.

    A backend that was taken out of `backends` finishes the requests that it has.
    """

    def __init__(self, backends: list[str]) -> None:
        self.backends = backends
        self.failed = list[str]()
        """The backends that gave no answer, once for each request."""
        self._turn, self._ended = 0, threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    def __enter__(self) -> Balancer:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        self._listener.settimeout(0.1)
        while not self._ended.is_set():
            with suppress(OSError):
                client, _ = self._listener.accept()
                thread = threading.Thread(target=self._serve, args=(client,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, client: socket.socket) -> None:
        """Answer the requests of one connection. It keeps a connection to each backend."""
        wires: dict[str, Wire] = {}
        client.settimeout(0.2)
        with client, suppress(OSError):
            while (request := self._read_request(client)) is not None:
                backend = self._next()
                client.sendall(self._ask(wires.setdefault(backend, Wire(backend)), backend, request))
        for wire in wires.values():
            wire.close()

    def _read_request(self, client: socket.socket) -> bytes | None:
        """Return the next request of a connection; None when there is no other one."""
        received = b""
        while not self._ended.is_set():
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

    def _next(self) -> str:
        self._turn += 1
        backends = self.backends
        return backends[self._turn % len(backends)]

    def _ask(self, wire: Wire, backend: str, request: bytes) -> bytes:
        wire.close_if_ended()
        try:
            answer = wire.ask(request)
        except NoAnswer:
            self.failed.append(backend)
            return _BAD_GATEWAY
        return answer.head.replace(b"Connection: close", b"X-Backend: closes") + b"\r\n\r\n" + answer.body
