"""Texts of the API reference that are the same for all notes."""

from __future__ import annotations

from typing import Any

from api.openapi.texts import document
from api.openapi.texts.words import Words

UPDATE_FIELDS = (
    "In a draft, every field can be changed but the document that it corrects. After that, only `notes` and `metadata` "
    "can."
)
ISSUE = (
    "Issuing gives the note its number and changes the {noun}, in one step. A draft is issued exactly as it is shown. "
    "If less is left of a line by then, the request is refused with 422, which names the line and what is left; if the "
    "{noun} has changed so that the draft would come to something else, with 409: send `items`, `amount` or `date` "
    "again to compute it anew, and look at it. A note of a later day than today is refused with 422. An issued note "
    "never changes; one that was wrong is made `void`, which gives the {noun} back exactly what the note took."
)
WRITTEN_OFF = (
    "What was written off or rounded off is never refunded: a note that takes it is refused with 409 until that is "
    "reversed."
)
_REVERSE_REFUND = (
    "A refund is never deleted. A reversal takes it back: for a transfer that came back, or a refund that was entered "
    "wrongly. The refund stays in the list with `reversedAt`, `reversedOn` and `reversalReason`, and no longer counts: "
    "`amountRefunded` and `refundDue` follow, and without a refund that counts the note can be made void. `reversedOn` "
    "must be between the day of the refund and today, and is today when it is absent. A second reversal is refused "
    "with 409 `already_reversed`."
)

_OF_DOCUMENT = (
    "placeOfSupply", "supplyType", "stateTax", "gstTreatment", "reverseCharge", "taxSummary", "supplier", "recipient",
    "hsnSac", "cessRate", "currency",
    "PartySnapshot.name", "tradeName", "gstin", "stateCode", "stateName", "address", "PartySnapshot.email", "lutNumber",
    "TaxWarning.field", "TaxWarning.message",
)  # fmt: skip

FIELDS = {name: document.FIELDS[name] for name in _OF_DOCUMENT} | {
    "number": "The note's number; null in a draft.",
    "reason": "Why the document is corrected, as the note says it: 1 to 500 characters.",
    "date": (
        "The date of the note; today if it is absent. Not before the date of the document, and when the note is issued "
        "not after today."
    ),
    "items": (
        "The parts of the document's lines: 1 to 200, each line once. Without `items` and `amount`, the note takes all "
        "that is left."
    ),
    "lineNumber": "The number of the line of the document, from 1.",
    "NewNoteItem.quantity": "How many units of what is left of the line. Send either this or `amount`, or neither.",
    "NewNoteItem.amount": "An amount of money with taxes, at most what is left of the line.",
    "amount": (
        "An amount of money with taxes, in place of `items`: it is spread over the lines in proportion of what is left "
        "of each."
    ),
    "NoteItem.description": "What the line of the document says.",
    "NoteItem.quantity": "How many units the note is about; absent if it corrects the price alone.",
    "taxRate": "The tax of the line in percent.",
    "NoteItem.taxableAmount": "The part of the line's value before tax.",
    "taxableAmount": "The sum of the lines before tax.",
    "cgst": "Central tax (CGST), in the proportion of the document's. Present under GST.",
    "sgst": "State tax (SGST) or that of a union territory (UTGST), equal to `cgst`. Present under GST.",
    "igst": "Integrated tax (IGST), in the proportion of the document's. Present under GST.",
    "cess": "The compensation cess, in the proportion of the document's. Present under GST.",
    "taxPayableByRecipient": "The tax under reverse charge, in the proportion of the document's.",
    "taxAmount": "The tax of the line: the sum of its taxes.",
    "taxTotal": "The sum of the lines' taxes.",
    "untaxedAmount": (
        "An amount of money that changes no tax: all of a note with `taxAdjustment` false, or what a credit note takes "
        "back of such a debit note. It is a part of `totalAmount`, but not of `taxableAmount` or the taxes. Absent if "
        "there is none."
    ),
    "NoteItem.totalAmount": "The line with tax.",
    "totalAmount": "What the note comes to: the sum of the lines and `roundOff`.",
    "roundOff": (
        "The part of the document's own rounding: the note that takes the rest of all lines takes it. Absent if it is "
        "0."
    ),
    "taxAdjustment": (
        "Whether the note changes the tax of the document, or is about money alone: then its taxes are 0, and "
        "`untaxedAmount` has the whole amount, taxes included. It is true if it is not sent, but "
        "false after the day until which the CGST Act lets a note change the tax: 30 November after the financial year "
        "of the invoice, or the day on which the organization's annual return of that year was filed, if it is "
        "recorded and earlier. Who sends true after that day gets a warning with the note that is issued."
    ),
    "taxAdjustmentFrom": "`request` if the request has said it; otherwise absent.",
    "warnings": "What the law would want otherwise; absent if nothing.",
    "TaxWarning.code": "What it is about, as a word: `tax_adjustment_late`.",
    "notes": "Free text, which can be changed in every status.",
    "issuedAt": "When the note was issued, in UTC; null in a draft.",
    "voidedAt": "When the note was made void, in UTC; null if it is not void.",
}

