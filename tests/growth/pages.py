"""Counts the pages of 8 kB that PostgreSQL touches for a shape of a list. The number does not depend on the machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import msgspec
from psycopg import Connection, sql

from infra.postgres.database import APP_ROLE, Row
from infra.postgres.statements import Call, call_of
from infra.reads.events import select_events
from projections.query.filters import Condition
from projections.query.page import ListQuery
from projections.views.events import EventsQuery
from tests.growth.shapes import Shape

_SAMPLE_ROWS = 20_000


class Cost(NamedTuple):
    """What a page of a list cost."""

    pages: int
    rows: int
    """The number of rows on the page, with the one that shows whether there is another page."""
    removed: int
    """The number of rows that were read and not wanted."""
    plan: str
    """The indexes and tables that were read, and how."""


class Lists:
    """The lists of one organization, as the application's role reads them."""

    def __init__(self, conn: Connection[Row], org_id: str) -> None:
        self._conn, self._org_id = conn, org_id
        self._oids: dict[int, str] = dict(
            conn.execute("SELECT oid::int, format_type(oid, NULL) FROM pg_type").fetchall()
        )
        self._filtered: dict[tuple[str, tuple[str, str]], int] = {}
        for name in ("invoices", "bills", "leaves"):
            conn.execute(f"""
                CREATE TEMP TABLE {name}_sample AS SELECT * FROM (
                    SELECT * FROM {name} WHERE org_id = '{org_id}' ORDER BY hashtext(id) LIMIT {_SAMPLE_ROWS}
                ) chosen
            """)

    def cost(self, shape: Shape) -> Cost | None:
        """Return what the page costs; None for a later page of a list that is too short to have one."""
        query = shape.listing.query(self._org_id, shape.params)
        if shape.deep:
            cursor = self._cursor(shape, query)
            if cursor is None:
                return None
            query = shape.listing.query(self._org_id, {**shape.params, "cursor": cursor})
        return self.explain(query.sql, query.args, plans_by_value=query.plans_by_value)

    def explain(self, statement: str, args: tuple[Any, ...], *, plans_by_value: bool) -> Cost:
        """Return what the statement costs, planned as `plans_by_value` says."""
        return self.explain_call(call_of(statement, args), plans_by_value=plans_by_value)

    def explain_call(self, call: Call, *, plans_by_value: bool) -> Cost:
        """Return what this call of a statement costs."""
        with self._as_application():
            self._set("plan_cache_mode", f"force_{'custom' if plans_by_value else 'generic'}_plan")
            types = ", ".join(self._oids[oid] for oid in call.statement.types)
            self._conn.execute(f"PREPARE shape ({types}) AS {call.statement.sql.decode()}".encode())
            values = [None if value is None else bytes(value).decode() for value in call.parameters]
            execute = sql.SQL("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) EXECUTE shape ({})").format(
                sql.SQL(", ").join(map(sql.Literal, values))
            )
            ((found,),) = self._conn.execute(execute).fetchall()
            self._conn.execute("DEALLOCATE shape")
        return _cost(msgspec.json.decode(found)[0]["Plan"])

    def filtered_pages(self, name: str, filter: tuple[str, str], shape: Shape) -> int:
        """Return how many pages are touched to read all rows of this filter."""
        if (name, filter) not in self._filtered:
            where = [Condition("org_id = %s", self._org_id), *shape.listing.conditions(dict([filter]))]
            clauses = " AND ".join(condition.sql for condition in where)
            args = tuple(value for condition in where for value in condition.values())
            pages = self.explain(
                f"SELECT summary FROM {shape.listing.view} WHERE {clauses}", args, plans_by_value=True
            ).pages
            self._filtered[name, filter] = pages
        return self._filtered[name, filter]

    def event_cost(self, query: EventsQuery) -> Cost:
        """Return what a page of events costs."""
        return self.explain_call(select_events(self._org_id, query), plans_by_value=True)

    def head(self) -> int:
        """Return the position of the newest event."""
        select = "SELECT position FROM org_log WHERE org_id = %s"
        ((position,),) = self._conn.execute(select, (self._org_id,)).fetchall()
        return int(position)

    def rows(self, name: str) -> int:
        """Return how many rows the organization has in the table."""
        count = f"SELECT count(*) FROM {name} WHERE org_id = %s"
        ((rows,),) = self._conn.execute(count.encode(), (self._org_id,)).fetchall()
        return int(rows)

    def _cursor(self, shape: Shape, query: ListQuery) -> str | None:
        """Return the cursor of a page in the middle of the list, as far as a sample of its rows tells."""
        listing = shape.listing
        sort = shape.sort or listing.sort_for(shape.params)
        column = listing.sorts[sort.lstrip("-")][0]
        conditions = listing.conditions(shape.params)
        where = " AND ".join(condition.sql for condition in conditions) or "true"
        args = [value for condition in conditions for value in condition.values()]
        select = f"""
            SELECT {column}, id FROM {shape.name}_sample WHERE {where} ORDER BY {column}, id
            OFFSET (SELECT count(*) / 2 FROM {shape.name}_sample WHERE {where}) LIMIT 1
        """
        row = self._conn.execute(select.encode(), [*args, *args]).fetchone()
        return None if row is None else query.cursor_after(*row)

    @contextmanager
    def _as_application(self) -> Iterator[None]:
        with self._conn.transaction(force_rollback=True):
            self._conn.execute(f"SET LOCAL ROLE {APP_ROLE}")
            self._set("app.org", self._org_id)
            yield

    def _set(self, name: str, value: str) -> None:
        self._conn.execute("SELECT set_config(%s, %s, true)", (name, value))


def _cost(plan: Mapping[str, Any]) -> Cost:
    nodes = list(_nodes(plan))
    removed = sum(
        node.get(f"Rows Removed by {why}", 0) * node.get("Actual Loops", 1)
        for node in nodes
        for why in ("Filter", "Index Recheck")
    )
    names = [f"{node['Node Type']} {node.get('Index Name') or node.get('Relation Name', '')}".strip() for node in nodes]
    skipped = {"Limit", "Result", "Subquery Scan", "Append"}
    pages = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] + plan["Temp Read Blocks"]
    text = " < ".join(name for name in names if name not in skipped)
    return Cost(pages, round(plan["Actual Rows"]), round(removed), text)


def _nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)
