"""Columns that grow with time, such as the dates of a document: how many pages PostgreSQL has to plan for.

PostgreSQL assumes that columns do not depend on each other. In a list in the order of one date, it expects to meet the
rows of a range of another date after a few rows. It would read the index of the order until then.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from projections.query.facts import FOR_DEPENDENT, Order, plan_for
from projections.query.filters import Condition

_ALONG, _AGAINST = 4, 100
"""The pages to plan for if the rows of a range come first in the order, unless they are few; and if they come last.
Among the rows of other filters, PostgreSQL would turn to their indexes, and plans for fewer pages."""
_OF_WORDS = "created_at"
"""The column in whose order an index has the rows of each word."""


class GrowTogether(NamedTuple):
    """Rows with a large value in one of the columns seldom have a small value in another."""

    columns: Collection[str]
    starts: Mapping[str, Collection[str]]
    """The filters that ask for a value or a larger one, each with the columns in whose order its rows are bounded."""
    ends: Mapping[str, Collection[str]]
    """The filters that ask for a value or a smaller one, in the same way."""
    newest: Mapping[str, Collection[str]]
    """Filters, each with words, or with the SQL of a flag. Only rows with large values meet all of them."""

    def apply(self, conditions: list[Condition], asked: Mapping[str, Condition], order: Order) -> list[Condition]:
        if self._asks_for_newest(asked) and order.column not in self.columns:
            return plan_for(_ALONG, conditions)
        if order.is_later_page:
            return conditions
        if self._asks_for_newest(asked) and order.column != _OF_WORDS and self._is_against(order, is_start=True):
            return plan_for(_AGAINST, conditions)
        ranges = [name for name in (*self.starts, *self.ends) if name in asked]
        has_others = any(name not in ranges and not each.is_common for name, each in asked.items())
        pages = [self._pages(name, order, has_others) for name in ranges]
        return plan_for(max(pages), conditions) if pages else conditions

    def _pages(self, name: str, order: Order, has_others: bool) -> int:
        is_start = name in self.starts
        if order.column in (self.starts if is_start else self.ends)[name]:
            return 1
        if self._is_against(order, is_start):
            return FOR_DEPENDENT if has_others else _AGAINST
        return 1 if has_others and order.column in self.columns else _ALONG

    def _is_against(self, order: Order, is_start: bool) -> bool:
        """Return whether the rows at the start, or at the end, of a range come last in the order."""
        return order.column in self.columns and order.is_descending != is_start

    def _asks_for_newest(self, asked: Mapping[str, Condition]) -> bool:
        return all(name in asked and _words(asked[name]) <= set(words) for name, words in self.newest.items())


def _words(condition: Condition) -> set[str]:
    if condition.value is None:
        return {condition.sql}
    return set(condition.value) if isinstance(condition.value, list) else {condition.value}
