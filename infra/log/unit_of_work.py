"""The unit of work on PostgreSQL. It makes two trips to the database, and the handler runs between the two.

The first trip locks the head of the organization's log and loads what the command needs. The second trip appends the
events, moves the head, stores the read row, and commits.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypeVar, cast

import msgspec
from msgspec import structs
from psycopg import Connection

from api.ports.request.deadline import deadline
from commands.accounts.mail import mails_caused_by
from commands.command import Actor, Command, Context, Trace
from commands.unit_of_work import CommandResult
from domain.accounts.series import series_number
from domain.accounts.zones import Zones
from domain.aggregate import Aggregate, Event
from domain.calendar import financial_year
from domain.errors import Invalid, NotFound, StaleVersion
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation
from domain.tax.supplier import Supplier
from infra.log.admission import LOCK_WITHIN, READ_BY_KEY, SET_ORGANIZATION
from infra.log.heads import SELECT_SERIAL, LogState, lock_calls, locked_state
from infra.log.ids import new_id
from infra.log.loader import AggregateLoader
from infra.log.mapper import MAPPER
from infra.log.recorder import OrganizationRecorder
from infra.log.records import Head
from infra.log.retries import StoredResponse, insert_response, select_response
from infra.log.security_events import security_event_calls
from infra.log.unkeyed import compare_with_unkeyed
from infra.postgres.database import Row
from infra.postgres.failures import constraint_of
from infra.postgres.logins import LOCK_TIMEOUT_SECONDS
from infra.postgres.outcome import IN_TRANSACTION, Outcome
from infra.postgres.statements import Call
from infra.postgres.wire import BEGIN, COMMIT, ROLLBACK, wire_of
from projections.document import DocumentProjection
from projections.projection import RowProjection, Statement
from projections.registry import ROWS

A = TypeVar("A", bound=Aggregate)
SendTransaction = Callable[[Sequence[Call]], Outcome]
"""Sends the calls of one transaction, and returns its outcome."""

SELECT_NEXT_NUMBER = "SELECT in_series, serial, number FROM next_invoice_number(%s, %s)"
QUEUE_MAIL = "SELECT queue_event_mail(%s, %s, %s, %s)"
"""Adds the mails that an event causes, if the installation sends mails."""
STORE_LOGO = "SELECT store_logo(%s, %s)"
SKIP_DELIVERIES = "SELECT skip_webhook_events(%s, %s)"

ANSWER_MARGIN_SECONDS = 0.1
"""A command stops waiting for the log's lock this long before the deadline of its request. So PostgreSQL reports the
failure while the service still waits, and the connection can be kept."""


_NEXT_INSTANT = timedelta(microseconds=1)
_SERIES_IS_FULL = (
    "must be given: your series has no number of at most 16 characters left in this financial year; a shorter prefix, "
    "under Settings → Organization, has more"
)


class SeriesNumber(NamedTuple):
    """The next free number of the organization's own series."""

    series: str
    """The name of the series in the head of the log: the financial year, and a prefix that is not the default."""
    serial: int
    number: str | None
    """None if the series has no number left."""


