"""Queries on the objects of one organization. Each query takes one round trip, which also admits the caller.

For a past state of an object and a list as it was, the admission takes a round trip of its own.
"""

from __future__ import annotations

from api.ports.admission import Caller
from api.ports.reads import StoredObject
from infra.log.admission import PLAN_BY_VALUE, PLAN_ONCE, PostgresAdmissionControl
from infra.log.reading.past_lists import read_past_list
from infra.postgres.database import Row
from infra.postgres.outcome import Outcome
from infra.postgres.pool import Pool, borrow_for_long_read
from infra.postgres.statements import call_of
from infra.reads.objects.own_plans import OwnPlans
from infra.reads.objects.past import read_past
from infra.reads.objects.stored import select_stored, stored_object
from infra.reads.queries import Queries
from projections.query.listing import Listing
from projections.query.page import ListQuery, Page
from projections.views.events import Moment


class PostgresObjectReads:
    """Implements the port ObjectReads with a pool of connections."""

    def __init__(self, pool: Pool, admission_control: PostgresAdmissionControl, queries: Queries | None = None) -> None:
        """`queries` executes the queries on current states; by default on the primary, as all others."""
        self._pool, self._admission_control = pool, admission_control
        self._queries = queries or Queries(pool, admission_control)
        self._own_plans = OwnPlans()

    def list_page(self, caller: Caller, query: ListQuery) -> Page:
        if query.moment is not None:
            self._admit(caller)
            with borrow_for_long_read(self._pool, caller.owner.org_id) as conn:
                return read_past_list(conn, caller.owner.org_id, query, query.moment, query.page_of)
        plan, call = PLAN_ONCE, call_of(query.sql, query.args)
        if query.plans_by_value:
            own = self._own_plans.find(call)
            plan, call = (PLAN_BY_VALUE, call) if own is None else (PLAN_ONCE, own)
        calls = (plan.call(caller.owner.org_id), call)
        return self._queries.run(caller, calls, query.page_of, _is_page, admits_last=plan is PLAN_ONCE)

    def get(self, caller: Caller, listing: Listing, id: str) -> StoredObject | None:
        return stored_object(self._select(caller, select_stored(listing), id))

    def exists(self, caller: Caller, listing: Listing, id: str) -> bool:
        sql = f"SELECT 1 FROM {listing.view} WHERE org_id = %s AND id = %s"
        return bool(self._select(caller, sql, id))

    def _select(self, caller: Caller, sql: str, id: str) -> list[Row]:
        org_id = caller.owner.org_id
        calls = (PLAN_ONCE.call(org_id), call_of(sql, (org_id, id)))
        return self._queries.run(caller, calls, Outcome.rows, admits_last=True)

    def get_past(self, caller: Caller, kind: str, id: str, moment: Moment) -> StoredObject | None:
        self._admit(caller)
        return read_past(self._pool, caller.owner.org_id, kind, id, moment)

    def _admit(self, caller: Caller) -> None:
        if not caller.is_asked:
            self._admission_control.admit(caller)


def _is_page(page: Page) -> bool:
    """Return True: a list from a standby may lack what is new, also if it is empty."""
    return True
