"""Requests and responses on the connections of one process. No function here waits for a client."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable
from time import monotonic

from api.ports.request.streams import StreamBrokenOff
from infra.server.connection import Connection, State
from infra.server.http.heads import UnreadableRequest
from infra.server.http.responses import Application, HttpResponse
from infra.server.poll import Poll
from infra.server.refusals import Refusals
from infra.server.senders import KnownSenders
from infra.server.turns import Turns

STOP_SECONDS = 2.0
"""How long a client may take to finish its request, or to read its response, after the process has begun to stop."""

logger = logging.getLogger("smartdhandha.server")


class Exchanges:
    """Reads requests and sends responses on the connections of one process.

    After each method, a connection is closed, waits in the poll, or waits for its turn. The exception is `advance`: if
    it returns True, the caller still owns the connection.
    """

    def __init__(
        self, poll: Poll, turns: Turns, application: Application, refusals: Refusals, senders: KnownSenders
    ) -> None:
        self.open: set[Connection] = set()
        """Every connection that is not closed."""
        self.free: deque[None] = deque()
        """One item for each thread that waits at the poll."""
        self._poll, self._turns, self._application, self._refusals = poll, turns, application, refusals
        self._senders = senders
        self._stops_at: float | None = None

    def advance(self, connection: Connection) -> bool:
        """Read or send as far as possible without waiting. Return whether a complete request has arrived.

        If the result is True, the caller must call `answer`, `respond`, `queue` or `refuse`.
        """
        try:
            if connection.state is State.SENDING:
                if connection.send_rest():
                    return self._go_on(connection)
            elif connection.state is not State.LINGERING:
                return self._read(connection)
            elif connection.has_lingered():
                self.close(connection)
                return False
            self._wait(connection)
        except (OSError, EOFError):
            self.close(connection)
        except Exception as error:  # noqa: BLE001 -- it is logged there
            self._break_off(connection, error)
        return False

    def answer(self, connection: Connection) -> None:
        """Handle the request of a connection. Then let the sender's next request begin.

        If the sender is a key whose organization is found only now, the request waits for the organization's turn.
        """
        sender = connection.sender  # `respond` may read the next request, and then changes connection.sender
        try:
            if sender is None or sender.is_organization or not self._find_organization(connection):
                self.respond(connection)
        finally:
            self._turns.ended(sender)
            self.wake_for_turns()

    def respond(self, connection: Connection) -> None:
        """Call the application with the request of a connection, and send the response.

        Unlike `answer`, this method does not record in Turns that the request has ended.
        """
        request = connection.request
        assert request is not None
        response = HttpResponse(request, self._is_stopping)
        try:
            data = response.run(self._application)
        except Exception:
            logger.exception("the application raised an error that its error handlers did not catch")
            self._send(connection, self._refusals.fault(connection), keeps_alive=False)
            return
        self._senders.learn(request.environ, response.status)
        connection.pieces = response.pieces
        self._send(connection, data, keeps_alive=response.keeps_alive)

    def _find_organization(self, connection: Connection) -> bool:
        """Look up the organization of the request's key. If it is found, queue the request again, and return True."""
        assert connection.request is not None
        found = self._senders.find(connection.request.environ, connection.arrived)
        if found is None:
            return False
        connection.sender = found
        self.queue(connection)
        return True

    def queue(self, connection: Connection) -> None:
        """Let a request wait for its turn. If too many wait already, refuse it."""
        if not self._turns.add(connection):
            self.refuse(connection)

    def refuse(self, connection: Connection) -> None:
        """Send the response 503, because the service is busy."""
        self._send(connection, self._refusals.busy(connection), keeps_alive=False)

    def wake_for_turns(self) -> None:
        """Wake a free thread if a request waits for its turn."""
        if self.free and self._turns.has_ready():
            self._poll.wake()

    def stop(self) -> None:
        """Close the connections that are idle. The others get at most STOP_SECONDS to finish."""
        self._stops_at = monotonic() + STOP_SECONDS
        for connection in self._poll.take_all():
            if connection.state is State.IDLE and not connection.is_readable():
                self.close(connection)
            else:
                self._wait(connection)

    def close_all(self, connections: Iterable[Connection]) -> None:
        for connection in connections:
            self.close(connection)

    def close(self, connection: Connection) -> None:
        """Close a connection. If the generator of its response fails then, the error is logged."""
        self.open.discard(connection)
        try:
            connection.close()
        except Exception:
            logger.exception("the generator of a response failed when it was closed")

    def _break_off(self, connection: Connection, error: Exception) -> None:
        """Reset the connection of a response that failed while it was sent: the client sees that it is incomplete."""
        if isinstance(error, StreamBrokenOff):
            logger.info("%s", error)
        else:
            logger.error("a response failed while it was sent; its connection is reset", exc_info=error)
        connection.reset()
        self.close(connection)

    def _read(self, connection: Connection) -> bool:
        try:
            request = connection.read()
        except UnreadableRequest as error:
            self._send(connection, self._refusals.unreadable(connection, error), keeps_alive=False)
            return False
        if request is None:
            self._wait(connection)
            return False
        connection.sender = self._senders.of(request.environ)
        return True

    def _send(self, connection: Connection, data: bytes, *, keeps_alive: bool) -> None:
        connection.keeps_alive = keeps_alive
        try:
            # The next request may have been received already, but other connections go first.
            if connection.send(data) and not (keeps_alive and connection.has_more()):
                self._end(connection)
            self._wait(connection)
        except (OSError, EOFError):
            self.close(connection)
        except Exception as error:  # noqa: BLE001 -- it is logged there
            self._break_off(connection, error)

    def _go_on(self, connection: Connection) -> bool:
        """Continue after a response was sent. Return whether the next request has already arrived completely."""
        self._end(connection)
        if connection.keeps_alive:
            return self._read(connection)
        self._wait(connection)
        return False

    def _end(self, connection: Connection) -> None:
        """Let the connection wait for its next request, or for the client to close it. Raises OSError."""
        if connection.keeps_alive:
            connection.begin_next()
        else:
            connection.linger()

    def _wait(self, connection: Connection) -> None:
        if self._stops_at is not None:
            is_begun = connection.state in (State.SENDING, State.LINGERING)
            limit = monotonic() + STOP_SECONDS if is_begun else self._stops_at
            connection.deadline = min(connection.deadline, limit)
        self._poll.put_back(connection)

    def _is_stopping(self) -> bool:
        return self._stops_at is not None