class PostgresUnitOfWork:
    """The UnitOfWork of one command, on one connection. `begin` starts the transaction, and `commit` ends it."""

    at: datetime
    zones: Zones
    today: date
    _state: LogState
    _head: Head
    _unkeyed_numbers: bool

    def __init__(self, conn: Connection[Row], context: Context, random: Callable[[int], bytes]) -> None:
        self._conn, self._context, self._random = conn, context, random
        self._wire = wire_of(conn)
        self._calls: list[Call] = []
        self._appends: list[Statement] = []
        self._recorder = OrganizationRecorder(conn, context.org_id, lambda *append: self._appends.append(append))
        self._loader = AggregateLoader(context.org_id, self._recorder, self._query)
        self._saved: list[Aggregate] = []
        self._supplier: Supplier | None = None
        self._rows: list[Any] = []
        self._number: SeriesNumber | None = None
        self._taken: SeriesNumber | None = None
        self._trace = Trace(())
        self._skip: Call | None = None
        self._logo: Call | None = None

    def begin(self, command: Command, send: SendTransaction | None = None) -> CommandResult | None:
        """Make the first trip: lock the log, and load what the command needs.

        If a request with the same Idempotency-Key was handled before, return its stored response, else None. Raises
        KeyReused if that was a different request. `send` is called with the calls of the transaction, and may send
        other transactions in the same trip.
        """
        org_id, retry = self._context.org_id, self._context.retry
        id, year = command.aggregate_id(), command.series_year()
        self._trace = command.trace()
        lock, settings = lock_calls(self._wire, org_id)
        calls = {"begin": BEGIN, "organization": organization_call(org_id), "lock": lock, "settings": settings}
        if retry is not None:
            calls["response"] = select_response(self._wire, org_id, retry)
        if id is not None:
            calls["stored"] = self.load(command.aggregate_class(), id)
        if year is not None:
            calls["number"] = self._bind(SELECT_NEXT_NUMBER, org_id, year)
        outcome = (send or self._send)([*calls.values()])
        useless = ("begin", "organization")
        rows = {name: outcome.rows(number) for number, name in enumerate(calls) if name not in useless}
        self.start(locked_state(rows["lock"][0], rows["settings"][0]), rows.get("stored"))
        if year is not None:
            self._number = SeriesNumber(*rows["number"][0])
        response = next((StoredResponse(*row) for row in rows.get("response", ())), None)
        return response.replay(retry, self._head.position) if response is not None and retry is not None else None

    def load(self, aggregate: type[Aggregate], id: str) -> Call:
        """Return the call that loads the aggregate of the command. `start` takes its rows."""
        sql, values = self._loader.select(aggregate, id)
        return self._bind(sql, *values)

    def start(self, state: LogState, stored: Sequence[Row] | None) -> None:
        """Take the state of the locked log, and the rows of the call from `load`; None if the command loads nothing."""
        self._state, self._head, self.at, self._unkeyed_numbers = state, state.head, state.now, state.unkeyed_numbers
        self.zones, self.today = state.zones, state.zones.day_at(self.at)
        if stored is not None:
            self._loader.hold(stored)

    @property
    def supplier(self) -> Supplier | None:
        if self._supplier is None and self._state.profile is not None:
            self._supplier = self._state.supplier()
        return self._supplier

    @property
    def actor(self) -> Actor:
        return self._context.actor

    @property
    def scopes(self) -> tuple[str, ...] | None:
        return self._context.scopes

    def new_id(self, prefix: str) -> str:
        return new_id(prefix, self.at, self._random(10))

    def next_number(self) -> str:
        if self._number is None:
            raise LookupError("no number was loaded, because the command's series_year() is None")
        if self._number.number is None:
            raise Invalid([Violation("invoiceNumber", VALIDATION_FAILED, _SERIES_IS_FULL)])
        self._taken = self._number
        return self._number.number

    def next_note_number(self, kind: str, prefix: str, day: date) -> str:
        year = financial_year(day)
        series = f"{kind} {year}"
        ((serial,),) = self._query(SELECT_SERIAL, (series, self._context.org_id))
        number = series_number(prefix, year, serial + 1)
        assert number is not None, "a series of notes has room for all serial numbers of 32 bits"
        self._taken = SeriesNumber(series, serial + 1, number)
        return number

    def get(self, aggregate: type[A], id: str) -> A:
        found = self._loader.find(aggregate, id)
        if not isinstance(found, aggregate) or not (self.scopes is None or found.is_visible_to(self.scopes)):
            raise NotFound(aggregate.kind, id)
        return found

    def check_version(self, aggregate: Aggregate) -> None:
        if self._context.if_match is not None and aggregate.version not in self._context.if_match:
            raise StaleVersion(aggregate.version)

    def save(self, aggregate: Aggregate) -> None:
        self._saved.append(aggregate)

    def store_logo(self, png: bytes | None) -> None:
        self._logo = self._bind(STORE_LOGO, self._context.org_id, png)

    def skip_deliveries(self, webhook_id: str, names: Collection[str]) -> None:
        self._skip = self._bind(SKIP_DELIVERIES, webhook_id, list(names))

    def finish(self) -> tuple[CommandResult, Sequence[Call], LogState]:
        """Return the result, the calls that store the new events and the read row, and the state of the log after them.

        While the organization has rows without `number_key`, a trip compares the document's number with these rows, and
        may raise DuplicateNumber.
        """
        assert self._saved, "the handler must save an aggregate"
        changed = [(ROWS[each.kind], each.id, cast("Sequence[Event]", each.collect_events())) for each in self._saved]
        self._rows = [self._loader.row_after(*each) for each in changed]
        (aggregate, *_), (projection, *_) = self._saved, changed[0]
        count = sum(len(events) for _, _, events in changed)
        body, position = projection.to_json(self._rows[0]), self._head.position + count
        result = CommandResult(aggregate.id, aggregate.version, body, count, position=position)
        for (each, id, events), row in zip(changed, self._rows, strict=True):
            if events and self._unkeyed_numbers and isinstance(each, DocumentProjection):
                compare_with_unkeyed(self._conn, self._context.org_id, each, id, row)
        if count:
            self._store_events(changed)
        head, now = self._recorder.head or self._head, self.at + _NEXT_INSTANT
        return result, self._calls, self._state._replace(position=head.position, chain_hash=head.chain_hash, now=now)

    def commit(self) -> CommandResult:
        """Make the second trip: store the new events and the read row, and commit.

        Without new events, only the response for an Idempotency-Key is stored. Raises what `finish` raises.
        """
        result, *_ = self.finish()
        if not result.events and self._context.retry is None:
            self.rollback()
            return result
        if self._context.retry is not None:
            self._calls.append(insert_response(self._wire, self._context.org_id, self._context.retry, result))
        first = len(self._calls)
        if result.events:
            self._calls += security_event_calls(self._wire, self._context, self._trace, result.id)
        traces = range(first, len(self._calls))
        return self._send_commit(result, traces)

    def _send_commit(self, result: CommandResult, traces: range) -> CommandResult:
        """Send the statements and COMMIT. Return the result with what they return.

        `traces` are the places of the statements that store security events.
        """
        if self._skip is not None:
            self._calls.append(self._skip)
        outcome = self._send([*self._calls, COMMIT])
        outcome.check()
        if traces:
            stored = tuple(outcome.rows(number)[0][0] for number in traces)
            result = structs.replace(result, security_events=stored)
        if self._skip is not None:
            result = structs.replace(result, skipped=outcome.rows(len(self._calls) - 1)[0][0])
        return result

    def rollback(self) -> None:
        """Roll the transaction back, if one is open."""
        if self._conn.pgconn.transaction_status in IN_TRANSACTION:
            self._send([ROLLBACK]).rows()

    def translate(self, error: Exception) -> Exception:
        """Return the refusal for the constraint that was violated. If the constraint has no refusal, return the error.

        Call this after the transaction was rolled back: this method queries the other object of the conflict.
        """
        constraint, org_id = constraint_of(error), self._context.org_id
        rows = zip(self._saved, self._rows, strict=False)  # there are no rows if the error came before them
        found = (ROWS[saved.kind].conflict(constraint, org_id, row) for saved, row in rows)
        conflict = next((each for each in found if each is not None), None)
        if conflict is None:
            return error
        sql, values = conflict.other
        others = self._send([SET_ORGANIZATION.call(org_id), self._bind(sql, *values)]).rows()
        return conflict.refusal(next((other for (other,) in others), None))

    def _bind(self, sql: str, *values: Any) -> Call:
        return self._wire.bind(sql, values)

    def _query(self, sql: str, values: Sequence[Any]) -> list[Row]:
        return self._send([self._bind(sql, *values)]).rows()

    def _send(self, calls: Sequence[Call]) -> Outcome:
        return self._wire.send(deadline(), calls)[0]

    def _store_events(self, changed: Sequence[tuple[RowProjection[Any], str, Sequence[Event]]]) -> None:
        """Add the calls that store the events of each aggregate, and its row."""
        org_id = self._context.org_id
        events = [event for _, _, own in changed for event in own]
        series = () if self._taken is None else (self._taken.series, self._taken.serial)
        chain_format = self._state.chain_format
        stored = MAPPER.to_stored_events(events, chain_format, self._random)
        place = {"head": self._head, "chain_format": chain_format}
        self._recorder.insert_events(stored, **place, metadata=self._metadata(), at=self.at, series=series)
        rows, others = list[Statement](), list[Statement]()
        for (projection, id, own), row in zip(changed, self._rows, strict=True):
            if own:
                self._calls += [self._bind(sql, *values) for sql, values in projection.checks(org_id, row, own)]
                first, *rest = projection.statements(org_id, id, row, is_new=not self._loader.has_found(id))
                rows.append(first)
                others += rest
        self._calls += self._wire.bind_writes([*self._appends, *rows])
        self._calls += [self._bind(sql, *values) for sql, values in others]
        self._calls += [] if self._logo is None else [self._logo]
        self._calls += [self._bind(QUEUE_MAIL, org_id, *cause) for cause in mails_caused_by(org_id, events)]

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


def organization_call(org_id: str) -> Call:
    """Return the call that sets the transaction's organization. Waits for locks get the time that is left."""
    left = deadline() - time.monotonic() - ANSWER_MARGIN_SECONDS
    if left >= LOCK_TIMEOUT_SECONDS:  # the limit of the connection is sooner
        return READ_BY_KEY.call(org_id)
    return LOCK_WITHIN.call(org_id, f"{max(1, int(left * 1000))}ms")  # 0 would mean: no limit
