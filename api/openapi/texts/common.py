"""Texts of the reference that belong to no single module."""

from __future__ import annotations

ABOUT = """Invoices, vendor bills and leave requests of a small Indian business, over plain REST.

**Start.** Send `Authorization: Bearer sd_live_…` with each request. Each answer is `{"success": true, "data": …}` or
`{"success": false, "error": {"code", "message", "details", …}}`; act by `error.code`, which never changes.

**Amounts** are decimal strings (`"82600.00"`) and are exact; send them as numbers or strings. **Times** are UTC with
microseconds, **dates** are `YYYY-MM-DD`, and "today" is the organization's day (Asia/Kolkata unless set otherwise).

**Credits.** A request costs one credit; a key has 1\u00a0000 in any rolling 30 days unless made with another limit.
`GET /me` and `GET /usage` are free. Past the limit the answer is 429, and `Retry-After` says when the next
request is admitted.

**Retries.** Send an `Idempotency-Key` with POST and PATCH, and repeat the request as often as you like: it takes effect
once. Send `If-Match` with the ETag that you read, and a change that was made meanwhile is never overwritten.

**Lists** come in pages: follow `pagination.nextUrl` until it is null. **Texts** never contain U+0000. Unknown query
parameters and unknown body fields are refused, never ignored. HEAD answers as GET does.

**Errors, wherever you are:** an unknown address is 404 `not_found`, a method that an address does not have is 405
`method_not_allowed` (the header `Allow` names those that it has). Each code has
[its own section](/docs/guides/errors), and `error.docUrl` leads to it.

**Guides**, step by step: [quickstart](/docs/guides/quickstart), [authentication](/docs/guides/authentication),
[credits](/docs/guides/credits), [lists](/docs/guides/lists), [retries](/docs/guides/retries),
[events](/docs/guides/events); from [Zapier](/docs/guides/zapier), [Make](/docs/guides/make), [n8n](/docs/guides/n8n),
[curl](/docs/guides/curl), [Python](/docs/guides/python). There is a [Postman collection](/docs/postman.json) too."""

LIST = "The newest first unless `sort` says otherwise. Give several statuses with commas between them."
GET = "As it is now; with `asOf` or `version` (one of the two) as it then was. The `ETag` is the version."
OBJECT_EVENTS = (
    "Its own history, the first event first. Go on with `after=pagination.nextAfter` until `hasMore` is false."
)
UPDATE = (
    "What is absent stays as it is; `null` clears an optional field. Everything in one request happens together or not "
    "at all. `status` takes {steps}; the status where it already stands changes nothing. {fields}"
)

FIELDS = {
    "id": "Set by the server; never used again.",
    "status": "Where it stands.",
    "createdAt": "When it was made.",
    "updatedAt": "When it last changed.",
    "version": "Goes up by one with each event; the ETag.",
    "availableActions": "What this status allows. A date can still forbid it: an approved leave that has begun stays.",
    "nextUrl": "The whole URL of the next page; null on the last one.",
    "nextCursor": "The cursor of the next page; null on the last one.",
}

PARAMETERS = {
    "status": "One status or several, with commas between them.",
    "type": "One type or several, with commas between them.",
    "dateFrom": "Of this day or later; of leaves, those that touch the range.",
    "dateTo": "Of this day or earlier; of leaves, those that touch the range.",
    "search": "A text anywhere in numbers, names, ids and notes or reasons; case does not matter.",
    "updatedSince": "Changed at this time or later.",
    "sort": "A field; with `-` before it the largest come first.",
    "limit": "How many at most.",
    "cursor": "From `pagination.nextCursor`, with the same filters and sort.",
    "include": "`items` adds the lines and payments.",
    "asOf": "The object as it was at this time; not together with `version`.",
    "version": "The object as it was in this version; not together with `asOf`.",
    "after": "Positions after this one; from `pagination.nextAfter`.",
    "before": "Positions before this one; with `order=desc` alone.",
    "order": "`desc` begins with the newest.",
    "id": "The object's id.",
}

REQUEST_HEADERS = {
    "Idempotency-Key": "A new key, such as a UUID, per undertaking: it takes effect once, however often it is sent.",
    "If-Match": "The ETag that you read, in its quotes, or `*` for any version: 412 when the object has changed since.",
    "If-None-Match": "The ETag that you have: 304 when it is still the current one.",
    "X-Request-Id": "Your own id of the request, for events and logs: 1 to 128 of `A-Za-z0-9._-`; another is replaced.",
}

ANSWER_HEADERS = {
    "X-Request-Id": "The request's id: your own, or `req_…`.",
    "ETag": 'The version, such as `"3"`.',
    "Location": "The URL of what was made.",
    "Link": 'The next page, as `<…>; rel="next"`; absent on the last one.',
    "Idempotent-Replayed": "`true` when this is the answer of an earlier request with the same Idempotency-Key.",
    "Retry-After": "Whole seconds to wait.",
    "WWW-Authenticate": "`Bearer`.",
    "RateLimit-Policy": 'The credit window: `"rolling-30d";q=1000;w=2592000`.',
    "RateLimit": 'What is left of it: `"rolling-30d";r=999;t=2591999`.',
    "X-RateLimit-Limit": "Credits in the window.",
    "X-RateLimit-Remaining": "Credits left.",
    "X-RateLimit-Reset": "Seconds until the oldest counted request leaves the window.",
}

LIMITS = tuple(name for name in ANSWER_HEADERS if "RateLimit" in name)
"""The headers of every answer to a known key."""
