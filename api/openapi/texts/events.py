"""The texts of the API reference about events."""

from __future__ import annotations

from api.openapi.texts.words import TagTexts, Words

EVENTS = TagTexts(
    tag="Events",
    about=(
        "Everything that happened, in order. Poll the events instead of lists. A key sees the events that its read "
        "scopes allow."
    ),
    operations={
        "listEvents": Words(
            "List events",
            "The organization's log, oldest event first. Store `pagination.nextAfter` and send it as `after` next "
            "time. It advances even on an empty page, and every new event has a higher position. With `order=desc` the "
            "newest event comes first; continue with `before` instead of `after`. `include=object` adds "
            "the state of the object after each event; a page is at most 4 MiB, so it may then hold fewer events than "
            "`limit`. If `after` is beyond the end of the log, the response is 400 `position_beyond_log`, with the "
            "last position in `head`. This usually means that the log was restored from a backup that ends before "
            "your position.",
            search_words="list all events, log of everything that happened",
        ),
    },
    fields={
        "ShownEvent.id": "The event's id. It never changes, so you can recognize an event that you receive twice.",
        "position": "The position in the organization's log: 1, 2, 3 … Positions of hidden events are left out.",
        "livemode": "Whether the event is of live data, and not of test data.",
        "type": "What happened.",
        "resourceType": "The kind of object to which the event happened.",
        "resourceId": "The id of the object to which the event happened.",
        "actor": "The key, user or process that caused the event.",
        "Actor.type": "The kind of actor: `api_key`, `user`, `cli` (command line) or `worker` (the service itself).",
        "Actor.id": "The id of the key or user, or the name of the process.",
        "ShownEvent.version": "The version of the object after this event.",
        "occurredAt": "When the event was recorded, in UTC.",
        "data": "The changed fields, named as in the resource.",
        "requestId": "The X-Request-Id of the request that caused the event.",
        "object": "The resource after the event, as `GET` with `version` returns it.",
    },
    field_examples={"object": {"id": "inv_01KEXAMPLE0000000000000000", "status": "draft", "version": 1}},
    parameters={"include": "`object` adds the resource after each event."},
)
