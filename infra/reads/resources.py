"""Queries, each in one round trip and within one organization."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from psycopg import Cursor

from domain.calendar import instant
from domain.registry import kind_of
from infra.log.heads import NEXT_POSITION, LogState, select_head, select_state
from infra.log.mapper import MAPPER
from infra.log.reader import select_history, select_where
from infra.log.records import Head, RecordedEvent
from infra.postgres.database import SET_ORGANIZATION, Row, pipelined
from infra.postgres.pool import Pool, borrowed
from projections.projection import join_details
from projections.query.listing import Listing, ListQuery
from projections.registry import ROWS
from projections.views.account import AccountFacts, KeyFacts, OrganizationFacts
from projections.views.events import WINDOW, EventsPage, EventsQuery, InTheFuture, Moment, shown

Args = tuple[Any, ...] | dict[str, Any]

_ACCOUNT = """
SELECT o.org_id, o.name, o.time_zone, k.id, k.name, k.last_four, k.scopes, k.created_at, k.expires_at,
       (SELECT w.last_at FROM credit_window_list w WHERE w.org_id = o.org_id AND w.key_id = k.id AND w.last_seq > 0)
FROM organizations o JOIN api_key_list k ON k.org_id = o.org_id WHERE o.org_id = %s AND k.id = %s
"""

_USAGE = """
SELECT bucket, coalesce(spent.credits, 0)
FROM organizations o
CROSS JOIN LATERAL generate_series(
    date_trunc(%(unit)s, %(start)s::timestamptz, o.time_zone), %(end)s::timestamptz, %(step)s::interval, o.time_zone
) bucket
LEFT JOIN (
    SELECT date_trunc(%(unit)s, c.at, z.time_zone) AS bucket, count(*) AS credits
    FROM credit_list c JOIN organizations z ON z.org_id = c.org_id
    WHERE c.org_id = %(org)s AND c.key_id = %(key)s AND c.at > %(start)s AND c.at <= %(end)s
    GROUP BY 1
) spent USING (bucket)
WHERE o.org_id = %(org)s ORDER BY bucket
"""


class PostgresReads:
    """The Reads on a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def page(self, org_id: str, query: ListQuery) -> list[tuple[Any, ...]]:
        # A search is planned for its own text: how rare the text is decides which index is the right one.
        return self._ask(org_id, query.sql, query.args, prepare=False if query.searching else None).fetchall()

    def one(self, org_id: str, listing: Listing, id: str) -> tuple[bytes, int] | None:
        details = "details" if listing.detailed else "NULL"
        sql = f"SELECT summary, {details}, version FROM {listing.view} WHERE org_id = %s AND id = %s"
        row = self._ask(org_id, sql, (org_id, id)).fetchone()
        if row is None:
            return None
        summary, more, version = row
        return (summary if more is None else join_details(summary, more)), version

    def has(self, org_id: str, listing: Listing, id: str) -> bool:
        sql = f"SELECT 1 FROM {listing.view} WHERE org_id = %s AND id = %s"
        return self._ask(org_id, sql, (org_id, id)).fetchone() is not None

    def past(self, org_id: str, kind: str, id: str, moment: Moment) -> tuple[bytes, int] | None:
        with borrowed(self._pool) as conn, pipelined(conn):
            conn.execute(SET_ORGANIZATION, (org_id,))
            state = select_state(conn, org_id)
            found = select_history(conn, org_id, id)
        if moment.as_of is not None and moment.as_of > cast("LogState", state.fetchone()).now:
            raise InTheFuture
        history = [record for record in found.fetchall() if kind_of(record.name) == kind]
        if moment.version is not None and history and moment.version > len(history):
            raise InTheFuture
        until = [record for record in history if _is_until(record, moment)]
        projection = ROWS[kind]
        row = projection.fold_all(MAPPER.event(record) for record in until)
        return None if row is None else (projection.answer(row), len(until))

    def events(self, org_id: str, query: EventsQuery) -> EventsPage:
        conditions, values, order_by = _events_conditions(org_id, query)
        with borrowed(self._pool) as conn, pipelined(conn):
            conn.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")  # the end and the page are of one moment
            conn.execute(SET_ORGANIZATION, (org_id,))
            head = select_head(conn, org_id)
            found = select_where(conn, conditions, values, order_by, query.limit + 1)
            conn.execute("COMMIT")
        return _page_of(query, cast("Head", head.fetchone()).position, found.fetchall())

    def account(self, org_id: str, key_id: str, presented: str) -> AccountFacts:
        row = self._ask(org_id, _ACCOUNT, (org_id, key_id)).fetchone()
        assert row is not None
        expires, used = row[8], row[9]
        return AccountFacts(
            OrganizationFacts(row[0], row[1], row[2]),
            KeyFacts(
                row[3],
                row[4],
                row[5],
                row[6],
                instant(row[7]),
                expires and instant(expires),
                used and instant(used),
                presented,
            ),
        )

    def usage(
        self, org_id: str, key_id: str, granularity: str, start: datetime, end: datetime
    ) -> list[tuple[datetime, int]]:
        values = {
            "org": org_id,
            "key": key_id,
            "unit": granularity,
            "step": f"1 {granularity}",
            "start": start,
            "end": end,
        }
        return self._ask(org_id, _USAGE, values).fetchall()

    def _ask(self, org_id: str, sql: str, args: Args, prepare: bool | None = None) -> Cursor[Row]:
        with borrowed(self._pool) as conn, pipelined(conn):
            conn.execute(SET_ORGANIZATION, (org_id,))
            return conn.execute(sql, args, prepare=prepare, binary=True)


def _is_until(record: RecordedEvent, moment: Moment) -> bool:
    if moment.version is not None:
        return record.originator_version <= moment.version
    return moment.as_of is not None and record.recorded_at <= moment.as_of


def _events_conditions(org_id: str, query: EventsQuery) -> tuple[list[str], dict[str, Any], str]:
    """A page of one object's history is found by its own index; one of the whole log looks through a bounded window.

    Parameters that are calculated with carry casts: psycopg sends each as the smallest integer type that holds it, in
    which a sum may not fit.
    """
    direction, beyond = ("DESC", "<") if query.descending else ("ASC", ">")
    where = ["name = ANY(%(names)s)"]
    if query.start is not None:
        where.append(f"position {beyond} %(start)s")
    if query.originator_id is not None:
        where.append("originator_id = %(id)s")
    elif not query.descending:
        where.append("position <= %(start)s::bigint + %(window)s::bigint")
    else:
        # From the end of the log when the start lies beyond it; least() ignores a null.
        where.append(f"position >= least(%(start)s::bigint, {NEXT_POSITION}) - %(window)s::bigint")
    values = {
        "org": org_id,
        "names": list(query.names),
        "start": query.start,
        "id": query.originator_id,
        "window": WINDOW,
    }
    return where, values, f"position {direction}"


def _page_of(query: EventsQuery, end: int, found: list[RecordedEvent]) -> EventsPage:
    page = found[: query.limit]
    items = [shown(record, MAPPER.state(record)) for record in page]
    if len(found) > query.limit:
        return EventsPage(items, page[-1].position, True)
    last = page[-1].position if page else None
    if query.descending:
        begin = end + 1 if query.start is None else min(query.start, end + 1)
        lowest = 1 if query.originator_id is not None else max(1, begin - WINDOW)
        return EventsPage(items, lowest, lowest > 1)
    start = query.start or 0
    reached = max(end, last or 0, start)
    if query.originator_id is None:
        reached = max(start, min(reached, start + WINDOW))
    return EventsPage(items, reached, reached < end)
