"""What the reference says about holidays."""

from __future__ import annotations

from api.openapi.texts import common
from api.openapi.texts.words import ModuleTexts, Words

HOLIDAY = ModuleTexts(
    tag="Holidays",
    about="Days on which the organization is closed. Scopes `leaves:read` and `leaves:write`.",
    operations={
        "listHolidays": Words("List holidays", common.LIST, said="list all holidays"),
        "createHoliday": Words("Plan a holiday", "A holiday is one day.", said="add plan a holiday"),
        "getHoliday": Words("Get a holiday", common.GET, said="get one holiday by id"),
        "updateHoliday": Words("Cancel a holiday", "It stays in the list.", said="cancel a holiday"),
        "listHolidayEvents": Words("List a holiday's events", common.OBJECT_EVENTS, said="history of a holiday"),
    },
    fields={"name": "What people call the day.", "day": "The day itself."},
    examples={
        "createHoliday": {"name": "Diwali", "day": "2026-11-08"},
        "updateHoliday": {"status": "cancelled"},
    },
)
