"""Queries on the objects of one organization. Each query takes one round trip, which also admits the caller.

For a past state of an object, the admission takes a round trip of its own.
"""

from __future__ import annotations

from typing import Any, NamedTuple, cast

from api.ports.admission import Caller
from api.ports.reads import StoredObject
from domain.errors import NoVersionYet
from domain.registry import kind_of
from infra.log.admission import PLAN_BY_VALUE, PLAN_ONCE, PostgresAdmissionControl
from infra.log.heads import LogState, select_state
from infra.log.mapper import MAPPER
from infra.log.reading.objects import Life, select_life
from infra.log.reading.past import select_until
from infra.postgres.database import Row, open_pipeline_of
from infra.postgres.outcome import Outcome
from infra.postgres.pool import Pool, borrow_for_long_read
from infra.postgres.statements import call_of
from infra.reads.own_plans import OwnPlans
from infra.reads.queries import Queries
from projections.projection import join_details
from projections.query.listing import Listing
from projections.query.page import ListQuery, Page
from projections.registry import ROWS
from projections.views.events import InTheFuture, Moment


class ObjectRow(NamedTuple):
    """An object's row: its JSON in one or two parts, and its version."""

    summary: bytes
    details: bytes | None
    version: int


class PostgresObjectReads:
    """Implements the port ObjectReads with a pool of connections."""

    def __init__(self, pool: Pool, admission_control: PostgresAdmissionControl, queries: Queries | None = None) -> None:
        """`queries` executes the queries on current states; by default on the primary, as all others."""
        self._pool, self._admission_control = pool, admission_control
        self._queries = queries or Queries(pool, admission_control)
        self._own_plans = OwnPlans()

    def list_page(self, caller: Caller, query: ListQuery) -> Page:
        plan, call = PLAN_ONCE, call_of(query.sql, query.args)
        if query.plans_by_value:
            own = self._own_plans.find(call)
            plan, call = (PLAN_BY_VALUE, call) if own is None else (PLAN_ONCE, own)
        calls = (plan.call(caller.owner.org_id), call)
        return self._queries.run(caller, calls, query.page_of, _is_page, admits_last=plan is PLAN_ONCE)

    def get(self, caller: Caller, listing: Listing, id: str) -> StoredObject | None:
        details = "details" if listing.has_details else "NULL"
        sql = f"SELECT summary, {details}, version FROM {listing.view} WHERE org_id = %s AND id = %s"
        for row in self._select(caller, sql, id):
            found = ObjectRow(*row)
            body = found.summary if found.details is None else join_details(found.summary, found.details)
            return StoredObject(body, found.version)
        return None

    def exists(self, caller: Caller, listing: Listing, id: str) -> bool:
        sql = f"SELECT 1 FROM {listing.view} WHERE org_id = %s AND id = %s"
        return bool(self._select(caller, sql, id))

    def _select(self, caller: Caller, sql: str, id: str) -> list[Row]:
        org_id = caller.owner.org_id
        calls = (PLAN_ONCE.call(org_id), call_of(sql, (org_id, id)))
        return self._queries.run(caller, calls, Outcome.rows, admits_last=True)

    def get_past(self, caller: Caller, kind: str, id: str, moment: Moment) -> StoredObject | None:
        if not caller.is_asked:
            self._admission_control.admit(caller)
        org_id = caller.owner.org_id
        with borrow_for_long_read(self._pool, org_id) as conn, open_pipeline_of(conn, org_id):
            state = select_state(conn, org_id)
            life = select_life(conn, org_id, id)
            found = select_until(conn, org_id, id, moment.version, moment.as_of)
        lived = next((each for each in life if kind_of(each.name) == kind), None)
        _check_moment(moment, cast("LogState", state.fetchone()), lived)
        if lived is None:
            return None
        history = found.fetchall()
        if not history and moment.as_of is not None:
            raise NoVersionYet(kind, id, moment.as_of, lived.began_at)
        projection = ROWS[kind]
        row: Any = projection.fold_all(map(MAPPER.event, history))
        return None if row is None else StoredObject(projection.to_json(row), len(history))


def _is_page(page: Page) -> bool:
    """Return True: a list from a standby may lack what is new, also if it is empty."""
    return True


def _check_moment(moment: Moment, log: LogState, life: Life | None) -> None:
    """Raise InTheFuture for a time after now, and for a version that an existing object does not have yet."""
    if moment.as_of is not None and moment.as_of > log.now:
        raise InTheFuture
    if moment.version is not None and life is not None and moment.version > life.version:
        raise InTheFuture
