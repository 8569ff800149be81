"""Topics that set two words apart: statuses, error statuses, and kinds of objects."""

from __future__ import annotations

from api.assistant.topics.topic import topic

COMPARISON_TOPICS = (
    topic(
        "void | cancelled cancel | compare or same what | !can number list paid",
        "Invoices and bills become `void`, leaves become `cancelled`: both are for good, and nothing is deleted.",
        "updateInvoice updateLeave",
    ),
    topic(
        "void | cancelled | invoice bill leave | compare",
        "Invoices and bills become `void`, leaves become `cancelled`: both are for good.",
        "updateInvoice updateLeave",
    ),
    topic(
        "draft | sent | compare\ndraft | sent | versus",
        "A `draft` is being prepared: every field can change, and nothing is due. A `sent` invoice is owed: its lines, number, "
        "client and currency are fixed, and payments can be recorded.",
        "updateInvoice",
    ),
    topic(
        "invoice | bill | compare versus\ninvoice | bill | what | mean",
        "An invoice is what a client owes you, with your own number; a bill is what you owe a vendor, with the vendor's number. "
        "An invoice is `sent`, a bill is `open`.",
        "createInvoice createBill",
    ),
    topic(
        "deny denied reject | cancel cancelled | compare",
        "`denied` means that the request was refused; `cancelled` means that it was withdrawn, also after its approval, until the "
        "day before it begins.",
        "leaves#decide-on-it",
    ),
    topic(
        "401 | 403 | compare versus or what when",
        "401 is about the key: it is missing, wrong, revoked or expired. 403 is about its scope: the key is valid, but lacks the "
        "scope that this request needs.",
        "errors#insufficient_scope authentication#scopes",
    ),
    topic(
        "400 | 422 | compare versus or what when",
        "400 means that the body is not valid JSON or a query parameter is wrong; 422 means that the JSON is valid, but a field in "
        "it is wrong.",
        "errors#validation_failed errors#malformed_json",
    ),
    topic(
        "409 | 422 412 | compare versus or what when",
        "422 means that a field of your request is wrong; 409 that it conflicts with what is stored (a number taken, a status that "
        "does not allow it); 412 that `If-Match` is stale.",
        "errors#invalid_transition errors#validation_failed",
    ),
    topic(
        "404 | 403 | compare versus or what when why",
        "404 means that your organization has no such object (also when another one has it); 403 that the key lacks the scope.",
        "errors#not_found errors#insufficient_scope",
    ),
    topic(
        "500 | 503 | compare versus",
        "503 means that the database is away or the service is full: retry after `Retry-After`. 500 is a fault of the service: "
        "retry with the same `Idempotency-Key`, and report the `requestId`.",
        "errors#unavailable errors#internal_error",
    ),
    topic(
        "event webhook | updatedsince list | compare versus better poll or",
        "Events tell every change in order; a list with `updatedSince` tells only the latest state of what changed. Poll `GET "
        "/events` once instead of three lists.",
        "events lists#polling-a-list",
    ),
)
