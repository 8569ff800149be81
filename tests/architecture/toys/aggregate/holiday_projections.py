"""Holidays as they are read: the resource, its table, and the filters and sorts of its list."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import msgspec
from domain.holiday import Holiday

from domain.aggregate import Event
from domain.calendar import Timestamp, instant
from projections.views.display import DisplayFields
from projections.projection import RowProjection
from projections.query.filters import DATE, INSTANT, From, OneOf, To
from projections.query.listing import Listing

_encode = msgspec.json.Encoder().encode


class HolidayRow(msgspec.Struct, rename="camel", kw_only=True):
    """A day on which the organization is closed."""

    id: str
    status: str
    name: str
    day: date
    created_at: Timestamp
    updated_at: Timestamp
    version: int
    available_actions: tuple[str, ...]


class HolidayProjection(RowProjection[HolidayRow]):
    name: ClassVar[str] = "holidays"
    table: ClassVar[str] = "holidays"
    view: ClassVar[str] = "holiday_list"
    kind: ClassVar[str] = Holiday.kind
    entry_type: ClassVar[type[msgspec.Struct]] = HolidayRow
    version: ClassVar[int] = 1
    columns: ClassVar[tuple[str, ...]] = ("status", "day", "created_at", "updated_at", "version", "summary")
    display: ClassVar[DisplayFields] = DisplayFields(name=("name",), detail=("day",), template="{noun} {name} on {day}")

    def fold(self, row: HolidayRow | None, event: Event) -> HolidayRow:
        at = instant(event.timestamp)
        base = {"id": event.originator_id, "created_at": at} if row is None else msgspec.structs.asdict(row)
        changed = {**base, **event.changes(), "updated_at": at, "version": event.originator_version}
        return HolidayRow(**{**changed, "available_actions": Holiday.actions(changed["status"])})

    def values(self, row: HolidayRow) -> tuple[Any, ...]:
        return (row.status, row.day, row.created_at, row.updated_at, row.version, _encode(row).decode())

    def to_json(self, row: HolidayRow) -> bytes:
        return _encode(row)


HOLIDAYS = HolidayProjection()

HOLIDAY_LIST = Listing(
    view=HOLIDAYS.view,
    filters={
        "status": OneOf("status", tuple(Holiday.transitions())),
        "dateFrom": From("day", DATE),
        "dateTo": To("day", DATE),
        "updatedSince": From("updated_at", INSTANT),
    },
    sorts={"createdAt": ("created_at", INSTANT), "updatedAt": ("updated_at", INSTANT), "startDate": ("day", DATE)},
)
