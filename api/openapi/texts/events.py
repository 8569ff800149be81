"""What the reference says about events."""

from __future__ import annotations

from api.openapi.texts.words import TagTexts, Words

EVENTS = TagTexts(
    tag="Events",
    about=(
        "Everything that happened, in order: poll it instead of lists. A key sees the events that its read scopes "
        "allow."
    ),
    operations={
        "listEvents": Words(
            "List events",
            "The organization's log, oldest event first. Store `pagination.nextAfter` and send it as `after` next "
            "time: it advances even on an empty page, and no new event appears at or below it. With `order=desc` the "
            "newest event comes first; continue with `before` instead of `after`.",
            search_words="list all events, log of everything that happened",
        ),
    },
    fields={
        "position": "The position in the organization's log.",
        "occurredAt": "When the event was recorded.",
        "data": "The changed fields, named as in the resource.",
        "requestId": "The X-Request-Id of the request that caused it.",
    },
)
