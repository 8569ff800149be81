"""A TCP proxy that cuts connections, before or after a request, before or within its response; or that is slow."""

from __future__ import annotations

import random
import select
import socket
import struct
import time
from collections import Counter

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.support.listener import Listener

BEFORE_REQUEST, AFTER_REQUEST = "before the request", "after the request"
BEFORE_ANSWER, WITHIN_ANSWER = "before the answer", "within the answer"
CUTS = (BEFORE_REQUEST, AFTER_REQUEST, BEFORE_ANSWER, WITHIN_ANSWER)
_RESET = struct.pack("ii", 1, 0)
"""The value of SO_LINGER with which a close resets the connection."""


class FaultyProxy(Listener):
    """Passes all bytes on to `target`: a host and a port, or the path of a socket.

    `share` is the probability, from 0 to 1, with which bytes from a client lead to a cut of both sides of its
    connection. `delay` is the shortest and the longest time, in seconds, for which the proxy holds each piece of data.
    """

    def __init__(self, target: tuple[str, int] | str) -> None:
        super().__init__()
        self._target = target
        self.share, self.cuts, self.delay = 0.0, Counter[str](), (0.0, 0.0)
        self._chance = random.Random(0)

    def serve(self, client: socket.socket) -> None:
        """Pass on what a connection and the target send each other, until one ends or a cut is made."""
        with self._connect() as server:
            cut = self._pass_on(client, server)
            if cut is not None:
                self.cuts[cut] += 1
                for side in (client, server):
                    side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)

    def _connect(self) -> socket.socket:
        if isinstance(self._target, tuple):
            return socket.create_connection(self._target, 10)
        server = socket.socket(socket.AF_UNIX)
        server.connect(self._target)
        return server

    def _pass_on(self, client: socket.socket, server: socket.socket) -> str | None:
        """Pass on the bytes of both sides until one side ends. Return the kind of cut to make now; None for no cut."""
        cut: str | None = None
        while not self.ended.is_set():
            for side in select.select([client, server], [], [], 0.2)[0]:
                data = side.recv(65536)
                if not data:
                    return None
                time.sleep(self._chance.uniform(*self.delay))
                if side is client:
                    cut = cut or self._choose()
                    if cut == BEFORE_REQUEST:
                        return cut
                    server.sendall(data)
                    if cut == AFTER_REQUEST:
                        return cut
                elif cut is None:
                    client.sendall(data)
                else:
                    client.sendall(data[: len(data) // 2] if cut == WITHIN_ANSWER else b"")
                    return cut
        return None

    def _choose(self) -> str | None:
        return self._chance.choice(CUTS) if self._chance.random() < self.share else None


def before_postgres(conninfo: str) -> tuple[FaultyProxy, str]:
    """Return a proxy in front of the server of a database, and the conninfo that leads through the proxy."""
    parameters = conninfo_to_dict(conninfo)
    host, port = str(parameters["host"]), int(str(parameters["port"]))
    proxy = FaultyProxy(f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, port))
    return proxy, make_conninfo(conninfo, host="127.0.0.1", port=proxy.port)
