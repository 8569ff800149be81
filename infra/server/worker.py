"""The server process: threads that share one poll, so that a slow client cannot block a thread.

A thread takes a connection that can be read, receives the bytes that have arrived, and handles the request when it is
complete. Then the thread sends as much of the response as the socket accepts, puts the connection back into the poll,
and takes the next connection. A request is handled by another thread than the one that received it in two cases: it had
to wait for its turn (`turns.py`), or it arrived before the response to the previous request was sent.

The main thread checks 40 times a second whether all other threads are busy. If they are, it receives the requests that
have arrived. It answers those to LIGHT_PATHS itself and queues the others. When the queue is full, it refuses them.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from time import monotonic, sleep
from typing import Any

from gunicorn.workers.base import Worker

from infra.server.connection import Connection
from infra.server.exchanges import Exchanges
from infra.server.http.environ import Environs
from infra.server.poll import MANY_CONNECTIONS, Poll
from infra.server.refusals import Refusals
from infra.server.turns import Turns

logger = logging.getLogger("smartdhandha.server")

LIGHT_PATHS = frozenset({"/healthz"})
"""The paths that the main thread answers while all other threads are busy. They need no database."""

MAX_HELD_BYTES = 64 * 1024 * 1024
"""How many bytes of bodies and unsent responses the waiting connections of a process may hold together. Above this, the
connections with the most bytes are closed."""

_LOOK_SECONDS = 0.025
_SWEEP_SECONDS = 0.25
_HEARTBEAT_SECONDS = 1.0
_WAIT_SECONDS = 1.0
_MOST_AT_ONCE = 64
_WAITING_PER_THREAD = 32
_MAX_COUNTED_CONNECTIONS = 10
_DELAY_PER_CONNECTION_SECONDS = 1e-4
_STOP_SIGNALS = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)


class PollWorker(Worker):  # type: ignore[misc]  # gunicorn has no types
    """The server process, as gunicorn starts it: it accepts connections and answers their requests.

    gunicorn sets `app`, which is the Application of `application.py`, and `wsgi`, which is the result of its `load`.
    """

    alive: bool

    def init_signals(self) -> None:
        super().init_signals()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOP_SIGNALS)

    def handle_exit(self, sig: int, frame: Any) -> None:
        if self.alive:
            self.alive = False
            # The background worker must stop now. Until the last request ends, it could still become the leader.
            self.app.stop_background_worker()

    def run(self) -> None:
        """Serve until a signal to stop arrives or the parent process ends. Then answer the requests in flight."""
        self._has_stopped = False
        self.notify()  # before the first answer: gunicorn replaces a process that hangs only after its first heartbeat
        self._environs = Environs(self.cfg)
        self._has_siblings, self._max_connections = self.cfg.workers > 1, self.cfg.worker_connections
        self._poll = Poll(self.sockets, self._accept)
        self._turns = Turns(self.cfg.threads, _WAITING_PER_THREAD * self.cfg.threads)
        app = self.app
        self._refusals = Refusals(app.public_url, app.cors_origins, app.access_log, app.count_request)
        self._exchanges = Exchanges(self._poll, self._turns, self.wsgi, self._refusals)
        for number in range(self.cfg.threads):
            threading.Thread(target=self._work, name=f"requests-{number}", daemon=True).start()
        self._watch(lambda: not self.alive or self.ppid != os.getppid())
        self._stop()

    def _work(self) -> None:
        """Run one thread: it takes requests and connections one by one until the process has stopped."""
        while not self._has_stopped:
            try:
                connection = self._turns.next()
                if connection is not None:
                    self._exchanges.answer(connection)
                    continue
                for connection in self._wait_at_poll():
                    if self._exchanges.advance(connection) and self._turns.may_begin(connection):
                        self._exchanges.answer(connection)
            except Exception:
                logger.exception("a server thread had an error outside of a request, and goes on")

    def _wait_at_poll(self) -> list[Connection]:
        if connections := self._poll.wait(0):
            return connections
        self._exchanges.free.append(None)
        try:
            if self._turns.has_ready():  # a request was queued while this thread was not in `free`
                return []
            return self._poll.wait(_WAIT_SECONDS)
        finally:
            self._exchanges.free.pop()

    def _watch(self, is_over: Callable[[], bool]) -> None:
        """Run the main thread until `is_over` returns True."""
        notified = swept = 0.0
        while not is_over():
            now = monotonic()
            if now - notified >= _HEARTBEAT_SECONDS:
                self.notify()
                self._refusals.log_left_out()
                notified = now
            if now - swept >= _SWEEP_SECONDS:
                self._exchanges.close_all(self._poll.take_expired())
                self._exchanges.close_all(self._poll.take_largest(MAX_HELD_BYTES))
                swept = now
            for connection in self._turns.take_late():
                self._exchanges.refuse(connection)
            if not self._exchanges.free:
                self._relieve()
            self._exchanges.wake_for_turns()
            with suppress(OSError):
                select.select([self.PIPE[0]], [], [], _LOOK_SECONDS)
                os.read(self.PIPE[0], 512)

    def _relieve(self) -> None:
        """Receive the requests that have arrived while all other threads are busy."""
        end = monotonic() + _LOOK_SECONDS
        streaming: list[Connection] = []
        while connections := self._poll.wait(0, _MOST_AT_ONCE):
            streaming += [connection for connection in connections if connection.pieces is not None]
            self._line_up(connection for connection in connections if connection.pieces is None)
            if self._exchanges.free or monotonic() > end:
                break
        for connection in streaming:  # making the next piece of a response may take long: another thread does it
            self._poll.put_back(connection)

    def _line_up(self, connections: Iterable[Connection]) -> None:
        for connection in connections:
            if not self._exchanges.advance(connection) or connection.request is None:
                continue
            if connection.request.environ["PATH_INFO"] in LIGHT_PATHS:
                self._exchanges.respond(connection)
            elif self._turns.is_full():
                self._exchanges.refuse(connection)
            else:
                self._turns.add(connection)

    def _stop(self) -> None:
        """Close the listeners, answer the requests that have arrived, and wait until all connections are closed.

        The wait ends after `graceful_timeout` seconds in any case.
        """
        self.alive = False
        self.app.stop_background_worker()
        self._poll.stop_listening()
        self._exchanges.stop()
        longest = monotonic() + self.cfg.graceful_timeout
        self._watch(lambda: not self._exchanges.open or monotonic() > longest)
        self._has_stopped = True
        self._refusals.log_left_out()

    def _accept(self, listener: socket.socket) -> Connection | None:
        """Accept and return a new connection; return None if there is none.

        The more connections a process has, the longer it waits before, so that another process accepts the connection.
        Without this delay, the quickest process would accept all connections of a client while the others are idle.
        There is no delay while all threads are busy, or when this process already has MANY_CONNECTIONS.
        """
        count = len(self._exchanges.open)
        if self._has_siblings and self.alive and self._exchanges.free and count < MANY_CONNECTIONS:
            sleep(min(count, _MAX_COUNTED_CONNECTIONS) * _DELAY_PER_CONNECTION_SECONDS)
        try:
            sock, peer = listener.accept()
        except OSError:
            return None
        if sock.family != socket.AF_UNIX:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if count >= self._max_connections:
            self._exchanges.close_all(self._poll.take_longest_idle(count + 1 - self._max_connections))
        connection = Connection(sock, self._environs.environ_of(sock, peer), self._environs.trusted_schemes(peer))
        self._exchanges.open.add(connection)
        return connection
