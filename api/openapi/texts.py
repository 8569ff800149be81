"""What the reference says in words: of each operation under its id, of each tag, field, parameter and header."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """An operation's words, and the refusals of the rules (409) that it can meet."""

    tag: str
    summary: str
    description: str
    conflicts: tuple[str, ...] = ()


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

TAGS = {
    "Invoices": "What clients owe: draft, send, collect payments, void. Scopes `billing:read` and `billing:write`.",
    "Bills": "What vendors are owed: enter, open, pay, void. Scopes `billing:read` and `billing:write`.",
    "Leaves": "Requests to be away, and the decisions on them. Scopes `leaves:read` and `leaves:write`.",
    "Account": "The organization, the key, and its credits. Any key; free of charge.",
    "Events": "Everything that happened, in order: poll it instead of lists. Each key sees what its read scopes show.",
    "Assistant": "Help for people and machines. No key is needed.",
}

_LIST = "The newest first unless `sort` says otherwise. Give several statuses with commas between them."
_GET = "As it is now; with `asOf` or `version` (one of the two) as it then was. The `ETag` is the version."
_HISTORY = "Its own history, the first event first. Go on with `after={}` until `hasMore` is false."
_PAY = (
    "The amount is above zero and at most `balanceDue`; `paidOn` is not after today. The payment that settles the "
    "balance makes it `paid`. A payment cannot be taken back."
)
_PATCH = (
    "What is absent stays as it is; `null` clears an optional field. Everything in one request happens together or not "
    "at all. `status` takes {steps}; the status where it already stands changes nothing. {fields}"
)
_DOCUMENT_FIELDS = "A draft can be changed in every field; later its dates and notes can, and in the end its notes."
_NUMBER, _STEP, _OVERLAP = "duplicate_number", "invalid_transition", "leave_overlap"

OPERATIONS = {
    "listInvoices": Words("Invoices", "List invoices", _LIST),
    "createInvoice": Words(
        "Invoices",
        "Draft an invoice",
        "Totals are computed: each line's amount and tax are rounded half up to the currency's minor unit, then "
        "summed. Without `invoiceNumber` it takes the next one of the financial year's series. 20 × 3500.00 at 18 % "
        "come to 82600.00.",
        (_NUMBER,),
    ),
    "getInvoice": Words("Invoices", "Get an invoice", _GET),
    "updateInvoice": Words(
        "Invoices",
        "Change, send or void an invoice",
        _PATCH.format(steps="`sent` or `void`", fields=_DOCUMENT_FIELDS),
        (_NUMBER, _STEP),
    ),
    "recordInvoicePayment": Words("Invoices", "Record a payment of an invoice", _PAY, (_STEP,)),
    "listInvoiceEvents": Words("Invoices", "List an invoice's events", _HISTORY.format("pagination.nextAfter")),
    "listBills": Words("Bills", "List bills", _LIST),
    "createBill": Words(
        "Bills",
        "Enter a vendor's bill",
        "Under the vendor's own number, which is unique per vendor and financial year. Totals are "
        "computed as for invoices.",
        (_NUMBER,),
    ),
    "getBill": Words("Bills", "Get a bill", _GET),
    "updateBill": Words(
        "Bills",
        "Change, open or void a bill",
        _PATCH.format(steps="`open` or `void`", fields=_DOCUMENT_FIELDS),
        (_NUMBER, _STEP),
    ),
    "recordBillPayment": Words("Bills", "Record a payment of a bill", _PAY, (_STEP,)),
    "listBillEvents": Words("Bills", "List a bill's events", _HISTORY.format("pagination.nextAfter")),
    "listLeaves": Words("Leaves", "List leaves", _LIST),
    "createLeave": Words(
        "Leaves",
        "Request a leave",
        "A half day names its half in `dayPart`, and begins and ends on the same day. Pending and approved leaves of "
        "an employee never overlap.",
        (_OVERLAP,),
    ),
    "getLeave": Words("Leaves", "Get a leave", _GET),
    "updateLeave": Words(
        "Leaves",
        "Approve, deny or cancel a leave",
        _PATCH.format(
            steps="`approved`, `denied` or `cancelled`",
            fields="One decision is final; an approved leave can be cancelled until the day before it begins.",
        ),
        (_STEP,),
    ),
    "listLeaveEvents": Words("Leaves", "List a leave's events", _HISTORY.format("pagination.nextAfter")),
    "listEvents": Words(
        "Events",
        "List events",
        "The organization's log, oldest first. Keep `pagination.nextAfter` and send it as `after` next time: it moves "
        "on even from an empty page, and nothing appears later below it. With `order=desc` the newest come first, and "
        "`before` goes on instead of `after`.",
    ),
    "getAccount": Words(
        "Account", "Get the organization and the key", "Call it to test a connection; it costs no credit."
    ),
    "getUsage": Words(
        "Account",
        "Get the credits that were spent",
        "The rolling window, and what was spent in it by day or hour; no credit.",
    ),
    "askAssistant": Words(
        "Assistant",
        "Ask the assistant",
        "A question in ordinary words about endpoints, authentication, code samples, limits or errors; a pasted error "
        "body is one too. The answer is Markdown, made from the reference and the guides that `sources` names; without "
        "sources the assistant does not know. `language` chooses the samples. With `Accept: text/event-stream` the "
        "answer comes as it is written: events `piece` with `text`, and at last one event `answer` with what `data` "
        "holds, which counts. An address may ask 20 questions a minute unless the service is set otherwise.",
    ),
    "getOpenApi": Words(
        "Assistant", "Get this document", "The OpenAPI 3.1 description of the API, for clients and machines that read."
    ),
}

