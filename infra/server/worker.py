"""The server process: threads that share one poll, so that a slow client cannot block a thread.

A thread takes a connection that can be read, receives the bytes that have arrived (`intake.py`), and handles the
request when it is complete. Then the thread sends as much of the response as the socket accepts, puts the connection
back into the poll, and takes the next connection. While requests wait for their turn (`turns.py`), a thread handles the
oldest of them instead, and receives all new requests 40 times a second.

The main thread does that when all other threads are busy for longer. It answers light requests itself. While a thread
is free, it rests.
"""

from __future__ import annotations

import logging
import os
import select
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from time import monotonic, sleep

from gunicorn.workers.base import Worker

from infra.server.connection import Connection
from infra.server.exchanges import Exchanges
from infra.server.http.environ import Environs
from infra.server.intake import LOOK_SECONDS, Intake
from infra.server.poll import MANY_CONNECTIONS, Poll
from infra.server.refusals import Refusals
from infra.server.senders import KnownSenders
from infra.server.turns import Turns

logger = logging.getLogger("smartdhandha.server")

MAX_HELD_BYTES = 64 * 1024 * 1024
"""How many bytes of bodies and unsent responses the waiting connections of a process may hold together. Above this, the
connections with the most bytes are closed."""

_SWEEP_SECONDS = 0.25
_HEARTBEAT_SECONDS = 1.0
_WAITING_PER_THREAD = 64
_MAX_COUNTED_CONNECTIONS = 10
_DELAY_PER_CONNECTION_SECONDS = 1e-4


class PollWorker(Worker):  # type: ignore[misc]  # gunicorn has no types
    """The server process, as gunicorn starts it: it accepts connections and answers their requests.

    gunicorn sets `app`, which is the Application of `application.py`, and `wsgi`, which is the result of its `load`.
    """

    alive: bool

    def run(self) -> None:
        """Serve until a signal to stop arrives or the parent process ends. Then answer the requests in flight."""
        self._has_stopped = False
        self.notify()  # before the first answer: gunicorn replaces a process that hangs only after its first heartbeat
        self._environs = Environs(self.cfg)
        self._has_siblings, self._max_connections = self.cfg.workers > 1, self.cfg.worker_connections
        self._poll = Poll(self.sockets, self._accept)
        self._turns = Turns(self.cfg.threads, _WAITING_PER_THREAD * self.cfg.threads)
        app = self.app
        self._refusals = Refusals(app.public_url, app.cors_origins, app.access_log, app.count_request, app.keep_request)
        senders = KnownSenders(app.organization_lookup)
        self._exchanges = Exchanges(self._poll, self._turns, self.wsgi, self._refusals, senders)
        self._intake = Intake(self._poll, self._exchanges, self._turns, self._wake)
        for number in range(self.cfg.threads):
            threading.Thread(target=self._work, name=f"requests-{number}", daemon=True).start()
        self._watch(lambda: not self.alive or self.ppid != os.getppid())
        self._stop()

    def _work(self) -> None:
        """Run one thread: it takes requests and connections one by one until the process has stopped."""
        while not self._has_stopped:
            try:
                self._intake.look(may_stream=True)
                connection = self._turns.next()
                if connection is None:
                    self._intake.wait()
                else:
                    self._exchanges.wake_for_turns()
                    self._exchanges.answer(connection)
            except Exception:
                logger.exception("a server thread had an error outside of a request, and goes on")

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
            self._intake.look(may_stream=False)
            self._exchanges.wake_for_turns()
            with suppress(OSError):
                seconds = self._intake.pause_seconds(_SWEEP_SECONDS) if self.alive else LOOK_SECONDS
                select.select([self.PIPE[0]], [], [], seconds)
                os.read(self.PIPE[0], 512)

    def _wake(self) -> None:
        """Let the main thread go on at once, as a signal does."""
        with suppress(OSError):  # the pipe is full, so the main thread is woken anyway
            os.write(self.PIPE[1], b".")

    def _stop(self) -> None:
        """Close the listeners, answer the requests that have arrived, and wait until all connections are closed.

        The wait ends after `graceful_timeout` seconds in any case.
        """
        self.alive = False
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
        There is no delay while all threads are busy, when this process already has MANY_CONNECTIONS, or in a burst.
        """
        count = len(self._exchanges.open)
        is_burst = count >= MANY_CONNECTIONS or self._poll.is_in_burst
        if self._has_siblings and self.alive and self._exchanges.free and not is_burst:
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
