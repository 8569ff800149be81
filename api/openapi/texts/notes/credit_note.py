"""The texts of the API reference about credit notes."""

from __future__ import annotations

from api.openapi.texts import common, document
from api.openapi.texts.notes import note
from api.openapi.texts.words import TagTexts, Words

_CREATE = {
    "invoiceId": "inv_01KEXAMPLE0000000000000000",
    "reason": "Two were damaged",
    "items": [{"lineNumber": 1, "quantity": 2}],
}

CREDIT_NOTE = TagTexts(
    tag="Credit notes",
    about="They lower an invoice that was sent: goods came back, or too much was charged.",
    operations={
        "listCreditNotes": Words(
            "List credit notes",
            common.LIST,
            search_words="list search filter find all credit notes of a client or of an invoice, refunds that are due",
        ),
        "createCreditNote": Words(
            "Draft a credit note",
            "Makes a draft for an invoice that was sent, also if it is paid. `items` names parts of its lines, "
            "`amount` an amount with taxes; without both, the note takes all that is left. The taxes are those of the "
            "invoice, in the same proportion, and all credit notes of an invoice together never take more than it "
            "comes to: one that takes the rest of a line takes it to the paisa. A draft changes no invoice.",
            search_words="create add make raise a new credit note, refund a client, return of goods, correct, lower or "
            "reduce an invoice that was sent or paid, cancel a part of an invoice",
        ),
        "getCreditNote": Words(
            "Get a credit note",
            common.GET,
            search_words="get fetch one single credit note by id",
        ),
        "getCreditNotePdf": Words(
            "Download a credit note as a PDF",
            common.PDF.format(kind="credit note", issued="issued"),
            search_words="download print get the PDF of a credit note, printable document, file for the customer",
        ),
        "updateCreditNote": Words(
            "Change, issue or void a credit note",
            common.UPDATE.format(steps="`issued` or `void`", fields=note.UPDATE_FIELDS)
            + f" {note.ISSUE.format(noun='invoice')} {note.WRITTEN_OFF} "
            "A note of which something was refunded cannot become void.",
            search_words="issue, send, edit, change, update, cancel, delete, remove, void a credit note",
        ),
        "recordCreditNoteRefund": Words(
            "Record a refund of a credit note",
            "Records money that you gave back. What exceeds the balance of the invoice is `refundDue`, and a refund is "
            "at most that. A refund is never changed or deleted: reverse it. "
            "While something of the invoice is due, it is refused.",
            search_words="record a refund, give money back to the client, pay back a credit note",
        ),
        "reverseCreditNoteRefund": note.reversal_of_refund("credit note"),
        "listCreditNoteEvents": Words(
            "List a credit note's events",
            common.OBJECT_EVENTS,
            search_words="history of changes of a single credit note",
        ),
    },
    fields=note.FIELDS
    | note.OF_INVOICE
    | note.LOWERING
    | note.refund_fields("CreditNote")
    | {
        "number": (
            "The note's number; null in a draft. Issuing takes the next one of the series of credit notes of the "
            "financial year, such as `CN-2026-27-0001`."
        ),
        "invoiceId": "The id of the invoice that the note lowers.",
        "UpdateCreditNote.status": "The status to set: `issued` issues a draft, `void` cancels it.",
    },
    field_examples=note.FIELD_EXAMPLES,
    statuses={
        "draft": "The note is being prepared. It has no number yet, and the invoice is as it was.",
        "issued": "The note has its number, and the invoice is lowered by it.",
        "void": "The note is cancelled for good: the invoice is as it would be without it. Its number stays taken.",
    },
    parameters=note.LOWERING_PARAMETERS
    | {
        "clientId": "Only credit notes of this client. The id of a party and its `externalId` find the notes of both.",
        "invoiceId": "Only credit notes of this invoice.",
    },
    before=("createInvoice", "updateInvoice", "recordInvoicePayment"),
    examples={
        "createCreditNote": _CREATE,
        "updateCreditNote": {"status": "issued"},
        **note.refund_examples("CreditNote", "UTR7001"),
    },
    scopes=document.SCOPES,
)
