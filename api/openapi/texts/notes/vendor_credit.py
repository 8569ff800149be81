"""The texts of the API reference about vendor credits."""

from __future__ import annotations

from api.openapi.texts import common, document
from api.openapi.texts.notes import note
from api.openapi.texts.words import TagTexts, Words

_CREATE = {
    "billId": "bill_01KEXAMPLE0000000000000000",
    "number": "CR/77",
    "reason": "Twenty reams were damp",
    "items": [{"lineNumber": 1, "quantity": 20}],
}

VENDOR_CREDIT = TagTexts(
    tag="Vendor credits",
    about="The credit notes of your vendors: they lower a bill that was opened.",
    operations={
        "listVendorCredits": Words(
            "List vendor credits",
            common.LIST,
            search_words="list search filter find all vendor credits, credit notes of a vendor or of a bill",
        ),
        "createVendorCredit": Words(
            "Enter a vendor credit",
            "Enters a vendor's credit note for a bill that was opened, also if it is paid, as a draft. `number` is the "
            "vendor's own number, unique per vendor and year among vendor credits that are not void, in both "
            "spellings of the vendor's id. `items` names parts of the bill's lines, `amount` an amount with taxes; "
            "without both, it takes all that is left. The taxes are those of the bill, in the same proportion, and all "
            "vendor credits of a bill together never take more than it comes to. A draft changes nothing in the bill.",
            search_words="create add enter a vendor credit, supplier credit note, returned goods, debit a vendor, "
            "lower or reduce a bill that was opened or paid",
        ),
        "getVendorCredit": Words(
            "Get a vendor credit",
            common.GET,
            search_words="get fetch one single vendor credit by id",
        ),
        "updateVendorCredit": Words(
            "Change, issue or void a vendor credit",
            common.UPDATE.format(steps="`issued` or `void`", fields=note.UPDATE_FIELDS)
            + f" {note.ISSUE.format(noun='bill')} {note.WRITTEN_OFF} "
            "One of which something was refunded cannot become void.",
            search_words="issue, apply, edit, change, update, cancel, delete, remove, void a vendor credit",
        ),
        "recordVendorCreditRefund": Words(
            "Record a refund of a vendor credit",
            "Records money that the vendor gave back. What exceeds the balance of the bill is `refundDue`, and a "
            "refund is at most that. A refund is never changed or deleted: reverse it. "
            "While something of the bill is due, it is refused.",
            search_words="record a refund that a vendor has paid, money back from a supplier",
        ),
        "reverseVendorCreditRefund": note.reversal_of_refund("vendor credit"),
        "listVendorCreditEvents": Words(
            "List a vendor credit's events",
            common.OBJECT_EVENTS,
            search_words="history of changes of a single vendor credit",
        ),
    },
    fields=note.FIELDS
    | note.LOWERING
    | note.refund_fields("VendorCredit")
    | {
        "number": (
            "The vendor's own number of the credit note; unique per vendor and year among those not void. Case does "
            "not matter."
        ),
        "billId": "The id of the bill that the note lowers.",
        "billNumber": "The number of the bill.",
        "billDate": "The date of the bill, as it was when the note was issued.",
        "vendorId": "The id of the vendor, as the bill has it.",
        "vendorName": "The name of the vendor, as the bill has it.",
        "UpdateVendorCredit.status": "The status to set: `issued` lets a draft lower the bill, `void` cancels it.",
    },
    field_examples=note.FIELD_EXAMPLES,
    statuses={
        "draft": "The vendor credit is being entered. The bill is as it was.",
        "issued": "The bill is lowered by it.",
        "void": "It is cancelled for good: the bill is as it would be without it. Its number is free.",
    },
    parameters=note.LOWERING_PARAMETERS
    | {
        "vendorId": "Only those of this vendor. The id of a party and its `externalId` find the notes of both.",
        "billId": "Only those of this bill.",
    },
    before=("createBill", "updateBill", "recordBillPayment"),
    examples={
        "createVendorCredit": _CREATE,
        "updateVendorCredit": {"status": "issued"},
        **note.refund_examples("VendorCredit", "UTR7002"),
    },
    scopes=document.SCOPES,
)
