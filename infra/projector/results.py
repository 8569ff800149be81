"""The results of operations on a projection, the same for every kind of projection."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from projections.stored_event import UnreadableEvent

OnProgress = Callable[[int], None]
"""Called with the number of steps that have been done since the last call."""


class State(NamedTuple):
    """How many rows the table has, how many of them are of an older version, and how many events are not in it yet."""

    rows: int
    older: int
    lag: int


class RebuildResult(NamedTuple):
    """How many events were folded into how many rows. Each failure names an organization that could not be rebuilt."""

    events: int
    rows: int
    failures: list[str]


class AddResult(NamedTuple):
    """How many new events were added to sums. Each failure is an event that stopped the sums of its organization."""

    events: int
    failures: list[UnreadableEvent]
