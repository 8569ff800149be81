"""A small pooler in transaction mode, with the traits of PgBouncer that matter to the service.

It logs in to PostgreSQL itself, and ignores what clients ask for when they begin. Each transaction of a client runs in
the session that was used last among those that are free.
"""

from __future__ import annotations

import itertools
import select
import socket
import struct
import threading
from collections import deque
from collections.abc import Iterator

import psycopg
from psycopg.conninfo import make_conninfo

from tests.support.listener import Listener

_STATUS = """server_version server_encoding client_encoding DateStyle TimeZone integer_datetimes
             standard_conforming_strings IntervalStyle"""
_STARTUP = 3 << 16
_QUESTIONS = (80877103, 80877104)
"""The codes of a client's questions for TLS and GSSAPI."""
_REFUSAL = b"SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: options\0\0"


class _Session:
    """A session of PostgreSQL, and the prepared statements that it has."""

    def __init__(self, conninfo: str) -> None:
        self._conn = psycopg.connect(conninfo)
        self.socket = socket.socket(fileno=socket.dup(self._conn.fileno()))
        self.socket.setblocking(True)
        self.statements: set[bytes] = set()
        self.greeting = b"".join(
            _message(b"S", f"{name}\0{self._conn.info.parameter_status(name)}\0".encode()) for name in _STATUS.split()
        )

    def close(self) -> None:
        self.socket.close()
        self._conn.close()


class Pooler(Listener):
    """Passes on what clients and PostgreSQL send each other. `conninfo` is the log-in of its sessions.

    If `renames` is true, each client has its own prepared statements in every session, as with PgBouncer 1.21 or newer.
    If `refuses_options` is true, a client that sends settings is refused, as by PgBouncer without
    `ignore_startup_parameters`. If `shares` is false, a client keeps its session, as in session mode.
    """

    def __init__(
        self, conninfo: str, *, renames: bool = True, refuses_options: bool = False, shares: bool = True
    ) -> None:
        super().__init__()
        self._conninfo, self._lock = conninfo, threading.Lock()
        self.renames, self.shares, self._refuses_options = renames, shares, refuses_options
        self._free: list[_Session] = []
        self._all: list[_Session] = []
        self._numbers = itertools.count(1)
        self.shared = 0
        """How often a session was given to another client than before."""
        self._last_client: dict[_Session, int] = {}

    def address(self, conninfo: str) -> str:
        """Return the conninfo that leads through this pooler to the same database."""
        return make_conninfo(conninfo, host="127.0.0.1", port=self.port, password="any", sslmode="disable")

    def __exit__(self, *end: object) -> None:
        super().__exit__(*end)
        for session in self._all:
            session.close()

    def serve(self, client: socket.socket) -> None:
        startup = _read_startup(client)
        if self._refuses_options and b"\0options\0" in startup:
            client.sendall(_message(b"E", _REFUSAL))
            return
        session = self.take(0)
        self.give_back(session)
        key = struct.pack("!ii", 1, 1)  # not that of a session: process 1 is no PostgreSQL
        client.sendall(_message(b"R", bytes(4)) + session.greeting + _message(b"K", key) + _message(b"Z", b"I"))
        _Client(self, client, next(self._numbers)).run()

    def take(self, number: int) -> _Session:
        """Return a session for the client with this number."""
        with self._lock:
            if self._free:
                session = self._free.pop()
            else:
                session = _Session(self._conninfo)
                self._all.append(session)
            self.shared += number > 0 and self._last_client.get(session, number) != number
            if number:
                self._last_client[session] = number
            return session

    def renew(self, conninfo: str) -> None:
        """Log in with `conninfo` from now on, and use none of the sessions that are free now."""
        with self._lock:
            self._conninfo = conninfo
            self._free.clear()

    def give_back(self, session: _Session) -> None:
        with self._lock:
            self._free.append(session)


