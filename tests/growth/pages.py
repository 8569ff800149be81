"""Counts the pages of 8 kB that PostgreSQL touches for a shape of a list. The number does not depend on the machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
from psycopg import Connection, sql

from infra.postgres.database import APP_ROLE, Row
from infra.postgres.statements import Call, call_of
from infra.reads.events import select_events
from projections.query.filters import Condition
from projections.query.page import ListQuery
from projections.views.events import EventsQuery
from tests.growth.samples import Samples
from tests.growth.shapes import TABLES, Shape

_EXPLAIN = """
BEGIN; SET LOCAL ROLE {role}; SET LOCAL app.org = {org}; SET LOCAL plan_cache_mode = {mode}; PREPARE shape ({types}) AS
"""
_EXECUTE = "; EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) EXECUTE shape{values}; DEALLOCATE shape; ROLLBACK"


class Cost(NamedTuple):
    """What a page of a list cost."""

    pages: int
    rows: int
    """The number of rows on the page, with the one that shows whether there is another page."""
    removed: int
    """The number of rows that were read and not wanted."""
    searches: int
    """How often an index was searched from its root."""
    parts: int
    """How many pages were read to make this one of."""
    plan: str
    """The indexes and tables that were read, and how."""


class Lists:
    """The lists of one organization, as the application's role reads them."""

    def __init__(self, conn: Connection[Row], org_id: str) -> None:
        self._conn, self._org_id = conn, org_id
        self._oids: dict[int, str] = dict(
            conn.execute("SELECT oid::int, format_type(oid, NULL) FROM pg_type").fetchall()
        )
        self._filtered: dict[tuple[str, tuple[str, str]], Cost] = {}
        self._rows: dict[str, int] = {}
        self._samples = Samples(conn, org_id)

    @property
    def connection(self) -> Connection[Row]:
        """The connection of the owner of the tables."""
        return self._conn

    def cost(self, shape: Shape) -> Cost | None:
        """Return what the page costs; None for a later page of a list that is too short to have one."""
        query = shape.listing.query(self._org_id, shape.params, shape.required)
        if shape.deep:
            middle = self._samples.middle(shape)
            if middle is None:
                return None
            later = {**shape.params, "cursor": query.cursor_after(*middle)}
            query = shape.listing.query(self._org_id, later, shape.required)
        return self.query_cost(query)

    def query_cost(self, query: ListQuery) -> Cost:
        """Return what the page of this statement costs."""
        return self._explain(call_of(query.sql, query.args), plans_by_value=query.plans_by_value)

    def filtered(self, shape: Shape, filter: tuple[str, str]) -> Cost:
        """Return what it costs to read all rows of this filter."""
        key = shape.name, filter
        if key not in self._filtered:
            asked = shape.listing.conditions(self._org_id, dict([filter]))
            where = [Condition("org_id = %s", self._org_id), *shape.required, *asked]
            clauses = " AND ".join(condition.sql for condition in where)
            args = tuple(value for condition in where for value in condition.values())
            select = f"SELECT summary FROM {shape.listing.view} WHERE {clauses}"
            self._filtered[key] = self._explain(call_of(select, args), plans_by_value=True)
        return self._filtered[key]

    def event_cost(self, query: EventsQuery) -> Cost:
        """Return what a page of events costs."""
        return self._explain(select_events(self._org_id, query), plans_by_value=True)

    def sample_again(self, name: str) -> None:
        """Let PostgreSQL take a new sample of the table for its statistics, from which it estimates rows."""
        self._conn.execute(f"ANALYZE {name}".encode())
        self._filtered.clear()

    def head(self) -> int:
        """Return the position of the newest event."""
        select = "SELECT position FROM org_log WHERE org_id = %s"
        ((position,),) = self._conn.execute(select, (self._org_id,)).fetchall()
        return int(position)

    def rows(self, name: str) -> int:
        """Return how many rows the organization has in the table."""
        if name not in self._rows:
            count = f"SELECT count(*) FROM {TABLES[name]} WHERE org_id = %s"
            ((rows,),) = self._conn.execute(count.encode(), (self._org_id,)).fetchall()
            self._rows[name] = int(rows)
        return self._rows[name]

    def _explain(self, call: Call, *, plans_by_value: bool) -> Cost:
        """Return what this call costs, planned as `plans_by_value` says. It is one trip to PostgreSQL."""
        types = ", ".join(self._oids[oid] for oid in call.statement.types)
        values = [None if value is None else bytes(value).decode() for value in call.parameters]
        mode = f"force_{'custom' if plans_by_value else 'generic'}_plan"
        before = sql.SQL(_EXPLAIN).format(
            role=sql.Identifier(APP_ROLE), org=self._org_id, mode=sql.Identifier(mode), types=sql.SQL(types)
        )
        execute = sql.SQL(_EXECUTE).format(values=sql.SQL("({})").format(sql.SQL(", ").join(values)))
        statements = before.as_bytes(self._conn) + call.statement.sql + execute.as_bytes(self._conn)
        cursor = self._conn.execute(statements, prepare=False)
        while cursor.description is None:
            cursor.nextset()
        ((plan,),) = cursor.fetchall()
        return _cost(msgspec.json.decode(plan)[0]["Plan"])


def _cost(plan: Mapping[str, Any]) -> Cost:
    nodes = list(_nodes(plan))
    removed = sum(
        node.get(f"Rows Removed by {why}", 0) * node.get("Actual Loops", 1)
        for node in nodes
        for why in ("Filter", "Index Recheck")
    )
    searches = sum(node.get("Actual Loops", 1) for node in nodes if "Index Name" in node)
    parts = max((node.get("Actual Loops", 1) for node in nodes if node["Node Type"] == "Limit"), default=1)
    names = [f"{node['Node Type']} {node.get('Index Name') or node.get('Relation Name', '')}".strip() for node in nodes]
    skipped = {"Limit", "Result", "Subquery Scan", "Append"}
    text = " < ".join(name for name in names if name not in skipped)
    return Cost(
        pages=plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] + plan["Temp Read Blocks"],
        rows=round(plan["Actual Rows"]),
        removed=round(removed),
        searches=round(searches),
        parts=round(parts),
        plan=text,
    )


def _nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)
