"""One trip to PostgreSQL: the statements of several transactions are sent together, with a deadline for the results.

Requests use this module because psycopg's `execute` and its pipelines take more time than the statements of a small
request, and wait without a limit when the server hangs. This module calls libpq through `psycopg.pq`. Other code uses
psycopg's ordinary interface on the same connections.
"""

from __future__ import annotations

import math
import select
import socket
import time
import weakref
from collections import OrderedDict
from collections.abc import Sequence
from itertools import chain
from typing import Any

import psycopg
from psycopg import Connection, abc, adapt
from psycopg.adapt import PyFormat
from psycopg.pq.abc import PGresult

from infra.postgres.database import Row, is_distributed
from infra.postgres.outcome import (
    BINARY,
    COMMAND_OK,
    CONNECTION_OK,
    IDLE,
    INERROR,
    PIPELINE_SYNC,
    SUCCEEDED,
    Outcome,
    error_in,
)
from infra.postgres.statements import Call, encode_all, joined, statement, untyped

MAX_PREPARED = 200
"""How many statements a connection keeps prepared. Above this, a new statement replaces the least recently used one."""


BEGIN, COMMIT, ROLLBACK = (statement(sql).call() for sql in ("BEGIN", "COMMIT", "ROLLBACK"))


class DeadlinePassed(psycopg.OperationalError):
    """PostgreSQL did not respond in time. The connection is closed; the server may still execute the statements."""


