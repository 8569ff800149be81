"""Topics that explain the difference between two words: statuses, error statuses, and kinds of objects."""

from __future__ import annotations

from api.assistant.topics.topic import topic

COMPARISON_TOPICS = (
    topic(
        "void | cancelled cancel | compare or same what | !can number list paid",
        "Invoices and bills become `void`, leaves become `cancelled`: both are for good, and nothing is deleted.",
        "updateInvoice updateLeave",
        like="what is the difference between void and cancelled",
    ),
    topic(
        "void | cancelled | invoice bill leave | compare",
        "Invoices and bills become `void`, leaves become `cancelled`: both are for good.",
        "updateInvoice updateLeave",
        like="what is the difference between void and cancelled for invoices and leaves",
    ),
    topic(
        "draft | sent | compare\ndraft | sent | versus",
        "A `draft` is being prepared: every field can change, and nothing is due. A `sent` invoice is what the client owes: its lines, "
        "number, client and currency are fixed, and payments can be recorded.",
        "updateInvoice",
        like="what is the difference between draft and sent",
    ),
    topic(
        "invoice | bill | compare versus\ninvoice | bill | what | mean",
        "An invoice is what a client owes you, with your own number; a bill is what you owe a vendor, with the vendor's number. "
        "An invoice is `sent`, a bill is `open`.",
        "createInvoice createBill",
        like="what is the difference between an invoice and a bill",
    ),
    topic(
        "deny denied reject | cancel cancelled | compare",
        "`denied` means that the request was refused; `cancelled` means that it was withdrawn, also after its approval, until the "
        "day before it begins.",
        "leaves#decide-on-it",
        like="what is the difference between denied and cancelled",
    ),
    topic(
        "401 | 403 | compare versus or what when",
        "401 is about the key: it is missing, wrong, revoked or expired. 403: the key is valid, but lacks the "
        "scope that this request needs, or may not be used from this network.",
        "errors#insufficient_scope authentication#scopes",
        like="what is the difference between 401 and 403",
    ),
    topic(
        "400 | 422 | compare versus or what when",
        "400 means that the body is not valid JSON or a query parameter is wrong; 422 means that the JSON is valid, but a field in "
        "it is wrong.",
        "errors#validation_failed errors#malformed_json",
        like="what is the difference between 400 and 422",
    ),
    topic(
        "409 | 422 412 | compare versus or what when",
        "422 means that a field of your request is wrong; 409 that it conflicts with what is stored (a number taken, a status that "
        "does not allow it); 412 that `If-Match` is stale.",
        "errors#invalid_transition errors#validation_failed",
        like="what is the difference between 409 and 422",
    ),
    topic(
        "404 | 403 | compare versus or what when why",
        "404 means that your organization has no such object (also when another one has it); 403 that the key lacks the scope, or may not be used from this network.",
        "errors#not_found errors#insufficient_scope",
        like="what is the difference between 404 and 403",
    ),
    topic(
        "500 | 503 | compare versus",
        "503 means that the database is away or the service is full: retry after `Retry-After`. 500 is a fault of the service: "
        "retry with the same `Idempotency-Key`, and report the `requestId`.",
        "errors#unavailable errors#internal_error",
        like="what is the difference between 500 and 503",
    ),
    topic(
        "event webhook | updatedsince list | compare versus better poll or",
        "Events tell every change in order; a list with `updatedSince` tells only the latest state of what changed. Poll `GET "
        "/events` once instead of three lists.",
        "events lists#polling-a-list",
        like="should I poll events or use updatedSince",
    ),
    topic(
        """payment_recorded | paid
        invoice.payment_recorded | invoice.paid
        bill.payment_recorded | bill.paid""",
        "`payment_recorded` comes with each payment, also a part; `paid` comes once, when nothing is due any more. A payment that "
        "settles the balance makes both events.",
        "events#the-log",
        like="what is the difference between the events payment_recorded and paid",
    ),
    topic(
        "partially_paid | paid | compare versus | !sent draft",
        "`partially_paid` means that a part of the total is paid or settled; `paid` that nothing is due any more. Both come from "
        "payments alone.",
        "payments#the-balance",
        like="what is the difference between partially paid and paid",
    ),
    topic(
        "earned | sick | compare versus",
        "`earned` and `sick` are the two types of leave: a label in the field `type`, which `GET /leaves?type=sick` can filter by; "
        "no rule of the API depends on it.",
        "createLeave listLeaves",
        like="what is the difference between earned and sick leave",
    ),
    topic(
        "overdue | unpaid | compare versus",
        "Unpaid is what is `sent` or `partially_paid`; overdue is only that part whose due date is past.",
        "lists#filters listInvoices",
        like="what is the difference between unpaid and overdue",
    ),
)
