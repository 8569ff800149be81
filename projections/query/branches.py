"""Rearranges the conditions of a list, so that PostgreSQL finds the same rows by reading less."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from projections.query.filters import Condition


def is_implied(condition: Condition, bound: str, value: Any) -> bool:
    """Return whether the condition is this bound of the sort's column, and follows from the cursor with this value.

    PostgreSQL would begin at the bound, and read the index from there to the cursor.
    """
    if condition.sql != bound:
        return False
    return bool(condition.value >= value if "<" in bound else condition.value <= value)


def branches_of(conditions: Sequence[Condition], are_ordered: bool) -> list[list[Condition]]:
    """Return lists of conditions. Each row that is wanted meets exactly one of the lists.

    The words of a filter are taken apart only if an index has the rows of each word in the order of the list.
    """
    return [list(branch) for branch in product(*(_alternatives(each, are_ordered) for each in conditions))]


def _alternatives(condition: Condition, are_ordered: bool) -> Sequence[Condition]:
    is_several_words = isinstance(condition.value, list) and len(condition.alternatives) > 1
    if not condition.alternatives or (is_several_words and not are_ordered):
        return [condition]
    return condition.alternatives
