"""Holidays: days on which the organization is closed; planned, and perhaps cancelled."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Self

from domain.aggregate import Aggregate, Event
from domain.errors import InvalidTransition

_TRANSITIONS: dict[str, tuple[str, ...]] = {"planned": ("cancelled",), "cancelled": ()}


class Holiday(Aggregate):
    """A day on which the organization is closed."""

    class Planned(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "holiday.planned"
        phrase: ClassVar[str] = "planned {object}"
        name: str
        day: date
        status: str

    class Cancelled(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "holiday.cancelled"
        phrase: ClassVar[str] = "cancelled {object}"
        status: str

    kind: ClassVar[str] = "holiday"
    id_prefix: ClassVar[str] = "hol"
    noun: ClassVar[str] = "public holiday"
    read_scope: ClassVar[str | None] = "holidays:read"
    write_scope: ClassVar[str | None] = "holidays:write"

    status: str

    @classmethod
    def plan(cls, id: str, *, at: datetime, name: str, day: date) -> Self:
        """Return a new holiday."""
        return cls.begin(id, cls.Planned, at, name=name, day=day, status="planned")

    @classmethod
    def transitions(cls) -> dict[str, tuple[str, ...]]:
        """Return the statuses that can follow each status."""
        return _TRANSITIONS

    @classmethod
    def actions(cls, status: str) -> tuple[str, ...]:
        """Return what can be done with a holiday in this status."""
        return ("cancel",) if status == "planned" else ()

    def cancel(self, at: datetime) -> None:
        """Cancel the holiday. Raises InvalidTransition when it is cancelled already."""
        if self.status != "planned":
            raise InvalidTransition(self.noun, self.status, "cancelled", _TRANSITIONS[self.status])
        self.record(self.Cancelled, at, status="cancelled")
