"""The server process: threads that take turns at one poll, so that no client can keep one waiting.

A thread takes a connection with something to read, reads what is there, and handles the request once it is whole. It
sends the response, leaves to the poll what the client does not read yet, and takes the next connection. No request is
handed from one thread to another while a thread is free.

The process's main thread handles light requests alone. Many times a second it looks whether all other threads are busy.
If they are, it reads what has arrived, answers the light requests, lets the others wait for their turn, and refuses
those for which there is no room.
"""

from __future__ import annotations

import io
import logging
import os
import select
import signal
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from time import monotonic, sleep
from typing import Any

from gunicorn.workers.base import Worker

from infra.server.address import origin_of
from infra.server.connection import Connection, State
from infra.server.failures import overloaded, refusal_of, server_fault
from infra.server.organizations import KnownOrganizations
from infra.server.poll import Poll
from infra.server.requests import HttpRequest, UnreadableRequest
from infra.server.responses import HttpResponse
from infra.server.turns import Turns

logger = logging.getLogger("smartdhandha.server")

LIGHT_PATHS = frozenset({"/healthz"})
"""What the main thread answers while all others are busy: requests that wait for nothing."""

_LOOK_SECONDS = 0.025
_SWEEP_SECONDS = 0.25
_WAIT_SECONDS = 1.0
_MOST_AT_ONCE = 64
_WAITING_PER_THREAD = 32
_STOP_SECONDS = 2.0
_MAX_COUNTED_CONNECTIONS = 10
_DELAY_PER_CONNECTION_SECONDS = 1e-4
_MAX_BALANCED_CONNECTIONS = 64
_STOP_SIGNALS = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)