class Wire:
    """Sends trips over one connection. A trip that misses its deadline or fails unexpectedly closes the connection."""

    def __init__(self, conn: Connection[Row]) -> None:
        self._conn, self._pgconn = conn, conn.pgconn
        self._decoder: abc.Transformer = adapt.Transformer(conn)
        self._poll, self._polled = select.poll(), 0
        self._prepared: OrderedDict[bytes, None] = OrderedDict()
        self._is_distributed = is_distributed(conn)
        self._socket = self._tcp_socket()
        self.trips = 0

    def send(self, deadline: float, *transactions: Sequence[Call]) -> list[Outcome]:
        """Execute the transactions in one trip; return their outcomes. If one fails, the next one is still executed.

        `deadline` is in seconds of `time.monotonic`. Raises DeadlinePassed, and OperationalError if the connection is
        lost. An error of a statement is not raised here: its Outcome has it.
        """
        is_idle = self._pgconn.transaction_status == IDLE
        if self._is_distributed and is_idle:
            return self._send_enclosed(deadline, transactions)
        return self._send_again(deadline, transactions, is_idle)

    def _send_enclosed(self, deadline: float, transactions: Sequence[Sequence[Call]]) -> list[Outcome]:
        """Send each transaction of several calls with BEGIN and COMMIT.

        In a distributed database, only BEGIN lets the settings of a transaction reach the nodes.
        """
        enclosed = [len(calls) > 1 and not calls[0].statement.sql.startswith(b"BEGIN") for calls in transactions]
        sent = [
            [BEGIN, *calls, COMMIT] if is_enclosed else calls
            for calls, is_enclosed in zip(transactions, enclosed, strict=True)
        ]
        outcomes = self._send_again(deadline, sent, is_idle=True)
        if self._pgconn.transaction_status == INERROR:  # COMMIT was not executed
            self._send(deadline, ([ROLLBACK],))
        return [
            outcome.without_ends() if is_enclosed else outcome
            for outcome, is_enclosed in zip(outcomes, enclosed, strict=True)
        ]

    def _send_again(self, deadline: float, transactions: Sequence[Sequence[Call]], is_idle: bool) -> list[Outcome]:
        """Send the transactions, and those again whose statements the server has forgotten."""
        outcomes = self._send(deadline, transactions)
        for number, outcome in enumerate(outcomes):
            if outcome.is_forgotten and is_idle:  # the transaction had no effect: prepare its statements again, resend
                for call in transactions[number]:
                    self._prepared.pop(call.statement.name, None)
                if self._pgconn.transaction_status == INERROR:  # the transaction began with BEGIN
                    self._send(deadline, ([ROLLBACK],))
                outcomes[number] = self._send(deadline, (transactions[number],))[0]
        return outcomes

    def is_quiet(self) -> bool:
        """Return whether an idle connection has no bytes to read.

        When the server ends a connection, there is something to read. So this check finds ended connections. It takes a
        microsecond; a query would take a round trip.
        """
        self._poll_for(select.POLLIN)
        return not self._poll.poll(0)

    def bind(self, sql: str, values: Sequence[Any]) -> Call:
        """Return a call of the statement `sql` with these values. In `sql`, `%s` stands for each value.

        PostgreSQL infers the types of the values from the columns and casts in the statement.
        """
        try:
            return Call(untyped(sql), encode_all(values))
        except KeyError:  # `encode_all` does not know the type, such as a range, but psycopg does
            return Call(untyped(sql), self._decoder.dump_sequence(values, [PyFormat.TEXT] * len(values)))

    def bind_writes(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> list[Call]:
        """Return calls that execute these statements, each with its values; one call if possible, which costs less.

        Each statement inserts or updates another row, and has no WITH and no result.
        """
        if self._is_distributed:  # a node executes only statements on its own rows
            return [self.bind(sql, values) for sql, values in statements]
        texts, values = zip(*statements, strict=True)
        return [self.bind(joined(*texts), [*chain.from_iterable(values)])]

    def _send(self, deadline: float, transactions: Sequence[Sequence[Call]]) -> list[Outcome]:
        self.trips += 1
        try:
            self._pgconn.enter_pipeline_mode()
            queued = self._queue_all(transactions)
            self._flush(deadline)
            outcomes = [self._receive(steps, deadline) for steps in queued]
            self._pgconn.exit_pipeline_mode()
        except BaseException:
            self._conn.close()
            raise
        return outcomes

    def _queue_all(self, transactions: Sequence[Sequence[Call]]) -> list[list[bytes | None]]:
        """Queue the transactions. Return the steps of each transaction (see `_queue`).

        libpq sends its data at the end of each transaction. On TCP, the option TCP_CORK joins the data of all
        transactions in one packet: each packet costs more time than the statements of a small request.
        """
        if len(transactions) == 1 or self._socket is None:
            return [self._queue(calls) for calls in transactions]
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)  # the kernel holds the data back
        try:
            return [self._queue(calls) for calls in transactions]
        finally:
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)

    def _queue(self, calls: Sequence[Call]) -> list[bytes | None]:
        """Queue a transaction. Return its steps, one for each result that PostgreSQL will send.

        The step is None for a call. It is a statement's name if the statement is prepared or closed.
        """
        steps: list[bytes | None] = []
        for (sql, types, name), parameters in calls:
            if name not in self._prepared:
                steps += self._prepare(name, sql, types)
            self._prepared.move_to_end(name)
            self._pgconn.send_query_prepared(name, parameters, result_format=BINARY)
            steps.append(None)
        self._pgconn.pipeline_sync()
        return steps

    def _prepare(self, name: bytes, sql: bytes, types: Sequence[int]) -> list[bytes]:
        """Queue the closing of the oldest statement if needed, and the preparation of this one. Return both names."""
        oldest = next(iter(self._prepared)) if len(self._prepared) >= MAX_PREPARED else name
        self._prepared.pop(oldest, None)
        self._pgconn.send_close_prepared(oldest)  # no error if it is not prepared
        self._pgconn.send_prepare(name, sql, types)
        self._prepared[name] = None
        return [oldest, name]

    def _receive(self, steps: Sequence[bytes | None], deadline: float) -> Outcome:
        """Return the outcome of the next transaction."""
        results: list[PGresult] = []
        try:
            has_failed = self._read(results, deadline)
        except psycopg.OperationalError as lost:
            raise error_in(results) or lost from None  # PostgreSQL sends its reason before it ends a connection
        if not has_failed and not any(steps):
            return Outcome(self._decoder, results, None)
        for name, result in zip(steps, results, strict=True):
            if name is not None and result.status != COMMAND_OK:
                self._prepared.pop(name, None)
        calls = [result for name, result in zip(steps, results, strict=True) if name is None]
        return Outcome(self._decoder, calls, error_in(results))

    def _read(self, results: list[PGresult], deadline: float) -> bool:
        """Append the results of the next transaction to `results`. Return whether a statement has failed.

        libpq is asked for a result only after it has arrived. Otherwise libpq would wait and stop all other threads of
        the process.
        """
        pgconn, has_failed = self._pgconn, False
        while True:
            while pgconn.is_busy():
                self._await(select.POLLIN, deadline)
                pgconn.consume_input()
            result = pgconn.get_result()
            if result is not None:
                status = result.status
                if status == PIPELINE_SYNC:
                    return has_failed
                results.append(result)
                has_failed = has_failed or status not in SUCCEEDED
            elif pgconn.status != CONNECTION_OK:  # otherwise the results of one statement end here
                raise psycopg.OperationalError("the connection to PostgreSQL is lost")

    def _flush(self, deadline: float) -> None:
        while self._pgconn.flush():
            if self._await(select.POLLIN | select.POLLOUT, deadline) & select.POLLIN:
                self._pgconn.consume_input()

    def _tcp_socket(self) -> socket.socket | None:
        """Return the connection's socket, to set options; None if it is not TCP, or the system has no TCP_CORK."""
        if not hasattr(socket, "TCP_CORK") or self._pgconn.host.startswith((b"/", b"@")):
            return None
        found = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 0, fileno=self._pgconn.socket)
        weakref.finalize(self, found.detach)  # the connection belongs to libpq, which closes it
        return found

    def _await(self, events: int, deadline: float) -> int:
        self._poll_for(events)
        left = deadline - time.monotonic()
        ready = self._poll.poll(None if math.isinf(left) else max(0.0, left) * 1000)
        if not ready:
            raise DeadlinePassed("PostgreSQL did not respond in time")
        return ready[0][1]

    def _poll_for(self, events: int) -> None:
        if events != self._polled:
            self._poll.register(self._pgconn.socket, events)
            self._polled = events


def wire_of(conn: Connection[Row]) -> Wire:
    """Return the Wire of a connection. It is always the same object, because it knows the prepared statements."""
    wire: Wire | None = vars(conn).get("wire")
    if wire is None:
        wire = vars(conn)["wire"] = Wire(conn)  # so the wire lives as long as the connection
    return wire
