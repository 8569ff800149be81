"""The texts of the API reference about bills."""

from __future__ import annotations

from api.openapi.texts import common, document
from api.openapi.texts.words import TagTexts, Words

BILL = TagTexts(
    tag="Bills",
    about="What vendors are owed: enter, open, pay, void.",
    operations={
        "listBills": Words(
            "List bills",
            common.LIST,
            search_words="list search filter find all overdue bills of a vendor, due this week",
        ),
        "createBill": Words(
            "Enter a vendor's bill",
            "Makes a draft of a vendor's bill. "
            "`billNumber` is the vendor's own number. It is unique per vendor and year among bills that are not "
            "void; upper and lower case count as the same. The totals are computed as for invoices.",
            search_words="create make add enter record a new bill of a vendor or supplier, purchase",
        ),
        "getBill": Words(
            "Get a bill",
            common.GET,
            search_words="get fetch one single bill by id",
        ),
        "updateBill": Words(
            "Change, open or void a bill",
            common.UPDATE.format(steps="`open` or `void`", fields=document.UPDATE_FIELDS),
            search_words="open, edit, update, cancel, delete, remove, void a bill",
        ),
        "recordBillPayment": Words(
            "Record a payment of a bill",
            document.RECORD_PAYMENT,
            search_words="mark a bill as paid, record add enter payment made to a vendor, pay a supplier, "
            "TDS deducted, tax withheld, write off or round off the rest",
        ),
        "reverseBillPayment": Words(
            "Reverse a payment of a bill",
            document.REVERSE_PAYMENT.format(issued="open"),
            search_words="reverse, take back, undo, refund, delete or correct a payment; a cheque that bounced, "
            "chargeback",
        ),
        "listBillEvents": Words(
            "List a bill's events",
            common.OBJECT_EVENTS,
            search_words="history of changes of a single bill",
        ),
    },
    fields=document.FIELDS
    | {
        "vendorId": (
            "Your own id of the vendor: any text of 1 to 64 letters, digits, `-` and `_`. Nothing has to be created "
            "first. Bills with the same id belong together. Or the id of a party that is a vendor (`party_…`): it must "
            "be one of yours, and active."
        ),
        "vendorName": "The vendor's name, as people read it; that of the party if it is absent.",
        "UpdateBill.status": "The status to set: `open` accepts a draft, `void` cancels it. Payments set the others.",
        "openedAt": "When the bill was opened, in UTC; null in a draft.",
        "billNumber": "The vendor's own number; unique per vendor and year among bills not void. Case does not matter.",
        "billDate": "The date that the vendor wrote on the bill.",
    },
    field_examples=document.FIELD_EXAMPLES,
    statuses={
        "draft": "The bill is entered, but not yet accepted: every field can change, and nothing is due yet.",
        "open": "You have accepted the bill, and owe the total. Number, vendor, currency and lines no longer change.",
        **document.STATUSES,
        "void": "The bill is cancelled for good: nothing is due. Its number is free, so you can enter the bill again.",
    },
    parameters=document.PARAMETERS
    | {
        "vendorId": "Only this vendor's bills. The id of a party and its `externalId` find the bills of both.",
    },
    examples={
        "createBill": {
            "vendorId": "shree-papers",
            "vendorName": "Shree Papers",
            "billNumber": "SP/118",
            "billDate": "{today-2}",
            "dueDate": "{today+28}",
            "items": [{"description": "A4 paper, reams", "quantity": "30", "unitPrice": "245.50", "taxRate": "12"}],
            "metadata": {"purchaseOrder": "PO-77"},
        },
        "updateBill": {"status": "open"},
        "recordBillPayment": {"amount": "5000.00", "paidOn": "{today}", "method": "bank"},
        "reverseBillPayment": {"reason": "Paid from the wrong account", "reversedOn": "{today}"},
    },
    scopes=document.SCOPES,
)
