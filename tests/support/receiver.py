"""A receiver of webhooks: a real HTTP server on this machine, which keeps what arrives and answers as it is told."""

from __future__ import annotations

import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import msgspec


class Delivered(NamedTuple):
    """A request that has arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def payload(self) -> Any:
        return msgspec.json.decode(self.body)


class Receiver:
    """Serves on a free port until the end of the block. It answers with the status `status` and the headers `headers`.

    While `hold` is cleared, it reads requests and does not answer. With `tls`, it speaks TLS.
    """

    def __init__(
        self,
        status: int = 200,
        headers: dict[str, str] | None = None,
        body: bytes = b"ok",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._tls = tls
        self.status, self.headers, self.body = status, headers or {}, body
        self.requests: list[Delivered] = []
        self.hold = threading.Event()
        self.hold.set()
        self.most_at_once = self._now = 0
        self._lock = threading.Lock()

    def __enter__(self) -> Receiver:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                receiver.handle(self)

            def log_message(self, *_: object) -> None:
                """Write no log."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if self._tls is not None:
            self._server.socket = self._tls.wrap_socket(self._server.socket, server_side=True)
        scheme = "http" if self._tls is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_address[1]}/hooks"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.hold.set()
        self._server.shutdown()
        self._server.server_close()

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        with self._lock:
            self.requests.append(Delivered(handler.path, headers, body))
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            self.hold.wait(30)
            handler.send_response(self.status)
            for name, value in {"Content-Length": str(len(self.body)), **self.headers}.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(self.body)
        except OSError:
            handler.close_connection = True
        finally:
            with self._lock:
                self._now -= 1

    @property
    def ids(self) -> list[str]:
        """The ids of the events that arrived, in order."""
        return [each.id for each in self.requests]
