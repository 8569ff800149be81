"""Lists: a Listing makes one SQL statement from the query parameters of a request.

A page begins after the sort value and the id of the last row on the previous page. Therefore no row is skipped or
repeated when rows are added between two requests, and page 1000 costs as much as page 1.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from domain.errors.violation import Violation
from domain.reading import InvalidValue, parse_whole_number, parse_word
from projections.query.access import Access, Selection, Source, unweighed
from projections.query.branches import branches_of, is_implied
from projections.query.cursors import InvalidCursor, decode_cursor, fingerprint_of
from projections.query.facts import Fact, Order
from projections.query.filters import Condition, Filter, Flag, Kind, QueryParameter, parse_unescaped_instant
from projections.query.metadata import PARAMETER as METADATA_PARAMETER
from projections.query.metadata import check_count, condition, filtered_key
from projections.query.page import ListQuery, PastMoment, page_columns, page_sql, source_of
from projections.query.past.lists import AS_OF, Past
from projections.query.past.lists import PARAMETER as AS_OF_PARAMETER
from projections.query.ranges import Range
from projections.query.refusals import (
    INVALID_CURSOR,
    INVALID_PARAMETER,
    InvalidQuery,
    check_repeated,
    check_text,
    nearest_sort,
    unknown_parameter,
)

DEFAULT_LIMIT, MAX_LIMIT = 50, 100
LIMIT = QueryParameter({"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT})


class ParsedQuery(msgspec.Struct):
    """The parsed query parameters of a request."""

    conditions: list[Condition]
    sort: str
    limit: int = DEFAULT_LIMIT
    with_details: bool = False
    filters: list[str] = []
    """The names of the filters in this request."""
    asked: dict[str, Condition] = {}
    """The condition of each filter in this request, by the name of its parameter."""
    as_of: datetime | None = None
    """The instant of the list; None for the present."""


class Listing(msgspec.Struct, frozen=True):
    """The declaration of a list: its view, its filters and its sorts. By default the newest objects come first."""

    view: str
    filters: Mapping[str, Filter]
    sorts: Mapping[str, tuple[str, Kind]]
    includes: tuple[str, ...] = ()
    default_sort: str = "-createdAt"
    metadata: str | None = None
    """The column with the keys of an object's pairs (`metadata[key]=value`); None for a list without metadata."""
    same_plan: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """For each sort, the filters with an index that returns the selected rows in the order of the sort.

    A query without filters, or with exactly one of these filters and one word in it, has the same best plan for all
    values. So PostgreSQL plans it once. PostgreSQL plans every other query for its values, because the best index
    depends on how frequent these values are.
    """
    ranges: tuple[Range, ...] = ()
    """The ranges that pairs of filters form. Without the parameter `sort`, the first range that the request uses
    decides the order."""
    facts: tuple[Fact, ...] = ()
    """What is always true of the rows, so that PostgreSQL need not look for rows that cannot exist."""
    has_oldest: bool = False
    """Whether the view leaves out rows from before some time. PostgreSQL would begin a later page in ascending order at
    this time, and read up to the place, if a condition did not name the place's value alone."""
    accesses: tuple[Access, ...] = ()
    """Other ways to the rows of some requests; the first one that serves a request is taken."""
    past: Past | None = None
    """Where the rows of an earlier instant are; None for a list without `asOf`."""

    def query(
        self, org_id: str, params: Mapping[str, Any], required: Sequence[Condition] = (), rows: int | None = None
    ) -> ListQuery:
        """Return the statement of the page that these query parameters request. All rows meet `required`.

        `rows` is the largest number of rows of the page, in place of the parameter `limit`. Raises InvalidQuery, which
        names all unknown and wrong parameters, and for a cursor of another query.
        """
        query = self._read(params)
        query.conditions = [each.of(org_id) for each in query.conditions]
        query.asked = {name: each.of(org_id) for name, each in query.asked.items()}
        sort, limit = query.sort, rows or query.limit
        column, kind = self.sorts[sort.lstrip("-")]
        fingerprint = fingerprint_of(org_id, self.view, sort, [*required, *query.conditions, *_instant_of(query)])
        conditions = self._with_facts(query, bool(params.get("cursor")))
        planned_pages = max((each.planned_pages for each in conditions), default=1)
        direction, beyond = ("DESC", "<") if sort.startswith("-") else ("ASC", ">")
        place: list[Condition] = []
        if params.get("cursor"):
            values = tuple(_decode(params["cursor"], fingerprint, kind))
            conditions = [each for each in conditions if not is_implied(each, f"{column} {beyond}= %s", values[0])]
            place = [Condition(f"({column}, id) {beyond} (%s::{kind.sql}, %s)", values)]
            if self.has_oldest and beyond == ">":
                place = [Condition(f"{column} >= %s", values[0]), unweighed(place)]
        order = f"{column} {direction}, id {direction}"
        columns = page_columns(column, query.with_details)
        owner = Condition("org_id = %s", org_id)
        selection = Selection(columns, owner, required, conditions, place, order, limit + 1, planned_pages)
        source = self._source(query, selection)
        sql = page_sql(source.sql, columns, order, limit + 1, planned_pages)
        plans_by_value, moment = self._plans_by_value(query), self._moment(query)
        return ListQuery(sql, source.args, limit, query.with_details, plans_by_value, fingerprint, moment)

    def _source(self, query: ParsedQuery, selection: Selection) -> Source:
        """Return the rows that the page is selected from."""
        if self.past is not None and query.as_of is not None:
            ordered, by_text = self._orders_words(query), not set(query.filters) <= self.filters.keys() - {"search"}
            return self.past.source(self.view, query.as_of, selection, are_ordered=ordered, by_text=by_text)
        asked = {name: each for name, each in query.asked.items() if each in selection.conditions}
        for access in self.accesses:
            if access.serves(asked):
                return access.source(selection, asked)
        branches = branches_of(selection.all_conditions(), are_ordered=self._orders_words(query))
        args = tuple(value for branch in branches for condition in branch for value in condition.values())
        clauses = [" AND ".join(condition.sql for condition in branch) for branch in branches]
        planned = selection.limit * selection.planned_pages
        return Source(source_of(self.view, selection.columns, clauses, selection.order, planned), args)

    def _moment(self, query: ParsedQuery) -> PastMoment | None:
        if self.past is None or query.as_of is None:
            return None
        return PastMoment(self.past.kind, query.as_of)

    def conditions(self, org_id: str, params: Mapping[str, Any]) -> list[Condition]:
        """Return the conditions of all filters in these query parameters. Raises InvalidQuery."""
        return [each.of(org_id) for each in self._read(params).conditions]

    def sort_for(self, params: Collection[str]) -> str:
        """Return the sort of a request that has these parameters, but not the parameter `sort`."""
        return next((each.sort for each in self.ranges if each.is_in(params)), self.default_sort)

    def _orders(self, query: ParsedQuery) -> bool:
        """Return whether one index has the rows of each filter in the order of the sort."""
        return set(query.filters) <= set(self.same_plan.get(query.sort.lstrip("-"), ()))

    def _orders_words(self, query: ParsedQuery) -> bool:
        """Return whether an index has the rows of each word in the order of the sort, and no other filter needs one."""
        narrowing = [name for name in query.filters if not isinstance(self.filters.get(name), Flag)]
        return len(narrowing) == 1 and self._orders(query)

    def _plans_by_value(self, query: ParsedQuery) -> bool:
        if query.as_of is not None:
            return True
        if not query.filters:
            return False
        if len(query.filters) > 1 or isinstance(query.conditions[0].value, list):
            return True
        return not self._orders(query)

    def _read(self, params: Mapping[str, Any]) -> ParsedQuery:
        query = ParsedQuery([], self.sort_for(params))
        violations: list[Violation] = []
        asked: dict[str, Condition] = {}
        filters = self._filters_at(params.get(AS_OF))
        for name, text in params.items():
            try:
                if not self._knows(name):
                    violations.append(unknown_parameter(name, text, self.parameters()))
                    continue
                self._take(query, filters, name, check_repeated(text) if name == "cursor" else check_text(text))
                if len(query.conditions) > len(asked):
                    asked[name] = query.conditions[-1]
            except InvalidValue as error:
                near = partial(f"{text}=true".format) if self._is_flag(text) else error.hint
                violations.append(Violation(name, INVALID_PARAMETER, str(error), near))
        violations += [Violation(name, INVALID_PARAMETER, message) for name, message in check_count(params)]
        values = {name: condition.value for name, condition in asked.items()}
        for each in self.ranges:
            violations += [Violation(name, INVALID_PARAMETER, message) for name, message in each.check(values)]
        if violations:
            raise InvalidQuery(violations)
        query.asked = asked
        return query

    def _filters_at(self, as_of: Any) -> Mapping[str, Filter]:
        """Return the filters for an instant as it was sent. A wrong one is refused by `_take`."""
        if self.past is None or not isinstance(as_of, str):
            return self.filters
        try:
            return self.past.filters(self.view, self.filters, parse_unescaped_instant(as_of))
        except InvalidValue:
            return self.filters

    def _with_facts(self, query: ParsedQuery, is_later_page: bool) -> list[Condition]:
        """Return conditions that select the same rows as those of the query."""
        column, _ = self.sorts[query.sort.lstrip("-")]
        conditions, order = query.conditions, Order(column, query.sort.startswith("-"), is_later_page)
        for fact in self.facts:
            conditions = fact.apply(conditions, query.asked, order)
        return conditions

    def _is_flag(self, value: Any) -> bool:
        """Return whether a wrong value is the name of a flag: a client sent `status=overdue` for `overdue=true`."""
        return isinstance(value, str) and isinstance(self.filters.get(value), Flag)

    def _knows(self, name: str) -> bool:
        """Return whether the list has this parameter. Raises InvalidValue for a wrong key in `metadata[key]`."""
        if name in self.filters or name in ("sort", "limit", "cursor"):
            return True
        if name == AS_OF:
            return self.past is not None
        return bool(self.includes) if name == "include" else bool(self.metadata and filtered_key(name) is not None)

    def _take(self, query: ParsedQuery, filters: Mapping[str, Filter], name: str, text: str) -> None:
        if name in filters:
            query.conditions.append(filters[name].condition(text))
            query.filters.append(name)
        elif self.metadata and (key := filtered_key(name)) is not None:
            query.conditions.append(condition(self.metadata, key, text))
            query.filters.append(name)
        elif name == AS_OF:
            query.as_of = parse_unescaped_instant(text)
        elif name == "limit":
            query.limit = parse_limit(text)
        elif name == "sort":
            query.sort = self._sort(text)
        elif name == "include":
            query.with_details = self._include(text)

    @property
    def has_details(self) -> bool:
        """Whether the response for one object shows more fields than the list does without `include`."""
        return bool(self.includes)

    def parameters(self) -> list[str]:
        """Return the names of all query parameters that the list accepts."""
        return [
            *self.filters,
            *(["metadata[key]"] if self.metadata else []),
            *([AS_OF] if self.past else []),
            "sort",
            "limit",
            "cursor",
            *(["include"] if self.includes else []),
        ]

    def query_parameters(self) -> dict[str, QueryParameter]:
        """Return a description of each query parameter, by its name."""
        sorts = [f"{sign}{name}" for name in self.sorts for sign in ("", "-")]
        parameters = {name: filter.parameter() for name, filter in self.filters.items()}
        if self.metadata:
            parameters["metadata"] = METADATA_PARAMETER
        if self.past:
            parameters[AS_OF] = AS_OF_PARAMETER
        parameters["sort"] = QueryParameter({"type": "string", "enum": sorts, "default": self.default_sort})
        parameters["limit"] = LIMIT
        parameters["cursor"] = QueryParameter({"type": "string"})
        if self.includes:
            parameters["include"] = QueryParameter({"type": "string", "enum": list(self.includes)})
        return parameters

    def _sort(self, text: str) -> str:
        if text.removeprefix("-") not in self.sorts:
            message = f"must be one of: {', '.join(self.sorts)}; put '-' before it for descending order"
            raise InvalidValue(message, partial(nearest_sort, text, self.sorts))
        return text

    def _include(self, text: str) -> bool:
        return bool(parse_word(text, self.includes))


def parse_limit(text: str) -> int:
    """Return the maximum number of objects on a page, from 1 to MAX_LIMIT. Raises InvalidValue."""
    return parse_whole_number(text, 1, MAX_LIMIT)


def _decode(cursor: str, fingerprint: str, kind: Kind) -> list[Any]:
    try:
        return decode_cursor(cursor, fingerprint, kind)
    except InvalidCursor:
        message = "belongs to another query or was altered; leave it out to start again, or use nextUrl unchanged"
        raise InvalidQuery([Violation("cursor", INVALID_CURSOR, message)]) from None


def _instant_of(query: ParsedQuery) -> list[Condition]:
    """Return what tells the cursors of an instant from those of others."""
    return [] if query.as_of is None else [Condition(AS_OF, query.as_of)]
