"""A server process, as threads of this process, with a WSGI application of the test."""

from __future__ import annotations

import os
import socket
import threading
from types import SimpleNamespace
from typing import Any

from gunicorn.config import Config

from api.ports.request.observer import RequestRecord
from infra.server.http.responses import Application
from infra.server.worker import PollWorker
from tests.support.waiting import wait_until


class ServerProcess:
    """Serves the application on a free port until the end of the block. `threads` handle requests."""

    def __init__(self, application: Application, threads: int) -> None:
        cfg = Config()
        cfg.set("threads", threads)
        listener = socket.create_server(("127.0.0.1", 0))
        self._address = listener.getsockname()
        self.access_log: list[RequestRecord] = []
        """The records of responses that the server has sent without calling the application."""
        app = SimpleNamespace(
            public_url=None,
            cors_origins=(),
            access_log=self.access_log.append,
            count_request=None,
            keep_request=None,
            organization_lookup=None,
        )
        self._worker = PollWorker(0, os.getppid(), [listener], app, 30, cfg, None)
        self._worker.wsgi = application
        self._worker.PIPE = os.pipe()
        os.set_blocking(self._worker.PIPE[0], False)
        self._main = threading.Thread(target=self._worker.run, name="main")

    def __enter__(self) -> ServerProcess:
        self._main.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.alive = False
        self._worker._wake()
        self._main.join()
        wait_until(lambda: not any(thread.name.startswith("requests-") for thread in threading.enumerate()))
        self._worker.tmp.close()
        for file_descriptor in self._worker.PIPE:
            os.close(file_descriptor)

    def connect(self, receive_bytes: int | None = None) -> socket.socket:
        """Return a new connection. `receive_bytes` limits the bytes that the system buffers before the test reads."""
        client = socket.socket()
        client.settimeout(10)
        if receive_bytes is not None:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        client.connect(self._address)
        return client

    def request(self, path: str, **options: Any) -> socket.socket:
        """Return a new connection on which one request, the only one, has been sent."""
        client = self.connect(**options)
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        return client

    def get(self, path: str) -> bytes:
        """Return the whole response to a request."""
        with self.request(path) as client:
            return b"".join(iter(lambda: client.recv(65536), b""))
