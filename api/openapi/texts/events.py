"""What the reference says about events."""

from __future__ import annotations

from api.openapi.texts.words import ModuleTexts, Words

EVENTS = ModuleTexts(
    tag="Events",
    about="Everything that happened, in order: poll it instead of lists. Each key sees what its read scopes show.",
    operations={
        "listEvents": Words(
            "List events",
            "The organization's log, oldest first. Keep `pagination.nextAfter` and send it as `after` next time: it "
            "moves on even from an empty page, and nothing appears later below it. With `order=desc` the newest come "
            "first, and `before` goes on instead of `after`.",
            said="list all events, log of everything that happened",
        ),
    },
    fields={
        "position": "Its place in the organization's log.",
        "occurredAt": "When it was recorded.",
        "data": "The fields that changed, named as in the resource.",
        "requestId": "The X-Request-Id of the request that caused it.",
    },
)
