"""gunicorn's arbiter (the master process) and worker class (the server processes).

They are changed where the stock ones lose a request or keep a client waiting.
"""

from __future__ import annotations

import contextlib
import select
import signal
import socket
import sys
import time
from http import HTTPStatus
from typing import Any

import msgspec
from gunicorn.arbiter import Arbiter
from gunicorn.http.errors import ParseException
from gunicorn.workers.gthread import ThreadWorker

from api.http.errors import ApiError, envelope_of
from api.http.request import request_id_of
from infra.server.address import origin_of
from infra.server.request_limits import LimitedParser, TooLong, drain

_MAX_COUNTED_CONNECTIONS = 10
_DELAY_PER_CONNECTION_SECONDS = 1e-4
_STOP_SIGNALS = {signal.SIGINT, signal.SIGQUIT, signal.SIGTERM}


class GracefulArbiter(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """The master process. It treats Ctrl-C like SIGTERM: it finishes the requests in flight, then stops."""

    def spawn_worker(self) -> Any:
        """Fork a server process and return its id. A signal to stop waits until that process has its own handlers.

        With the stock arbiter, a new process has the arbiter's handlers for a moment, and they drop the signal. The
        arbiter then waits the whole `graceful_timeout` for a process that does not know that it must stop.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOP_SIGNALS)
        try:
            return super().spawn_worker()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOP_SIGNALS)

    def handle_int(self) -> None:
        self.handle_term()

    def handle_term(self) -> None:
        """Stop, and say so on a terminal."""
        if sys.stderr.isatty():
            sys.stderr.write("\nStopping: requests in flight are answered first.\n")
            sys.stderr.flush()
        super().handle_term()


class FastShutdownWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """A server process that stops once the requests in flight have their responses.

    The stock worker also waits for idle keep-alive connections, up to `graceful_timeout`.
    """

    alive: bool

    def init_signals(self) -> None:
        super().init_signals()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOP_SIGNALS)

    def accept(self, listener: Any) -> None:
        """Accept a connection after a delay that grows with the number of connections of this process.

        A new connection wakes all server processes. Without the delay, the quickest one takes a whole burst of
        connections and keeps them: all of a client's traffic may go to one process while the others are idle.
        """
        if self.cfg.workers > 1:
            time.sleep(min(self.nr_conns, _MAX_COUNTED_CONNECTIONS) * _DELAY_PER_CONNECTION_SECONDS)
        super().accept(listener)

    def enqueue_req(self, conn: Any) -> None:
        """Let a thread handle the connection's next request; its parser measures the URL and the headers."""
        if conn.parser is None:
            conn.parser = LimitedParser(conn.cfg, conn.sock, conn.client)
        super().enqueue_req(conn)

    def handle_exit(self, sig: int, frame: Any) -> None:
        if self.alive:
            self.alive = False
            # Now and not after the last request: otherwise the background worker could still become the leader.
            self.app.stop_background_worker()
            self.method_queue.defer(self._close_idle)

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        """Send an error response like all others when a request is not valid HTTP and never reaches the application."""
        if isinstance(exc, TooLong):
            error = exc.error
        elif isinstance(exc, ParseException):
            error = ApiError(
                400, "invalid_parameter", "The request is not valid HTTP; check its first line and its headers."
            )
        else:
            self.log.error("Error handling request", exc_info=exc)
            error = ApiError(500, "internal_error", "Something went wrong on our side; if it happens again, report it.")
        if error.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            self.log.warning("Invalid request from ip=%s", addr[0] if addr else "")
        request_id = request_id_of(getattr(exc, "request_id", None))
        head, body = _failure(error, request_id, self.app.public_url or origin_of(client))
        with contextlib.suppress(OSError):
            client.sendall(head if getattr(exc, "is_head", False) else head + body)
            drain(client)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Continue with a request that has already been read.

        The stock worker waits until the socket is readable. After an error response it reads the rest of the body, and
        perhaps the next request with it. Then nothing more arrives on the socket, and the client would wait for ever.
        """
        if self.alive and not fs.cancelled() and fs.exception() is None and fs.result() is True and _read_ahead(conn):
            self.enqueue_req(conn)
        else:
            super().finish_request(conn, fs)

    def _close_idle(self) -> None:
        for connections in (self.keepalived_conns, self.pending_conns):
            for conn in [conn for conn in connections if not _is_readable(conn.sock)]:
                connections.remove(conn)
                self.poller.unregister(conn.sock)
                self.nr_conns -= 1
                conn.close()


def _failure(error: ApiError, request_id: str, origin: str) -> tuple[bytes, bytes]:
    """Return the head and the body of the response."""
    body = msgspec.json.encode(envelope_of(error, request_id, origin))
    head = (
        f"HTTP/1.1 {error.status} {HTTPStatus(error.status).phrase}\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nX-Request-Id: {request_id}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode(), body


def _read_ahead(conn: Any) -> bool:
    """Return whether bytes of the next request are in the parser's buffer."""
    unreader = getattr(conn.parser, "unreader", None)  # HTTP/2 has none
    if unreader is None:
        return False
    ahead = unreader.take_buffered()
    unreader.unread(ahead)
    return bool(ahead)


def _is_readable(client: socket.socket) -> bool:
    # A request that has arrived still gets its response: the loop may not have handled its event yet.
    poller = select.poll()
    poller.register(client, select.POLLIN)
    return bool(poller.poll(0))
