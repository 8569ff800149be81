"""The texts of the API reference about test mode."""

from __future__ import annotations

from api.openapi.texts.words import TagTexts, Words

_MOVED = {
    "now": "{today+40}T04:30:00.000000Z",
    "today": "{today+40}",
    "aheadSeconds": 3456000.0,
    "position": 12,
}

MODE = TagTexts(
    tag="Test mode",
    about=(
        "What only the keys of test mode, `sd_test_…`, can do: move the clock of their log, and begin a new log. With "
        "a key of live mode these requests are refused with 409 `test_mode_only`."
    ),
    operations={
        "getTestClock": Words(
            "Get the test clock",
            "The time and the day of the test log. It costs no credit.",
            search_words="test clock time today sandbox",
        ),
        "moveTestClock": Words(
            "Move the test clock",
            "Moves the clock of the test log forwards to `now`; it goes on from there, and never back. It decides "
            "which day is today and when events occurred, so within a minute documents become overdue and keys expire; "
            "an invoice gets the number of its new financial year at once. Credits are counted by the real clock. "
            "The key needs a write scope.",
            search_words="advance time travel to the future, sandbox, simulate overdue, next financial year",
        ),
        "resetTestMode": Words(
            "Reset test mode",
            "Begins a new test log: all objects, events, numbers and webhooks of test mode are gone, and the clock "
            "is right again. The active keys stay, with their secrets and used credits; earlier secrets of rotated "
            "keys stop working. This cannot be undone. The key needs a write scope.",
            search_words="delete all test data, empty the sandbox, start over",
        ),
    },
    fields={
        "now": "The time of the test log, in UTC.",
        "MoveClock.now": "The new time of the test log. It must be later than the clock, and before 2100.",
        "today": "The day of the test log, in the organization's time zone.",
        "aheadSeconds": "How many seconds the clock is ahead of the real time; 0 if it was not moved.",
        "position": "The position of the last event in the test log.",
    },
    examples={"moveTestClock": {"now": "{today+40}T04:30:00Z"}},
    responses={
        "getTestClock": _MOVED,
        "moveTestClock": _MOVED,
        "resetTestMode": {
            "now": "{today}T04:30:00.000000Z",
            "today": "{today}",
            "aheadSeconds": 0.0,
            "position": 1,
        },
    },
)