LOWERING = {
    "amountApplied": "The part of the total that has lowered the balance of the document.",
    "amountRefunded": "The sum of the refunds that were not reversed.",
    "refundDue": "What is still to be refunded: what exceeded the balance of the document, less the refunds.",
    "refunds": "The refunds so far, also those that were reversed.",
    "Refund.id": "The refund's id.",
    "Refund.amount": "How much was refunded, in the note's currency.",
    "Refund.date": "The day of the refund.",
    "method": "The way of payment, such as upi, bank, cash or cheque; at most 50 characters of your own choice.",
    "reference": "Your reference of the refund, such as the bank's transaction number.",
    "recordedAt": "When the refund was recorded, in UTC.",
    "reversedAt": "When the reversal was recorded; null while the refund counts.",
    "reversedOn": "The day of the reversal; between the day of the refund and today.",
    "reversalReason": "Why the refund was reversed.",
}

OF_INVOICE = {
    "invoiceNumber": "The number of the invoice.",
    "invoiceDate": "The date of the invoice, as it was when the note was issued.",
    "clientId": "The id of the client, as the invoice has it.",
    "clientName": "The name of the client, as the invoice has it.",
}


def refund_fields(kind: str) -> dict[str, str]:
    """Return the texts of the fields of the two requests about a refund. `kind` is the name of the schema of a note."""
    return {
        f"Record{kind}Refund.amount": "How much was refunded; above 0 and at most `refundDue`.",
        f"Record{kind}Refund.date": "The day of the refund, from the note's to today; today if it is absent.",
        f"Reverse{kind}Refund.reason": "Why the refund is reversed, such as a transfer that came back.",
    }


def refund_examples(kind: str, reference: str) -> dict[str, Any]:
    """Return the examples of these requests."""
    return {
        f"record{kind}Refund": {"amount": "1000.00", "date": "{today}", "method": "upi", "reference": reference},
        f"reverse{kind}Refund": {"reason": "The transfer came back", "reversedOn": "{today}"},
    }


def reversal_of_refund(noun: str) -> Words:
    """Return the words of the operation that takes back a refund."""
    search_words = "reverse, take back, undo, delete or correct a refund; a transfer that came back, a typing error"
    return Words(f"Reverse a refund of a {noun}", _REVERSE_REFUND, search_words=search_words)


FIELD_EXAMPLES: dict[str, Any] = {
    name: example for name, example in document.FIELD_EXAMPLES.items() if name in FIELDS or "." in name
} | {
    "voidedAt": "{today}T04:35:00.000000Z",
    "notes": "The goods were damaged.",
    "metadata": {"returnId": "77"},
    "cgst": "315.00",
    "sgst": "315.00",
    "taxPayableByRecipient": "630.00",
    "untaxedAmount": "500.00",
    "roundOff": "0.21",
    "NewNoteItem.amount": "500.00",
    "taxAdjustment": True,
    "taxAdjustmentFrom": "request",
    "TaxWarning.code": "tax_adjustment_late",
    "TaxWarning.field": "taxAdjustment",
    "TaxWarning.message": "Section 34(2) of the CGST Act lets a credit note lower the tax until 2025-11-30.",
}

PARAMETERS = {
    "number": "Only the note with exactly this number.",
}
LOWERING_PARAMETERS = PARAMETERS | {
    "refundDue": "`true`: only notes of which something is to be refunded. `false`: only those of which nothing is.",
    "refundId": "The refund's id, from `refunds` of the object.",
}
