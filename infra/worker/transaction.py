"""Executes commands on several objects of an organization in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from psycopg import Connection

from api.ports.request.deadline import deadline
from commands.command import Command, Context
from commands.dispatch import handle
from infra.log.heads import lock_calls, locked_state
from infra.log.unit_of_work import PostgresUnitOfWork, organization_call
from infra.postgres.database import Row
from infra.postgres.statements import Call
from infra.postgres.wire import BEGIN, COMMIT, ROLLBACK, wire_of


def execute_together(conn: Connection[Row], commands: Sequence[Command], context: Context) -> int:
    """Execute commands, each on another object, in one transaction. Return how many objects were changed.

    Other writers of the organization wait until it ends. The commands have neither retries nor security events. Raises
    what one of the commands raises; then nothing is stored.
    """
    wire = wire_of(conn)
    units = [PostgresUnitOfWork(conn, context, secrets.token_bytes) for _ in commands]
    lock = [BEGIN, organization_call(context.org_id), *lock_calls(wire, context.org_id)]
    loads = [
        unit.load(command.aggregate_class(), command.aggregate_id() or "")
        for unit, command in zip(units, commands, strict=True)
    ]
    try:
        loaded = wire.send(deadline(), [*lock, *loads])[0]
        state = locked_state(*(loaded.rows(len(lock) - each)[0] for each in (2, 1)))
        changed, calls = 0, list[Call]()
        for number, (unit, command) in enumerate(zip(units, commands, strict=True), len(lock)):
            unit.start(state, loaded.rows(number))
            handle(command, unit)
            result, stores, state = unit.finish()
            changed += result.events > 0
            calls += stores
        wire.send(deadline(), [*calls, COMMIT if changed else ROLLBACK])[0].rows()
    except BaseException:
        units[0].rollback()
        raise
    return changed
