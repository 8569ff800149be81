"""`/holidays`."""

from __future__ import annotations

from api.resource_type import ResourceType
from commands.holiday import CancelHoliday, PlanHoliday
from domain.holiday import Holiday
from projections.holiday import HOLIDAY_LIST

HOLIDAYS = ResourceType(
    path="holidays",
    tag="Holidays",
    schema="Holiday",
    aggregate=Holiday,
    listing=HOLIDAY_LIST,
    create=PlanHoliday,
    update=CancelHoliday,
)
