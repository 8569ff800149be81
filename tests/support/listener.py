"""A server of a test: it listens on a free port, and each connection has a thread."""

from __future__ import annotations

import socket
import threading
from abc import ABC, abstractmethod
from contextlib import suppress

from tests.support.threads import Threads


class Listener(Threads, ABC):
    """Listens on `port` of this machine until the end of the block."""

    def __init__(self) -> None:
        super().__init__(self._accept)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = int(self._listener.getsockname()[1])

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        self._listener.close()

    @abstractmethod
    def serve(self, client: socket.socket) -> None:
        """Serve a connection until it ends, or until `ended` is set. Its OSErrors end it, too."""

    def _accept(self) -> None:
        self._listener.settimeout(0.1)
        while not self.ended.is_set():
            with suppress(OSError):
                client, _ = self._listener.accept()
                thread = threading.Thread(target=self._serve, args=(client,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), client:
            self.serve(client)
