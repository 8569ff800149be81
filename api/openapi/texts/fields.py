"""The texts about fields that several tags share, and examples of values that no example request produces.

A name stands for a field of any schema. `Schema.name` stands for the field of one schema, and has precedence.
"""

from __future__ import annotations

from typing import Any

FIELDS = {
    "success": "Whether the request succeeded. Check this field first: true comes with `data`, false with `error`.",
    "pagination": "Where the next page begins, and whether there is one.",
    "metadata": (
        "Pairs of texts of your own, such as your ids: at most 50, keys of 1 to 40 of `A-Za-z0-9_.-`, values of at "
        "most 500 characters. A change keeps the pairs that it does not name, and removes a pair "
        "that it sets to null."
    ),
    "id": "Set by the server; never reused.",
    "status": "The current status.",
    "createdAt": "When the object was created, in UTC.",
    "updatedAt": "When the object last changed, in UTC. Times increase in the order of the changes.",
    "version": "The number of events of the object so far: it increases by one with each event, and is the ETag.",
    "erased": (
        "True when personal values were erased for the sake of a person: names, e-mail addresses, telephone "
        "numbers, addresses, GSTIN, PAN, descriptions of lines, notes, reasons, references, methods of "
        "payment and metadata are null then. Absent for all other objects."
    ),
    "availableActions": "The actions that this status allows.",
    "limit": "The maximum number of entries on a page: the `limit` of the request, or 50.",
    "hasMore": "Whether there are more entries after this page.",
    "nextUrl": "The full URL of the next page; null on the last page.",
    "nextCursor": "The cursor of the next page; null on the last page.",
    "nextAfter": (
        "Send this position as `after` to go on. It advances even on an empty page; store it between two polls."
    ),
    "nextBefore": "With `order=desc`: send this position as `before` to go on.",
}

EXAMPLES: dict[str, Any] = {
    "nextCursor": "eyJhIjoiMjAyNi0wMS0xMCJ9",
    "nextUrl": "https://api.example.com/api/v1/invoices?cursor=eyJhIjoiMjAyNi0wMS0xMCJ9",
    "nextBefore": 4,
    "currency": "INR",
    "erased": True,
}
