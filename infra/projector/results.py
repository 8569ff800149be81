"""The results of operations on projections. All kinds of projections have the same results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

OnProgress = Callable[[int], None]
"""Called with the number of steps that have been done since the last call."""


class State(NamedTuple):
    """How complete a projection's table is.

    `rows` is the number of the table's rows. `older` is the number of rows that an older version of the projection
    wrote. `lag` is the number of events, or of rows of the summed table, that are not in the table yet.
    """

    rows: int
    older: int
    lag: int


class RebuildResult(NamedTuple):
    """How many events were folded, and into how many rows. A failure names an organization that was not rebuilt."""

    events: int
    rows: int
    failures: list[str]


class AddResult(NamedTuple):
    """How many new events were added, and, by id, why those of an organization could not be added."""

    events: int
    failures: Mapping[str, str]