class PollWorker(Worker):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's extension point: a process that accepts connections and answers their requests."""

    alive: bool

    def init_process(self) -> None:
        self._threads: list[threading.Thread] = []
        self._free: deque[None] = deque()
        self._open: set[Connection] = set()
        self._organizations = KnownOrganizations()
        self._has_stopped = False
        self._turns = Turns(self.cfg.threads, _WAITING_PER_THREAD * self.cfg.threads)
        super().init_process()

    def init_signals(self) -> None:
        super().init_signals()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOP_SIGNALS)

    def handle_exit(self, sig: int, frame: Any) -> None:
        if self.alive:
            self.alive = False
            # Now and not after the last request: otherwise the background worker could still become the leader.
            self.app.stop_background_worker()

    def run(self) -> None:
        """Serve until the process is told to stop, or its parent has ended; then answer what has arrived."""
        self._poll = Poll(self.sockets, self._accept)
        for number in range(self.cfg.threads):
            thread = threading.Thread(target=self._work, name=f"requests-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)
        self._watch(lambda: not self.alive or self.ppid != os.getppid())
        self._stop()

    def _work(self) -> None:
        """What each thread does: take a connection with something to do, and do it."""
        while not self._has_stopped:
            try:
                connection = self._turns.next()
                if connection is not None:
                    self._answer(connection)
                    continue
                self._free.append(None)
                try:
                    taken = self._poll.wait(_WAIT_SECONDS)
                finally:
                    self._free.pop()
                for connection in taken:
                    if self._advance(connection) and self._turns.may_begin(connection):
                        self._answer(connection)
            except Exception:
                self.log.exception("A thread of the server met an error outside of a request")

    def _watch(self, is_over: Callable[[], bool]) -> None:
        """What the main thread does, until `is_over`."""
        notified = swept = 0.0
        while not is_over():
            now = monotonic()
            if now - notified >= _WAIT_SECONDS:
                self.notify()
                notified = now
            if now - swept >= _SWEEP_SECONDS:
                self._close_all(self._poll.take_expired())
                swept = now
            for connection in self._turns.take_late():
                self._send(connection, overloaded(self._origin(connection)))
            if not self._free:
                self._relieve()
            with suppress(OSError):
                select.select([self.PIPE[0]], [], [], _LOOK_SECONDS)
                os.read(self.PIPE[0], 512)

    def _relieve(self) -> None:
        """Read what has arrived while all threads are busy."""
        end = monotonic() + _LOOK_SECONDS
        while connections := self._poll.wait(0, _MOST_AT_ONCE):
            self._admit_to_turns(connections)
            if self._free or monotonic() > end:
                break

    def _admit_to_turns(self, connections: Iterable[Connection]) -> None:
        for connection in connections:
            if not self._advance(connection):
                continue
            request = connection.request
            if request is not None and request.environ["PATH_INFO"] in LIGHT_PATHS:
                self._respond(connection, request)
            elif self._turns.is_full():
                self._send(connection, overloaded(self._origin(connection)))
            else:
                self._let_wait(connection)

    def _let_wait(self, connection: Connection) -> None:
        self._turns.add(connection)
        if self._free:
            self._poll.wake()

    def _stop(self) -> None:
        """Close the listeners, answer what has arrived, and close every connection within seconds."""
        self.alive = False
        self.app.stop_background_worker()
        self._poll.stop_listening()
        end = monotonic() + _STOP_SECONDS
        for connection in self._poll.take_all():
            connection.deadline = min(connection.deadline, end)
            if connection.state is State.IDLE and not _is_readable(connection.sock):
                self._close(connection)
            else:
                self._poll.put_back(connection)
        longest = monotonic() + self.cfg.graceful_timeout
        self._watch(lambda: not self._open or monotonic() > longest)
        self._has_stopped = True
        for _ in self._threads:
            self._poll.wake()

    def _accept(self, listener: socket.socket) -> Connection | None:
        """Accept a connection after a delay that grows with the connections that this process has.

        Without the delay, the quickest process takes a whole burst of connections and keeps them: all of a client's
        traffic may go to one process while the others are idle. There is none while every thread is busy,
        or when there are so many connections that each process has its share.
        """
        if self.cfg.workers > 1 and self.alive and self._free and len(self._open) < _MAX_BALANCED_CONNECTIONS:
            sleep(min(len(self._open), _MAX_COUNTED_CONNECTIONS) * _DELAY_PER_CONNECTION_SECONDS)
        try:
            sock, peer = listener.accept()
        except OSError:
            return None
        if sock.family != socket.AF_UNIX:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        too_many = len(self._open) + 1 - self.cfg.worker_connections
        if too_many > 0:
            self._close_all(self._poll.take_longest_idle(too_many))
        connection = Connection(sock, _environ_of(sock, peer, self.cfg), self._schemes_of(peer))
        self._open.add(connection)
        return connection

    def _advance(self, connection: Connection) -> bool:
        """Do what can be done without waiting; return whether a whole request is there to be handled."""
        try:
            if connection.state is State.SENDING:
                if not connection.send_rest():
                    self._poll.put_back(connection)
                    return False
                return self._go_on(connection)
            if connection.state is State.LINGERING:
                if connection.has_lingered():
                    self._close(connection)
                else:
                    self._poll.put_back(connection)
                return False
            return self._read(connection)
        except (OSError, EOFError):
            self._close(connection)
        except Exception:
            self.log.exception("A response could not be continued")
            self._close(connection)
        return False

    def _read(self, connection: Connection) -> bool:
        try:
            request = connection.read()
            if request is not None:
                connection.organization = self._organizations.of(request.environ)
                return True
        except UnreadableRequest as error:
            logger.warning("Invalid request", extra={"facts": {"ip": connection.peer}})
            self._send(connection, refusal_of(error, self._origin(connection)))
            return False
        self._poll.put_back(connection)
        return False

    def _answer(self, connection: Connection) -> None:
        """Handle the connection's request, and those that have arrived behind it as far as it is their turn."""
        organization, request = connection.organization, connection.request
        assert request is not None
        try:
            self._respond(connection, request)
        finally:
            if self._turns.ended(organization) and self._free:
                self._poll.wake()

    def _respond(self, connection: Connection, request: HttpRequest) -> None:
        response = HttpResponse(request, lambda: not self.alive)
        try:
            data = response.run(self.wsgi)
        except Exception:
            self.log.exception("Error handling request")
            self._send(connection, server_fault(self._origin(connection)))
            return
        self._organizations.learn(request.environ)
        connection.request = None
        connection.pieces = response.pieces
        self._send(connection, data, keeps_alive=response.keeps_alive)

    def _send(self, connection: Connection, data: bytes, *, keeps_alive: bool = False) -> None:
        connection.keeps_alive = keeps_alive
        try:
            if not connection.send(data) or (connection.keeps_alive and connection.has_more()):
                self._poll.put_back(connection)  # others have their turn before a request that has arrived already
            elif self._go_on(connection):
                self._let_wait(connection)
        except (OSError, EOFError):
            self._close(connection)
        except Exception:
            self.log.exception("A response could not be continued")
            self._close(connection)

    def _go_on(self, connection: Connection) -> bool:
        """Go on after a response; return whether the next request is whole already."""
        if not connection.keeps_alive:
            connection.linger()
            self._poll.put_back(connection)
            return False
        connection.begin_next()
        return self._read(connection)

    def _close_all(self, connections: Iterable[Connection]) -> None:
        for connection in connections:
            self._close(connection)

    def _close(self, connection: Connection) -> None:
        self._open.discard(connection)
        try:
            connection.close()
        except Exception:
            self.log.exception("A response could not be ended")

    def _origin(self, connection: Connection) -> str:
        return self.app.public_url or origin_of(connection.sock)

    def _schemes_of(self, peer: Any) -> Mapping[str, str]:
        trusted = self.cfg.forwarded_allow_ips
        if isinstance(peer, tuple) and "*" not in trusted and peer[0] not in trusted:
            return {}
        headers = self.cfg.secure_scheme_headers
        return {f"HTTP_{name.replace('-', '_')}": value for name, value in headers.items()}


class _ErrorLines(io.TextIOBase):
    """What the application writes to `wsgi.errors` are lines of the log."""

    def write(self, text: str) -> int:
        if text.strip():
            logger.error(text.strip())
        return len(text)


_ERRORS = _ErrorLines()


def _environ_of(sock: socket.socket, peer: Any, cfg: Any) -> dict[str, Any]:
    own = sock.getsockname()
    is_inet = isinstance(own, tuple)
    return {
        "wsgi.version": (1, 0),
        "wsgi.multithread": cfg.threads > 1,
        "wsgi.multiprocess": cfg.workers > 1,
        "wsgi.run_once": False,
        "wsgi.errors": _ERRORS,
        "wsgi.input_terminated": True,
        "SERVER_SOFTWARE": "smartdhandha",
        "SCRIPT_NAME": "",
        "SERVER_NAME": own[0] if is_inet else "localhost",
        "SERVER_PORT": str(own[1]) if is_inet else "80",
        "REMOTE_ADDR": peer[0] if isinstance(peer, tuple) else "",
        "REMOTE_PORT": str(peer[1]) if isinstance(peer, tuple) else "",
    }


def _is_readable(client: socket.socket) -> bool:
    # A request that has arrived is still answered.
    poller = select.poll()
    poller.register(client, select.POLLIN)
    return bool(poller.poll(0))