class _Client:
    """A client of the pooler, with its session while it has one, and the replies that are still to come."""

    def __init__(self, pooler: Pooler, client: socket.socket, number: int) -> None:
        self._pooler, self._client, self._number = pooler, client, number
        self._session: _Session | None = None
        self._texts: dict[bytes, bytes] = {}
        self._parsed: deque[tuple[int, bytes, bool]] = deque()
        """The statements to be prepared: the number of their Sync, their name, and whether the client asked for it."""
        self._synced = self._answered = 0
        self._from_client = self._from_server = b""

    def run(self) -> None:
        """Serve the client until it ends. A session in whose transaction it ends is not used again."""
        while not self._pooler.ended.is_set():
            sides = [self._client] if self._session is None else [self._client, self._session.socket]
            for side in select.select(sides, [], [], 0.2)[0]:
                data = side.recv(65536)
                if not data or not (self._ask(data) if side is self._client else self._answer(data)):
                    return

    def _ask(self, data: bytes) -> bool:
        """Pass on what the client has sent. Return whether the client goes on."""
        messages, self._from_client = _split(self._from_client + data)
        out = b""
        for kind, body in messages:
            if kind == b"X":
                return False
            if self._session is None:
                self._session = self._pooler.take(self._number)
            out += b"".join(self._renamed(kind, body) if self._pooler.renames else [_message(kind, body)])
            self._synced += kind in b"QS"
        if self._session is not None:
            self._session.socket.sendall(out)
        return True

    def _renamed(self, kind: bytes, body: bytes) -> Iterator[bytes]:
        """Yield the message with the client's own name of a prepared statement, and before it what is needed."""
        assert self._session is not None
        known = self._session.statements
        if kind == b"P":
            name, _, text = body.partition(b"\0")
            self._texts[name] = text
            yield self._parse(name, is_asked=True)
        elif kind == b"B":
            portal, name, values = body.split(b"\0", 2)
            if name and self._own(name) not in known:
                yield self._parse(name, is_asked=False)
            yield _message(kind, b"\0".join((portal, self._own(name), values)))
        elif kind in b"CD" and body.startswith(b"S") and body != b"S\0":
            name = body[1:-1]
            if kind == b"C":
                known.discard(self._own(name))
            yield _message(kind, b"S" + self._own(name) + b"\0")
        else:
            yield _message(kind, body)

    def _own(self, name: bytes) -> bytes:
        return name and b"client%d_%s" % (self._number, name)

    def _parse(self, name: bytes, *, is_asked: bool) -> bytes:
        assert self._session is not None
        if name:
            self._session.statements.add(self._own(name))
        self._parsed.append((self._synced, self._own(name), is_asked))
        return _message(b"P", self._own(name) + b"\0" + self._texts[name])

    def _answer(self, data: bytes) -> bool:
        """Pass on what PostgreSQL has sent. Give the session back after a transaction."""
        session = self._session
        assert session is not None
        messages, self._from_server = _split(self._from_server + data)
        out = b""
        for kind, body in messages:
            if kind == b"1" and self._pooler.renames and self._parsed:
                _, _, is_asked = self._parsed.popleft()
                out += _message(kind, body) if is_asked else b""
                continue
            out += _message(kind, body)
            if kind == b"Z":
                self._end_group()
                if body == b"I" and self._answered == self._synced and self._pooler.shares:
                    self._pooler.give_back(session)
                    self._session = None
        self._client.sendall(out)
        return True

    def _end_group(self) -> None:
        """Forget the statements that were not prepared, because one before them failed."""
        assert self._session is not None
        while self._parsed and self._parsed[0][0] <= self._answered:
            self._session.statements.discard(self._parsed.popleft()[1])
        self._answered += 1


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body


def _split(data: bytes) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Return the whole messages at the beginning of the data, and the rest."""
    messages = []
    while len(data) >= 5 and len(data) > (length := struct.unpack("!i", data[1:5])[0]):
        messages.append((data[:1], data[5 : length + 1]))
        data = data[length + 1 :]
    return messages, data


def _read_startup(client: socket.socket) -> bytes:
    """Return the body of the client's first message, after its questions for encryption were answered with no."""
    while True:
        client.settimeout(10)
        length, code = struct.unpack("!ii", client.recv(8, socket.MSG_WAITALL))
        body = client.recv(length - 8, socket.MSG_WAITALL) if length > 8 else b""
        if code == _STARTUP:
            client.settimeout(None)
            return body
        if code not in _QUESTIONS:
            raise ConnectionError("the client cancels a statement")
        client.sendall(b"N")
