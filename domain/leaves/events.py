"""The fields and phrases of the events of leaves; `Leave` gives each one its stored name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from msgspec import UNSET, UnsetType

from domain.aggregate import Event
from domain.metadata import Metadata
from domain.personal import Personal


class LeaveRequested(Event, frozen=True, kw_only=True):
    """A leave was requested.

    Older events have no `metadata`, no `start_part` and no `end_part`. An absent part means a full day.
    """

    phrase: ClassVar[str] = "requested {object}"

    employee_id: str
    employee_name: Personal[str | None]
    type: str
    start_date: date
    end_date: date
    day_part: str
    start_part: str | UnsetType = UNSET
    end_part: str | UnsetType = UNSET
    days: Decimal
    reason: Personal[str | None]
    metadata: Personal[Metadata | UnsetType | None] = UNSET
    status: str

    def changes(self) -> dict[str, Any]:
        return {"metadata": {}, **super().changes()}


class LeaveUpdated(Event, frozen=True, kw_only=True):
    """Fields of the leave changed; the other fields are absent. After a decision, only `metadata` can change."""

    phrase: ClassVar[str] = "changed {object}{fields}"
    derived_fields: ClassVar[frozenset[str]] = frozenset(("days",))

    type: str | UnsetType = UNSET
    start_date: date | UnsetType = UNSET
    end_date: date | UnsetType = UNSET
    day_part: str | UnsetType = UNSET
    start_part: str | UnsetType = UNSET
    end_part: str | UnsetType = UNSET
    days: Decimal | UnsetType = UNSET
    reason: Personal[str | UnsetType | None] = UNSET
    metadata: Personal[Metadata | UnsetType | None] = UNSET


class LeaveShortened(Event, frozen=True, kw_only=True):
    """An approved leave was cut short. If one day is left, `day_part` is the part of it that the leave takes."""

    phrase: ClassVar[str] = "cut short {object}"

    end_date: date | UnsetType = UNSET
    day_part: str | UnsetType = UNSET
    start_part: str | UnsetType = UNSET
    end_part: str | UnsetType = UNSET
    days: Decimal


class LeaveDecided(Event, frozen=True, kw_only=True):
    """The leave was approved or denied."""

    status: str
    decision_note: Personal[str | None]
    decided_at: str


class LeaveCancelled(Event, frozen=True, kw_only=True):
    """A pending leave was withdrawn, or an approved leave was cancelled before it began."""

    phrase: ClassVar[str] = "cancelled {object}"

    status: str
    decision_note: Personal[str | UnsetType | None] = UNSET
    decided_at: str
