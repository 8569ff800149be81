"""What the reference says about holidays."""

from __future__ import annotations

from api.openapi.texts import common
from api.openapi.texts.words import TagTexts, Words

HOLIDAY = TagTexts(
    tag="Holidays",
    about="Days on which the organization is closed.",
    operations={
        "listHolidays": Words("List holidays", common.LIST, search_words="list all holidays"),
        "createHoliday": Words("Plan a holiday", "A holiday is one day.", search_words="add plan a holiday"),
        "getHoliday": Words("Get a holiday", common.GET, search_words="get one holiday by id"),
        "updateHoliday": Words("Cancel a holiday", "It stays in the list.", search_words="cancel a holiday"),
        "listHolidayEvents": Words(
            "List a holiday's events", common.OBJECT_EVENTS, search_words="history of a holiday"
        ),
    },
    fields={"name": "What people call the day.", "day": "The day itself."},
    statuses={
        "planned": "The organization is closed on this day.",
        "cancelled": "The organization is open on this day after all.",
    },
    examples={
        "createHoliday": {"name": "Diwali", "day": "2026-11-08"},
        "updateHoliday": {"status": "cancelled"},
    },
    scopes={"holidays:read": "See holidays and their history.", "holidays:write": "Plan and cancel holidays."},
)
