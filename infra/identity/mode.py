"""Moves the clock of a test log, and empties a test log. The SQL functions refuse the log of live data."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from psycopg import Connection

from api.ports.commands import LogClock
from api.ports.request.deadline import deadline
from commands.command import Context, Trace
from commands.unit_of_work import Unavailable
from domain.accounts.budget import Budget
from domain.accounts.security_event import SecurityEventKind
from domain.accounts.zones import Zones
from domain.api_key import ACTIVE, LATEST_EXPIRY, ApiKey
from domain.calendar import instant
from domain.errors import Invalid
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation
from infra.log.heads import SELECT_CLOCK, LogState, lock_calls, locked_state
from infra.log.security_events import security_event_calls, write_lines
from infra.log.unit_of_work import PostgresUnitOfWork, organization_call
from infra.postgres.database import Row, is_distributed, open_pipeline_of, set_organization
from infra.postgres.pool import Pool, borrow_connection
from infra.postgres.statements import Call
from infra.postgres.wire import BEGIN, COMMIT, Wire, wire_of

MOVE_CLOCK = "SELECT move_clock(%s, %s) >= %s"
EMPTY = "SELECT empty_test_log(%s)"
SELECT_ACTIVE = "SELECT 'api_key', id FROM api_key_list WHERE org_id = %s AND status = %s ORDER BY created_at, id"
SELECT_BUDGET = "SELECT 'budget', id FROM budget_list WHERE org_id = %s AND credit_limit IS NOT NULL"
_NOT_DISTRIBUTED = "a test log of a distributed database cannot be emptied"
"""Citus uses a connection for the owner, whose function empties the log, and one for the application, which stores the
keys again. In one transaction, they would wait for each other's locks."""

Kept = ApiKey | Budget
_KEPT: dict[str, type[Kept]] = {ApiKey.kind: ApiKey, Budget.kind: Budget}
"""What stays when a test log is emptied, by kind: a program that tests must not get new credits by it."""


class PostgresTestLogs:
    """Implements the port TestLogs with a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def get_clock(self, org_id: str) -> LogClock:
        with borrow_connection(self._pool) as conn, open_pipeline_of(conn, org_id):
            found = conn.execute(SELECT_CLOCK, (org_id,))
        now, ahead, position, *zones = found.fetchall()[0]
        return LogClock(now, Zones(*zones).day_at(now), ahead, position)

    def move_clock(self, org_id: str, to: datetime) -> LogClock:
        if to >= LATEST_EXPIRY:
            raise _wrong("must be before 2100")
        before = self.get_clock(org_id)
        if to <= before.now:
            raise _wrong(f"must be later than the clock, which is at {instant(before.now.astimezone(UTC))}")
        with borrow_connection(self._pool) as conn, conn.transaction():
            conn.execute(set_organization(org_id))
            conn.execute(MOVE_CLOCK, (org_id, to, to))
        return self.get_clock(org_id)

    def empty(self, context: Context) -> LogClock:
        with borrow_connection(self._pool) as conn:
            if is_distributed(conn):
                raise Unavailable(_NOT_DISTRIBUTED)
            wire = wire_of(conn)
            try:
                kept = list(_load(conn, wire, context, _begin(wire, context.org_id)))
                if wire.send(deadline(), [wire.bind(EMPTY, (context.org_id,))])[0].rows() != [(True,)]:
                    raise Unavailable("a table is being rebuilt, which would bring rows of the log back")
                begun = _begin_again(conn, wire, context, kept)
                traces = security_event_calls(wire, context, Trace((SecurityEventKind.LOG_EMPTIED,)), None)
                stored = wire.send(deadline(), [*begun, *traces, COMMIT])[0]
                stored.check()
            except BaseException:
                PostgresUnitOfWork(conn, context, secrets.token_bytes).rollback()
                raise
        write_lines(*(stored.rows(len(begun) + number)[0][0] for number in range(len(traces))))
        return self.get_clock(context.org_id)


def _wrong(problem: str) -> Invalid:
    return Invalid([Violation("now", VALIDATION_FAILED, problem)])


def _begin(wire: Wire, org_id: str) -> tuple[LogState, list[Row]]:
    """Begin a transaction and lock the log. Return its state, and the kind and id of each active key and the budget."""
    calls = [
        BEGIN,
        organization_call(org_id),
        *lock_calls(wire, org_id),
        wire.bind(SELECT_ACTIVE, (org_id, ACTIVE)),
        wire.bind(SELECT_BUDGET, (org_id,)),
    ]
    begun = wire.send(deadline(), calls)[0]
    return locked_state(begun.rows(2)[0], begun.rows(3)[0]), [*begun.rows(4), *begun.rows(5)]


def _load(conn: Connection[Row], wire: Wire, context: Context, begun: tuple[LogState, list[Row]]) -> Iterator[Kept]:
    """Load the keys and the budget of the log."""
    state, kept = begun
    for kind, id in kept:
        aggregate = _KEPT[kind]
        unit = PostgresUnitOfWork(conn, context, secrets.token_bytes)
        unit.start(state, wire.send(deadline(), [unit.load(aggregate, id)])[0].rows())
        yield unit.get(aggregate, id)


def _begin_again(conn: Connection[Row], wire: Wire, context: Context, kept: Iterable[Kept]) -> list[Call]:
    """Return the calls that store keys and budget in the empty log, with their ids; keys with their present secrets."""
    locked = wire.send(deadline(), lock_calls(wire, context.org_id))[0]
    state = locked_state(locked.rows(0)[0], locked.rows(1)[0])
    calls: list[Call] = []
    for aggregate in kept:
        unit = PostgresUnitOfWork(conn, context, secrets.token_bytes)
        unit.start(state, None)
        unit.save(aggregate.begun_again(state.now))
        _, stores, state = unit.finish()
        calls += stores
    return calls
