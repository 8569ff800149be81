"""The texts of the API reference that several tags share."""

from __future__ import annotations

from domain.accounts.window import CREDIT_WINDOW, WINDOW_POLICY
from domain.api_key import DEFAULT_CREDIT_LIMIT

_DAYS = CREDIT_WINDOW.days
_LIMIT = f"{DEFAULT_CREDIT_LIMIT:,}".replace(",", "\u00a0")
_POLICY, _SECONDS = f'"{WINDOW_POLICY}"', int(CREDIT_WINDOW.total_seconds())

ABOUT = f"""Invoices, vendor bills and leave requests of a small Indian business, over plain REST.

**Start.** Send `Authorization: Bearer sd_live_…` with each request. Each response is `{{"success": true, "data": …}}`
or `{{"success": false, "error": {{"code", "message", "details", …}}}}`; decide by `error.code`, which never changes.

**From a server.** Keep the key on a server, or in a tool such as Zapier. In a web page or an app everybody can read
it; and browsers may call this API from other websites only if the service names them (CORS is off otherwise). So the
samples for browsers (Fetch, XHR, jQuery, Axios) are for programs on a server, too.

**Amounts** are decimal strings (`"82600.00"`) and are exact; send them as numbers or strings. **Times** are UTC with
microseconds, **dates** are `YYYY-MM-DD`, and "today" is the organization's day (Asia/Kolkata unless set otherwise).

**Credits.** Each request costs one credit. A key has {_LIMIT} credits in any rolling {_DAYS} days, unless it
has another limit. `GET /me`, `GET /organization`, `GET /usage`, `GET /requests` and `GET /test/clock` are free. Past
the limit the API responds with 429, and `Retry-After` says when the next request is admitted.

**Test mode.** Keys that begin with `sd_test_` act on test data of your organization alone, with the same requests. Make
one in the console, after *Switch to test mode*. `livemode` in `GET /me` says which data a key reaches.

**Retries.** Send an `Idempotency-Key` with POST and PATCH, and repeat the request as often as you like: it takes effect
once. Send `If-Match` with the ETag that you read, so that you do not overwrite a later change of someone else.

**Lists** come in pages: follow `pagination.nextUrl` until it is null. **Texts** never contain U+0000, and contain
at least one visible character, unless they may be empty. **Dates** in a body lie between 2000-01-01 and 2099-12-31.
Unknown query parameters and unknown body fields are refused, never ignored. HEAD works like GET, without a body.

**Empty values.** When you create something, `null` means that the field is absent. In a PATCH, `null` clears a field
that can be empty, and sets a field with a default to the default. `""` means `null`, so a form may send its empty
fields; only `notes`, `reason` and values of `metadata` can hold an empty text.

**Errors of every address:** an unknown address is answered with 404 `not_found`, a method that an address does not
support with 405 `method_not_allowed`; the header `Allow` lists the supported ones. A URL over 4 KiB is refused with 414
`uri_too_long`, and headers over 16 KiB with 431 `headers_too_large`; these refusals cost nothing. Each code has
[its own section](/docs/guides/errors), and `error.docUrl` links to it. An address with an empty segment (`//`) is
unknown; one slash at the end makes no difference.

**Caches.** Responses are private: they carry `Cache-Control: no-store` and `X-Content-Type-Options: nosniff`. Use the
`ETag` and `If-None-Match` to ask whether an object that you keep has changed. Only this document may be stored.

**Guides**, step by step: [quickstart](/docs/guides/quickstart), [authentication](/docs/guides/authentication),
[credits](/docs/guides/credits), [lists](/docs/guides/lists), [retries](/docs/guides/retries),
[events](/docs/guides/events), [proofs](/docs/guides/proofs), [webhooks](/docs/guides/receiving-webhooks),
[payments](/docs/guides/payments), [credit notes](/docs/guides/credit-notes),
[parties](/docs/guides/parties), [looking up a request](/docs/guides/requests),
[test mode](/docs/guides/test-mode); from [Zapier](/docs/guides/zapier),
[Make](/docs/guides/make), [n8n](/docs/guides/n8n), [Google Sheets](/docs/guides/google-sheets),
[Excel](/docs/guides/excel), [curl](/docs/guides/curl), [Python](/docs/guides/python), [Node.js](/docs/guides/node),
[PHP](/docs/guides/php). There is a [Postman collection](/docs/postman.json) too."""

ABOUT_KEYS = (
    "An API key, such as `sd_live_…`. Make one in the console: [log in](/login), then open "
    "[Settings → Developer](/settings/developer). It is shown once, belongs to one organization and has scopes. "
    "Keep it on a server: in a web page everybody can read it."
)

