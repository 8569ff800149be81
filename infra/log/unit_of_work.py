"""How a command becomes events: two pipelined round trips, and nothing but the decision between them.

The first locks the head of the organization's log and loads what the command needs; the second appends the events,
moves the head, stores the read rows, and commits.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar, cast

import msgspec
from eventsourcing.application import AggregateNotFoundError, Repository
from eventsourcing.persistence import EventStore
from psycopg import Connection, Cursor
from psycopg.errors import Error, ExclusionViolation, PipelineAborted, UniqueViolation

from commands.command import Command, Context, KeyReused, Retry
from commands.dispatch import handle
from commands.unit_of_work import CommandResult
from domain.aggregate import Aggregate, Event
from domain.calendar import day_in
from domain.errors import NotFound, StaleVersion
from domain.registry import aggregate_of
from infra.log.heads import LogState, lock_state
from infra.log.ids import new_id
from infra.log.mapper import MAPPER
from infra.log.recorder import OrganizationRecorder
from infra.postgres.database import Row, pipelined, set_organization
from infra.postgres.pool import Pool, borrowed
from projections.registry import ROWS

A = TypeVar("A", bound=Aggregate)

_NEXT_NUMBER = "SELECT serial, number FROM next_invoice_number(%s, %s)"
_EARLIER = "SELECT request_hash, object_id, version, answer FROM idempotency_keys WHERE org_id = %s AND key = %s"
_KEEP = """
INSERT INTO idempotency_keys (org_id, key, request_hash, object_id, version, answer, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
_MOVE_SERIES = "UPDATE org_log SET series = series || jsonb_build_object(%s::text, %s::int) WHERE org_id = %s"


class PostgresCommandBus:
    """Handles commands, each in a transaction that holds its organization's log."""

    def __init__(self, pool: Pool, random: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._pool, self._random = pool, random

    def execute(self, command: Command, context: Context) -> CommandResult:
        """Let the command's handler decide, and store what it decided.

        Raises a DomainError when it is refused, and Unavailable when the database is away or too busy; nothing is
        stored then.
        """
        with borrowed(self._pool) as conn:
            return execute_on(conn, command, context, self._random)


def execute_on(
    conn: Connection[Row], command: Command, context: Context, random: Callable[[int], bytes] = secrets.token_bytes
) -> CommandResult:
    """The same on a connection in autocommit mode."""
    uow = PostgresUnitOfWork(conn, context, random)
    try:
        replay = uow.open(command)
        if replay is not None:
            conn.rollback()
            return replay
        handle(command, uow)
        return uow.close()
    except (UniqueViolation, ExclusionViolation, PipelineAborted) as error:
        conn.rollback()
        raise uow.conflict(_first_of(error)) from error
    except BaseException:
        if not conn.closed:
            conn.rollback()
        raise


def _first_of(error: Exception) -> Exception:
    """What went wrong first: a pipeline may report in the end only that the statements after it were not tried."""
    while isinstance(error, PipelineAborted) and isinstance(error.__context__, Exception):
        error = error.__context__
    return error


class PostgresUnitOfWork:
    """The Ledger of one command, in one transaction."""

    at: datetime
    today: date

    def __init__(self, conn: Connection[Row], context: Context, random: Callable[[int], bytes]) -> None:
        self._conn, self._context, self._random = conn, context, random
        self._recorder = OrganizationRecorder(conn, context.org_id)
        self._store: EventStore[str] = EventStore(MAPPER, self._recorder)
        self._repository: Repository[str] = Repository(self._store)
        self._history: list[Event] = []
        self._saved: Aggregate | None = None
        self._row: Any = None
        self._serial: tuple[int, int, str] | None = None

    def open(self, command: Command) -> CommandResult | None:
        """The first round trip: lock the head, and load what the command is asked of.

        Answers at once with what an earlier request left behind, when this one is the same sent again; raises KeyReused
        when its key came before with another request.
        """
        conn, org_id = self._conn, self._context.org_id
        wanted, year = command.aggregate_id(), command.series_year()
        retry = self._context.retry
        number: Cursor[Row] | None = None
        earlier: Cursor[Row] | None = None
        with pipelined(conn):
            conn.execute("BEGIN")
            conn.execute(set_organization(org_id), prepare=False)
            locked = lock_state(conn, org_id)
            if retry is not None:
                earlier = conn.execute(_EARLIER, (org_id, retry.key), binary=True)
            if wanted is not None:
                self._recorder.request_events(wanted)
            if year is not None:
                number = conn.execute(_NEXT_NUMBER, (org_id, year), binary=True)
        state = cast("LogState", locked.fetchone())
        self._head, self.at = state.head, state.now
        self.today = day_in(state.time_zone, self.at)
        if number is not None and year is not None:
            self._serial = (year, *cast("tuple[int, str]", number.fetchone()))
        return self._replay(retry, earlier)

    def new_id(self, prefix: str) -> str:
        return new_id(prefix, self.at, self._random(10))

    def next_number(self) -> str:
        if self._serial is None:
            raise LookupError("the command named no series")
        return self._serial[2]

    def get(self, aggregate: type[A], id: str) -> A:
        try:
            found: Any = self._repository.get(id, projector_func=self._project)
        except AggregateNotFoundError:
            raise NotFound(aggregate.kind, id) from None
        if not isinstance(found, aggregate):
            raise NotFound(aggregate.kind, id)
        return found

    def check_version(self, aggregate: Aggregate) -> None:
        if self._context.if_match is not None and aggregate.version not in self._context.if_match:
            raise StaleVersion(aggregate.version)

    def save(self, aggregate: Aggregate) -> None:
        self._saved = aggregate

    def close(self) -> CommandResult:
        """The second round trip: store what was decided, and commit. Without new events there is nothing to store."""
        aggregate = self._saved
        assert aggregate is not None, "a handler saves what it acted on"
        projection = ROWS[aggregate.kind]
        new = cast("Sequence[Event]", aggregate.collect_events())
        row = self._row = projection.fold_all([*self._history, *new])
        answer = projection.answer(row)
        if not new and self._context.retry is None:
            self._conn.rollback()
            return CommandResult(aggregate.id, aggregate.version, answer, 0)
        conn, org_id = self._conn, self._context.org_id
        with pipelined(conn):
            if new:
                self._store.put(new, head=self._head, metadata=self._metadata(), at=self.at)
            if self._serial is not None:
                year, serial, _ = self._serial
                conn.execute(_MOVE_SERIES, (str(year), serial, org_id))
            for statement, values in projection.statements(org_id, aggregate.id, row, not self._history) if new else ():
                conn.execute(statement, values)
            if self._context.retry is not None:
                retry = self._context.retry
                kept = (
                    org_id,
                    retry.key,
                    retry.request_hash,
                    aggregate.id,
                    aggregate.version,
                    answer.decode(),
                    self.at,
                )
                conn.execute(_KEEP, kept)
            conn.execute("COMMIT")
        return CommandResult(aggregate.id, aggregate.version, answer, len(new))

    def conflict(self, error: Exception) -> Exception:
        """The refusal that a violated constraint stands for; the error itself when it stands for none."""
        constraint = error.diag.constraint_name or "" if isinstance(error, Error) else ""
        conflict = None
        if self._saved is not None:
            conflict = ROWS[self._saved.kind].conflict(constraint, self._context.org_id, self._row)
        if conflict is None:
            return error
        with pipelined(self._conn):
            self._conn.execute("BEGIN")
            self._conn.execute(set_organization(self._context.org_id), prepare=False)
            found = self._conn.execute(*conflict.other)
            self._conn.execute("COMMIT")
        other = found.fetchone()
        return conflict.refusal(other[0] if other else None)

    def _replay(self, retry: Retry | None, earlier: Cursor[Row] | None) -> CommandResult | None:
        row = earlier.fetchone() if earlier is not None else None
        if retry is None or row is None:
            return None
        request_hash, id, version, answer = row
        if request_hash != retry.request_hash:
            raise KeyReused(retry.key)
        return CommandResult(id, version, answer, 0, is_replay=True)

    def _project(self, initial: Any, events: Iterable[Any]) -> Any:
        aggregate = initial
        for event in events:
            if aggregate is None:
                aggregate = aggregate_of(event.topic).empty(event.originator_id)
            event.mutate(aggregate)
            self._history.append(event)
        return aggregate

    def _metadata(self) -> str:
        context = self._context
        return msgspec.json.encode(
            {
                "actor": context.actor,
                "requestId": context.request_id,
                "correlationId": context.correlation_id or context.request_id,
                "causationId": context.causation_id or context.request_id,
            }
        ).decode()