FIELDS = {
    "id": "Set by the server; never used again.",
    "clientId": "Your own id of the client.",
    "clientName": "The client's name.",
    "vendorId": "Your own id of the vendor.",
    "vendorName": "The vendor's name.",
    "employeeId": "Your own id of the employee.",
    "employeeName": "The employee's name.",
    "invoiceNumber": "Unique per financial year (April to March).",
    "billNumber": "The vendor's own number; unique per vendor and financial year.",
    "invoiceDate": "The invoice's date.",
    "billDate": "The bill's date.",
    "dueDate": "Not before the document's date.",
    "currency": "An ISO 4217 code.",
    "items": "The lines.",
    "payments": "What was paid so far.",
    "notes": "Free text.",
    "quantity": "At most 3 decimals.",
    "unitPrice": "Before tax; at most 4 decimals.",
    "taxRate": "In percent; at most 3 decimals.",
    "hsnSac": "The HSN or SAC code of goods or services.",
    "amount": "In the document's currency.",
    "taxAmount": "The tax on the rounded amount.",
    "subTotal": "The sum of the lines before tax.",
    "taxTotal": "The sum of the lines' taxes.",
    "totalAmount": "With tax.",
    "amountPaid": "The sum of the payments.",
    "balanceDue": "What is left to be paid.",
    "isOverdue": "Whether the due date has passed while it waits for payment.",
    "paidOn": "The day of the payment, not after today.",
    "method": "How it was paid, such as upi or bank.",
    "reference": "The payment's own reference.",
    "status": "Where it stands.",
    "createdAt": "When it was made.",
    "updatedAt": "When it last changed.",
    "version": "Goes up by one with each event; the ETag.",
    "availableActions": "What this status allows. A date can still forbid it: an approved leave that has begun stays.",
    "days": "Calendar days, both ends included; half a day is 0.5.",
    "dayPart": "The whole day or one of its halves.",
    "startDate": "The first day.",
    "endDate": "The last day, at most 366 days in all.",
    "reason": "Why the leave is asked for.",
    "note": "Goes with a decision.",
    "decisionNote": "What was said with the decision.",
    "question": "What you want to know.",
    "language": "The programming language of samples.",
    "answer": "Markdown.",
    "sources": "The pages that the answer is made from, the most telling first; none when it is not known.",
    "samples": "Programs that send the request; they take the key from the environment, as SD_KEY.",
    "suggestions": "Questions that could come next.",
    "url": "Where it is.",
    "title": "What it is called.",
    "code": "The program.",
    "position": "Its place in the organization's log.",
    "occurredAt": "When it was recorded.",
    "data": "The fields that changed, named as in the resource.",
    "requestId": "The X-Request-Id of the request that caused it.",
    "lastFour": "The last four characters of the key's present secret.",
    "presentedLastFour": "Those of the secret that made this request: an earlier one's while a rotation overlaps.",
    "nextUrl": "The whole URL of the next page; null on the last one.",
    "nextCursor": "The cursor of the next page; null on the last one.",
}

PARAMETERS = {
    "status": "One status or several, with commas between them.",
    "type": "One type or several, with commas between them.",
    "clientId": "This client's alone.",
    "vendorId": "This vendor's alone.",
    "employeeId": "This employee's alone.",
    "dateFrom": "Of this day or later; of leaves, those that touch the range.",
    "dateTo": "Of this day or earlier; of leaves, those that touch the range.",
    "dueFrom": "Due on this day or later.",
    "dueTo": "Due on this day or earlier.",
    "overdue": "Overdue ones alone, or the others.",
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
    "granularity": "By day or by hour of the organization's time zone.",
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
