"""The texts of the API reference about invoices."""

from __future__ import annotations

from api.openapi.texts import common, document
from api.openapi.texts.words import TagTexts, Trial, Words

_CREATE = {
    "clientId": "acme-traders",
    "clientName": "Acme Traders",
    "invoiceDate": "{today}",
    "dueDate": "{today+30}",
    "items": [{"description": "Consulting", "quantity": 20, "unitPrice": 3500, "taxRate": 18}],
}

INVOICE = TagTexts(
    tag="Invoices",
    about="What clients owe: draft, send, collect payments, void.",
    operations={
        "listInvoices": Words(
            "List invoices",
            common.LIST,
            search_words="list search filter find all overdue invoices of a client, due this week",
        ),
        "createInvoice": Words(
            "Draft an invoice",
            "Makes a draft, which bills nobody until you send it. "
            "The totals are computed: each line's amount and tax are rounded half up to the currency's minor unit, "
            "then added. Without `invoiceNumber` the invoice gets the next number in the series of its financial year, "
            "such as `INV-2026-27-0001`; its prefix is chosen in the console, under Settings → Organization. "
            "Example: 20 × 3500.00 at 18 % is 82600.00.",
            search_words="create make add raise a new invoice, tax rate GST",
        ),
        "getInvoice": Words(
            "Get an invoice",
            common.GET,
            search_words="get fetch one single invoice by id",
        ),
        "getInvoicePdf": Words(
            "Download an invoice as a PDF",
            common.PDF.format(kind="invoice", issued="sent"),
            search_words="download print get the PDF of an invoice, printable document, file for the customer",
        ),
        "updateInvoice": Words(
            "Change, send or void an invoice",
            common.UPDATE.format(steps="`sent` or `void`", fields=document.UPDATE_FIELDS),
            search_words="send a draft to the customer or client, edit, update, cancel, delete, remove, void invoice",
        ),
        "recordInvoicePayment": Words(
            "Record a payment of an invoice",
            document.RECORD_PAYMENT,
            search_words="mark an invoice as paid, record add enter payment received from a client, collect money, "
            "TDS deducted, tax withheld, write off or round off the rest, bad debt",
        ),
        "reverseInvoicePayment": Words(
            "Reverse a payment of an invoice",
            document.REVERSE_PAYMENT.format(issued="sent"),
            search_words="reverse, take back, undo, refund, delete or correct a payment; a cheque that bounced, "
            "chargeback",
        ),
        "listInvoiceEvents": Words(
            "List an invoice's events",
            common.OBJECT_EVENTS,
            search_words="history of changes of a single invoice",
        ),
    },
    fields=document.FIELDS
    | {
        "clientId": (
            "Your own id of the client: any text of 1 to 64 letters, digits, `-` and `_`, such as the id in your CRM. "
            "Nothing has to be created first. Invoices with the same id belong together. Or the id of a party that is "
            "a client (`party_…`): it must be one of yours, and active."
        ),
        "clientName": "The client's name, as people read it; that of the party if it is absent.",
        "UpdateInvoice.status": "The status to set: `sent` sends a draft, `void` cancels it. Payments set the others.",
        "sentAt": "When the invoice was sent, in UTC; null in a draft.",
        "invoiceNumber": (
            "The invoice's number, 1 to 16 characters; the next one of your own series if it is absent. Unique per "
            "financial year (April to March); upper and lower case count as the same. If a draft moves to another "
            "year, a number of your own series changes to the next number of that year; a number that you sent stays."
        ),
        "invoiceDate": "The date on the invoice; it decides the financial year of the number.",
    },
    field_examples=document.FIELD_EXAMPLES,
    statuses={
        "draft": "The invoice is being prepared: every field can change, and the client owes nothing yet.",
        "sent": "The client has the invoice and owes its total. Number, client, currency and lines no longer change.",
        **document.STATUSES,
        "void": "The invoice is cancelled for good: nothing is due. Its number stays taken.",
    },
    parameters=document.PARAMETERS
    | {
        "clientId": "Only this client's invoices. The id of a party and its `externalId` find the invoices of both.",
    },
    examples={
        "createInvoice": _CREATE,
        "updateInvoice": {"status": "sent"},
        "recordInvoicePayment": {"amount": "82600.00", "paidOn": "{today}", "method": "upi", "reference": "UTR6021"},
        "reverseInvoicePayment": {"reason": "The cheque bounced", "reversedOn": "{today}"},
    },
    scopes=document.SCOPES,
    trial=Trial(
        "This command drafts an invoice to a trial client. A draft bills nobody, but takes your next invoice number. "
        "Void the draft when you are done.",
        {**_CREATE, "clientId": "{own}", "clientName": "Trial"},
    ),
)