LIST = (
    "One page of the list, with the filters that you send. "
    "The objects that were created last come first; with a range of dates, the objects with the latest date come "
    "first. `sort` sets another order. Separate several statuses with commas. A page is at most 4 MiB, so it can hold "
    "fewer objects than `limit` while `hasMore` is true. `asOf` shows the list as it was at a time."
)
GET = (
    "The current state of the object. With `asOf` or `version` (not both), its state at that time or version. The "
    "`ETag` is the version."
)
PDF = (
    "The {kind} as a PDF (PDF/A-2b) that can be printed and sent. It has the amount in words; a draft and a void one "
    "are marked. With `version` or `asOf` (not both), as it was then. What was {issued} is printed once for each "
    "version and kept, so it is always the same file, unless the UPI id or the bank that it names has changed; a draft "
    "is printed anew each time. Equal ETags mean equal files."
)
OBJECT_EVENTS = (
    "The history of this object, oldest event first. Continue with `after` set to `pagination.nextAfter` until "
    "`hasMore` is false. `include=object` adds the state of the object after each event."
)
UPDATE = (
    "Sets fields, the status, or both at once. "
    "A field that is absent keeps its value; `null` clears an optional field, and sets a field with a default to the "
    "default. "
    "All changes of one request happen together or not at all. `status` can be set to {steps}; setting the current "
    "status again changes nothing. {fields}"
)

PARAMETERS = {
    "status": "One or more statuses, separated by commas.",
    "type": "One or more types, separated by commas.",
    "dateFrom": "Only objects with a date on or after this day.",
    "dateTo": "Only objects with a date on or before this day; not before `dateFrom`.",
    "search": (
        "Text to find anywhere in numbers, names, ids, notes or reasons. Case, full-width and composed forms, "
        "invisible characters and the width of blanks do not matter. One or two characters are looked for at the "
        "beginning of numbers, ids and names. The whole number of an invoice or bill finds only the documents with it."
    ),
    "updatedSince": "Only objects that changed at this time or later.",
    "sort": (
        "The field to sort by; with `-` before it, in descending order. Without `sort`, a list with a range of dates "
        "is sorted by that date, the latest first."
    ),
    "metadata": (
        "Only objects with this pair of metadata: `metadata[orderId]=1042`. Keys are compared exactly. Values are "
        "compared as a whole, by the rules of `search`. Send up to three pairs; an object must have all of them."
    ),
    "limit": "The maximum number of entries.",
    "cursor": (
        "`pagination.nextCursor` of the previous page; send the same filters and sort with it. An empty cursor is the "
        "same as none."
    ),
    "include": "`items` adds the line items and payments.",
    "asOf": (
        "As it was at this time, which must not be in the future. A list shows the objects of that time: filters and "
        "order apply to what they were. For one object, do not send `version` too."
    ),
    "version": "The object in this version; not together with `asOf`.",
    "after": (
        "Only events after this position; take it from `pagination.nextAfter`. A position beyond the end of the log is "
        "refused with `position_beyond_log`."
    ),
    "before": "Only events before this position; only with `order=desc`.",
    "order": "`desc` returns the newest event first.",
    "id": "The object's id.",
}

REQUEST_HEADERS = {
    "Idempotency-Key": (
        "A new unique key for each change, such as a UUID: the change takes effect once, however often you send it."
    ),
    "If-Match": (
        'The ETag that you read, in its quotes, such as `"3"`, or `*` for any version. The response is 412 if the '
        "object has changed since."
    ),
    "If-None-Match": "The ETag that you have. The response is 304 if the object has not changed since.",
    "If-Position": (
        "The `Position` of the response to a write, or the position of an event that you have: the response shows at "
        "least everything up to it. A request with the key of a write needs it only from five seconds after the write."
    ),
    "X-Request-Id": (
        "Your own id of the request, for events and logs: 1 to 128 of `A-Za-z0-9._-`. Any other value is replaced."
    ),
}

RESPONSE_HEADERS = {
    "X-Request-Id": "The request's id: yours, or a new `req_…`.",
    "ETag": 'The version, such as `"3"`.',
    "Content-Disposition": 'The name of the file, such as `attachment; filename="INV-2026-27-0001.pdf"`.',
    "Position": (
        "The position of the organization's log after this write. Send it as `If-Position` to read what was written."
    ),
    "Location": "The URL of the created object.",
    "Link": 'The next page, as `<…>; rel="next"`; absent on the last page.',
    "Idempotent-Replayed": (
        "`true` when this is the stored response to an earlier request with the same Idempotency-Key."
    ),
    "Retry-After": "The number of seconds to wait.",
    "WWW-Authenticate": "`Bearer`.",
    "Accept-Encoding": "`identity`, when the body had another `Content-Encoding`.",
    "RateLimit-Policy": (
        f"The credit window: `{_POLICY};q={DEFAULT_CREDIT_LIMIT};w={_SECONDS}`. The other limits follow, each "
        'after a comma: `"burst";q=10;w=1`, `"organization";q=100000;w=2592000`.'
    ),
    "RateLimit": (
        f"The credits that are left in the window: `{_POLICY};r={DEFAULT_CREDIT_LIMIT - 1};t={_SECONDS - 1}`. What is "
        'left of the other limits follows: `"burst";r=9;t=1`, `"organization";r=4711;t=1800`.'
    ),
    "X-RateLimit-Limit": "Credits in the window.",
    "X-RateLimit-Remaining": "Credits left.",
    "X-RateLimit-Reset": "Seconds until the oldest counted request leaves the window.",
}

LIMITS = tuple(name for name in RESPONSE_HEADERS if "RateLimit" in name)
"""The names of the rate-limit headers, which every response to a request with a known key has."""
