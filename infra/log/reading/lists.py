"""A list of an organization on one connection, as it is and as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from psycopg import Connection

from api.ports.request.deadline import deadline
from infra.log.admission import PLAN_BY_VALUE, PLAN_ONCE
from infra.log.reading.past_lists import read_past_list
from infra.postgres.database import Row
from infra.postgres.outcome import Outcome
from infra.postgres.statements import Statement, call_of
from infra.postgres.wire import wire_of
from projections.query.page import ListQuery

T = TypeVar("T")


def plan_of(query: ListQuery) -> Statement:
    """Return the statement that sets the organization of a query, and how PostgreSQL plans the query."""
    return PLAN_BY_VALUE if query.plans_by_value else PLAN_ONCE


def read_list(conn: Connection[Row], org_id: str, query: ListQuery, read: Callable[[Outcome], T]) -> T:
    """Return `read(outcome)` of the query on the organization's list. An error can leave a transaction open.

    Raises PastRowsMissing and, for a moment in the future, InTheFuture.
    """
    if query.moment is not None:
        return read_past_list(conn, org_id, query, query.moment, read)
    calls = (plan_of(query).call(org_id), call_of(query.sql, query.args))
    return read(wire_of(conn).send(deadline(), calls)[0])
