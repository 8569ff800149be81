"""A unit of work in memory, which needs no database. Unit tests and the examples in the API reference use it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from itertools import count
from typing import TypeVar, cast

from commands.command import Actor
from domain.accounts.series import series_number
from domain.accounts.zones import Zones
from domain.aggregate import Aggregate, Event
from domain.calendar import DEFAULT_TIME_ZONE, financial_year
from domain.errors import NotFound, StaleVersion
from domain.tax.supplier import Supplier

A = TypeVar("A", bound=Aggregate)
_OPERATOR = Actor("cli", "smartdhandha")


class InMemoryUnitOfWork:
    """A UnitOfWork that keeps its events in a list. The caller sets the time, the ids and the invoice numbers.

    One unit of work can run several commands in turn; set `at` to change the time between them. It does not check the
    two rules that constraints of the database check: numbers of documents must be unique, and leaves must not overlap.
    """

    def __init__(
        self,
        at: datetime,
        *,
        time_zone: str = DEFAULT_TIME_ZONE,
        new_id: Callable[[str], str] | None = None,
        numbers: Iterable[str] = (),
        if_match: frozenset[int] | None = None,
        actor: Actor = _OPERATOR,
        scopes: tuple[str, ...] | None = None,
        supplier: Supplier | None = None,
    ) -> None:
        """Begin without events, at the time `at`.

        `new_id` returns an id for a prefix; without it, the ids are `inv_1`, `pay_2` and so on. `numbers` are the
        invoice numbers that `next_number` returns, in order. `if_match` holds the versions that the caller accepts;
        None accepts any version. `actor` is the sender of the commands, and `scopes` are those of its key; None allows
        everything. `supplier` is what documents say of the organization.
        """
        self.actor, self.scopes, self.supplier = actor, scopes, supplier
        self.at, self.zones, self.if_match = at, Zones(time_zone), if_match
        self.events: list[Event] = []
        """All saved events, the oldest first."""
        self.logo: bytes | None = None
        """The logo that a command has stored."""
        self._new_id, self._serial, self._numbers = new_id, count(1), iter(numbers)
        self._serials: Counter[tuple[str, int]] = Counter()

    @property
    def today(self) -> date:
        return self.zones.day_at(self.at)

    def new_id(self, prefix: str) -> str:
        return f"{prefix}_{next(self._serial)}" if self._new_id is None else self._new_id(prefix)

    def next_number(self) -> str:
        """Return the next of the numbers that the caller passed. Raises LookupError after the last one."""
        for number in self._numbers:
            return number
        raise LookupError("no invoice number is left; pass more of them as `numbers`")

    def next_note_number(self, kind: str, prefix: str, day: date) -> str:
        year = financial_year(day)
        self._serials[kind, year] += 1
        number = series_number(prefix, year, self._serials[kind, year])
        assert number is not None, "a series of notes has room for all numbers"
        return number

    def get(self, aggregate: type[A], id: str) -> A:
        history = [event for event in self.events if event.originator_id == id]
        if not history or history[0].topic not in aggregate.event_classes():
            raise NotFound(aggregate.kind, id)
        loaded = aggregate.empty(id)
        for event in history:
            event.mutate(loaded)
        if not (self.scopes is None or loaded.is_visible_to(self.scopes)):
            raise NotFound(aggregate.kind, id)
        return loaded

    def check_version(self, aggregate: Aggregate) -> None:
        if self.if_match is not None and aggregate.version not in self.if_match:
            raise StaleVersion(aggregate.version)

    def save(self, aggregate: Aggregate) -> None:
        self.events += cast("Iterable[Event]", aggregate.collect_events())

    def store_logo(self, png: bytes | None) -> None:
        self.logo = png

    def skip_deliveries(self, webhook_id: str, names: Collection[str]) -> None:
        """Do nothing, because there are no deliveries in memory."""
