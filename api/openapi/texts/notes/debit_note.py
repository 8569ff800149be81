"""The texts of the API reference about debit notes."""

from __future__ import annotations

from api.openapi.texts import common, document
from api.openapi.texts.notes import note
from api.openapi.texts.words import TagTexts, Words

_CREATE = {
    "invoiceId": "inv_01KEXAMPLE0000000000000000",
    "reason": "Two more were delivered",
    "items": [{"lineNumber": 1, "quantity": 2}],
}

DEBIT_NOTE = TagTexts(
    tag="Debit notes",
    about="They raise an invoice that was sent and charged too little.",
    operations={
        "listDebitNotes": Words(
            "List debit notes",
            common.LIST,
            search_words="list search filter find all debit notes of a client or of an invoice",
        ),
        "createDebitNote": Words(
            "Draft a debit note",
            "Makes a draft for an invoice that was sent, also if it is paid. `items` names lines and how much more is "
            "charged, as a quantity at the price of the line or as an amount with taxes; `amount` is spread over the "
            "lines by what each comes to. One of the two is required. The taxes are those of the invoice, at the rates "
            "of each line. A draft changes nothing in the invoice.",
            search_words="create add make raise a new debit note, supplementary invoice, charge more, increase an "
            "invoice that was sent or paid",
        ),
        "getDebitNote": Words(
            "Get a debit note",
            common.GET,
            search_words="get fetch one single debit note by id",
        ),
        "getDebitNotePdf": Words(
            "Download a debit note as a PDF",
            common.PDF.format(kind="debit note", issued="issued"),
            search_words="download print get the PDF of a debit note, printable document, file for the customer",
        ),
        "updateDebitNote": Words(
            "Change, issue or void a debit note",
            common.UPDATE.format(steps="`issued` or `void`", fields=note.UPDATE_FIELDS)
            + " Issuing gives the note its number and raises the invoice, in one step; a paid invoice is owed again. "
            "A note of a later day than today is refused with 422. "
            "An issued note never changes; one that was wrong is made `void`. This is refused with 409 if less than it "
            "has added is still due, or if a credit note has taken something of it.",
            search_words="issue, send, edit, change, update, cancel, delete, remove, void a debit note",
        ),
        "listDebitNoteEvents": Words(
            "List a debit note's events",
            common.OBJECT_EVENTS,
            search_words="history of changes of a single debit note",
        ),
    },
    fields=note.FIELDS
    | note.OF_INVOICE
    | {
        "number": (
            "The note's number; null in a draft. Issuing takes the next one of the series of debit notes of the "
            "financial year, such as `DN-2026-27-0001`."
        ),
        "items": "The lines and how much more is charged: 1 to 200, each line once. Required without `amount`.",
        "NewNoteItem.quantity": "How many units more, at the price of the line. Send either this or `amount`.",
        "NewNoteItem.amount": "An amount of money with taxes.",
        "amount": "An amount of money with taxes, in place of `items`: it is spread over the lines by their totals.",
        "roundOff": "Never present: a debit note is not rounded off.",
        "taxAdjustment": (
            "Whether the note changes the tax of the invoice, as usual, or is about money alone. The law sets no time "
            "limit for a debit note."
        ),
        "invoiceId": "The id of the invoice that the note raises.",
        "UpdateDebitNote.status": "The status to set: `issued` issues a draft, `void` cancels it.",
    },
    field_examples=note.FIELD_EXAMPLES,
    statuses={
        "draft": "The note is being prepared. It has no number yet, and the invoice is as it was.",
        "issued": "The note has its number, and the invoice is raised by it.",
        "void": "The note is cancelled for good: the invoice is as it would be without it. Its number stays taken.",
    },
    parameters=note.PARAMETERS
    | {
        "clientId": "Only debit notes of this client. The id of a party and its `externalId` find the notes of both.",
        "invoiceId": "Only debit notes of this invoice.",
    },
    before=("createInvoice", "updateInvoice"),
    examples={"createDebitNote": _CREATE, "updateDebitNote": {"status": "issued"}},
    scopes=document.SCOPES,
)
