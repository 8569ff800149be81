"""The command bus on PostgreSQL: each command in a transaction that holds the lock on its organization's log."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from psycopg import Connection
from psycopg.errors import ExclusionViolation, PipelineAborted, UniqueViolation

from commands.command import Command, Context
from commands.dispatch import handle
from commands.unit_of_work import CommandResult
from infra.log.unit_of_work import PostgresUnitOfWork
from infra.postgres.database import Row
from infra.postgres.failures import first_error
from infra.postgres.pool import Pool, borrow_connection


class PostgresCommandBus:
    """The port CommandBus, on a pool of connections."""

    def __init__(self, pool: Pool, random: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._pool, self._random = pool, random

    def execute(self, command: Command, context: Context) -> CommandResult:
        """Let the command's handler decide; store the new events and the read row.

        Raises a DomainError when the command is refused, and Unavailable when the database cannot be reached or is too
        busy. In both cases nothing is stored.
        """
        with borrow_connection(self._pool) as conn:
            return execute_on(conn, command, context, self._random)


def execute_on(
    conn: Connection[Row], command: Command, context: Context, random: Callable[[int], bytes] = secrets.token_bytes
) -> CommandResult:
    """Handle a command on a connection in autocommit mode, as `PostgresCommandBus.execute` does."""
    uow = PostgresUnitOfWork(conn, context, random)
    try:
        replay = uow.begin(command)
        if replay is not None:
            conn.rollback()
            return replay
        handle(command, uow)
        return uow.commit()
    except (UniqueViolation, ExclusionViolation, PipelineAborted) as error:
        conn.rollback()
        raise uow.translate(first_error(error)) from error
    except BaseException:
        if not conn.closed:
            conn.rollback()
        raise
