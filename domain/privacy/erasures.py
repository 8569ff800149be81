"""The erasures of an organization's log: for which events the personal values were deleted, and when.

Personal values may be missing only where an event of this aggregate says so (docs/decisions/0093). These events hold
no personal data: neither a name nor an id of the person.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import chain
from typing import ClassVar, Literal, NamedTuple

from domain.aggregate import Aggregate, Event

SubjectKind = Literal["party", "employee"]
"""Of which kind the person was whose data were erased: a client or vendor, or an employee."""
Span = tuple[int, int]
"""A first and a last position."""


class OldLog(NamedTuple):
    """How a log ended before it was rewritten."""

    position: int
    chain_hash: str
    checkpoint: str


class Erasures(Aggregate):
    """The erasures of one organization. There is at most one such object in a log, so that they are found at once."""

    class Erased(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "subject.erased"
        phrase: ClassVar[str] = "erased {object}"
        subject_kind: SubjectKind
        objects: int
        """How many invoices, bills or leaves have lost their personal values."""
        positions: tuple[Span, ...]
        """The positions of the events whose values were deleted, in order: first and last of each run."""

        def apply(self, aggregate: Erasures) -> None:
            aggregate.times += 1

    class Upgraded(Event, frozen=True, kw_only=True):
        """The log was rewritten in the format in which values can be erased. It is the first event of such a log."""

        topic: ClassVar[str] = "subject.upgraded"
        phrase: ClassVar[str] = "rewrote the log, in which {object} could not be erased before"
        position: int
        """The last position of the old log."""
        chain_hash: str
        """The hash of its last event, in hexadecimal digits."""
        checkpoint: str
        """Its last checkpoint, as a signed note."""
        operator: str
        """Who has rewritten it: a user of the operating system."""
        upgraded_at: str
        """When. The event has the time of the first event that follows, because times never go back."""

        def apply(self, aggregate: Erasures) -> None:
            """Change nothing: no values were erased."""

    kind: ClassVar[str] = "subject"
    id_prefix: ClassVar[str] = "erasures"
    noun: ClassVar[str] = "personal data of a person"

    times: int = 0
    """How often something was erased."""

    def erase(self, subject_kind: SubjectKind, objects: int, positions: Iterable[int], at: datetime) -> None:
        """Record that the personal values at these positions are deleted."""
        self.record(self.Erased, at, subject_kind=subject_kind, objects=objects, positions=spans_of(positions))

    def upgrade(self, old: OldLog, operator: str, upgraded_at: str, at: datetime) -> None:
        """Record that the log was rewritten, as an event of the time `at`."""
        self.record(self.Upgraded, at, **old._asdict(), operator=operator, upgraded_at=upgraded_at)


def erasures_id(org_id: str) -> str:
    """Return the id of the object with the erasures of an organization."""
    return f"{Erasures.id_prefix}_{org_id.rpartition('_')[2]}"


def spans_of(positions: Iterable[int]) -> tuple[Span, ...]:
    """Return positions as runs, each with its first and last position, in order."""
    spans: list[Span] = []
    for position in sorted(positions):
        if spans and spans[-1][1] >= position - 1:
            spans[-1] = (spans[-1][0], position)
        else:
            spans.append((position, position))
    return tuple(spans)


def positions_of(spans: Iterable[Span]) -> frozenset[int]:
    """Return the positions in these runs."""
    return frozenset(chain.from_iterable(range(first, last + 1) for first, last in spans))
