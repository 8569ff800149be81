"""Queries of signed-in users on the objects of their organization. Each takes one round trip."""

from __future__ import annotations

from collections.abc import Sequence

from api.ports.reads import StoredObject
from api.ports.request.deadline import deadline
from api.ports.users.views import ListOfViews, SavedView
from infra.log.admission import PLAN_ONCE
from infra.log.reading.lists import plan_of, read_list
from infra.postgres.outcome import Outcome
from infra.postgres.pool import Pool, borrow_for_long_read, borrow_wire
from infra.postgres.statements import Call, Statement, call_of
from infra.reads.objects.past import read_past
from infra.reads.objects.stored import select_stored, stored_object
from infra.reads.objects.views import SELECT_VIEWS
from projections.query.listing import Listing
from projections.query.page import ListQuery, Page
from projections.views.events import Moment

_IS_LONGER = "SELECT count(*) > {limit} FROM ({rows}) found"


class PostgresMemberReads:
    """Implements the port MemberReads with a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def list_page(self, org_id: str, query: ListQuery) -> Page:
        if query.moment is not None:
            with borrow_for_long_read(self._pool, org_id) as conn:
                return read_list(conn, org_id, query, query.page_of)
        return query.page_of(self._run(org_id, plan_of(query), call_of(query.sql, query.args)))

    def list_with_views(self, query: ListQuery, views: ListOfViews) -> tuple[Page, Sequence[SavedView]]:
        saved = call_of(SELECT_VIEWS, (views.org_id, views.kind, views.user_id))
        if query.moment is not None:
            rows = self._run(views.org_id, PLAN_ONCE, saved).rows()
            return self.list_page(views.org_id, query), [SavedView(*row) for row in rows]
        with borrow_wire(self._pool) as wire:
            calls = (plan_of(query).call(views.org_id), saved, call_of(query.sql, query.args))
            outcome = wire.send(deadline(), calls)[0]
            return query.page_of(outcome), [SavedView(*row) for row in outcome.rows(1)]

    def is_longer(self, org_id: str, query: ListQuery) -> bool:
        counting = query._replace(sql=_IS_LONGER.format(limit=query.limit, rows=query.sql))
        with borrow_for_long_read(self._pool, org_id) as conn:
            return bool(read_list(conn, org_id, counting, Outcome.rows)[0][0])

    def get(self, org_id: str, listing: Listing, id: str) -> StoredObject | None:
        return stored_object(self._run(org_id, PLAN_ONCE, call_of(select_stored(listing), (org_id, id))).rows())

    def get_past(self, org_id: str, kind: str, id: str, moment: Moment) -> StoredObject | None:
        return read_past(self._pool, org_id, kind, id, moment)

    def _run(self, org_id: str, plan: Statement, call: Call) -> Outcome:
        with borrow_wire(self._pool) as wire:
            return wire.send(deadline(), (plan.call(org_id), call))[0]
