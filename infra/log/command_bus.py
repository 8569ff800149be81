"""The command bus on PostgreSQL. Each command runs in a transaction that holds the lock on its organization's log."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial

import msgspec
from psycopg import Connection
from psycopg.errors import ExclusionViolation, UniqueViolation

from api.ports.admission import Caller, ScopesChanged
from commands.command import Command, Context
from commands.dispatch import handle
from commands.unit_of_work import CommandResult
from infra.log.admission import PostgresAdmissionControl
from infra.log.security_events import write_lines
from infra.log.unit_of_work import PostgresUnitOfWork, SendTransaction
from infra.postgres.database import Row
from infra.postgres.pool import Pool, borrow_connection
from infra.postgres.wire import wire_of


class PostgresCommandBus:
    """Implements the port CommandBus with a pool of connections."""

    def __init__(
        self,
        pool: Pool,
        admission_control: PostgresAdmissionControl,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._pool, self._admission_control, self._random = pool, admission_control, random

    def execute(self, command: Command, context: Context, caller: Caller | None = None) -> CommandResult:
        """Run the command's handler; store the new events, the read row, and the security events.

        Raises a DomainError when the command is refused, and Unavailable when the database cannot be reached or is too
        busy. After an error, nothing is stored, with one exception: the events may be stored if PostgreSQL's response
        to COMMIT was lost or late.
        """
        try:
            return self._execute(command, context, caller)
        except ScopesChanged:
            assert caller is not None
            return self._execute(command, msgspec.structs.replace(context, scopes=caller.scopes), caller)

    def _execute(self, command: Command, context: Context, caller: Caller | None) -> CommandResult:
        with borrow_connection(self._pool) as conn:
            uow = PostgresUnitOfWork(conn, context, self._random)
            send = None if caller is None else partial(self._admission_control.send, wire_of(conn), caller)
            result = _execute(uow, command, send)
        write_lines(*result.security_events)
        return result


def execute_on(
    conn: Connection[Row], command: Command, context: Context, random: Callable[[int], bytes] = secrets.token_bytes
) -> CommandResult:
    """Handle a command on a connection in autocommit mode, without an API key. Raises a DomainError when it is refused.

    Its security events are written to the program log. The command line and the background worker use this function.
    """
    result = _execute(PostgresUnitOfWork(conn, context, random), command)
    write_lines(*result.security_events)
    return result


def _execute(uow: PostgresUnitOfWork, command: Command, send: SendTransaction | None = None) -> CommandResult:
    try:
        replay = uow.begin(command, send)
        if replay is not None:
            uow.rollback()
            return replay
        handle(command, uow)
        return uow.commit()
    except (UniqueViolation, ExclusionViolation) as error:
        uow.rollback()
        raise uow.translate(error) from error
    except BaseException:
        uow.rollback()
        raise
