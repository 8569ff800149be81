"""Texts of the API reference that are the same for invoices and bills."""

from __future__ import annotations

from typing import Any

from domain.money import DEFAULT_CURRENCY, MINOR_UNITS

UPDATE_FIELDS = (
    "In a draft, every field can be changed. After that, only the dates and the notes can be changed; in a document "
    "that is paid or void, only the notes. `metadata` can be changed at any time."
)
RECORD_PAYMENT = (
    "Adds a payment, or another part of the balance that is settled. "
    "`amount` must be greater than zero and at most `balanceDue`; `paidOn` must not be after today. The payment that "
    "settles the balance sets the status to `paid`.\n\n`kind` is one of these: `payment` is money; `tds` is tax that "
    "the payer withheld; `write_off` and `round_off` are a remainder that nobody pays, and their `reference` says why. "
    "`amountPaid` sums the payments in money, `amountSettled` the other kinds. A second payment with the same "
    "`reference`, `kind`, amount and day is refused with 409 `duplicate_payment`. A payment is never changed or "
    "deleted: reverse it."
)
REVERSE_PAYMENT = (
    "Takes a payment back: "
    "for a cheque that bounced, or a payment that was entered wrongly. Payments of every `kind` can be reversed. "
    "The payment stays in the list with `reversedAt`, `reversedOn` and `reversalReason`, and no longer counts: the "
    "balance, the status, `isOverdue` and `paidAt` change at once. When no payment counts any more, the status is "
    "`{issued}` again, and `void` can be set. `reversedOn` must be between `paidOn` and today, and is today when it is "
    "absent. A second reversal is refused with 409 `already_reversed`."
)

SCOPES = {
    "billing:read": "See invoices and bills, their payments, credit and debit notes, parties, and their history.",
    "billing:write": (
        "Create, change, send and void invoices, bills, credit and debit notes, record and reverse payments, record "
        "refunds, add and change parties, but not read them."
    ),
}

FIELDS = {
    "dueDate": "The last day on which payment is on time; not before the date of the document itself.",
    "currency": (
        f"The ISO 4217 code of the currency of all amounts: `{DEFAULT_CURRENCY}` when it is absent, or one of "
        f"{len(MINOR_UNITS)} codes such as `USD`, `EUR`, `AED` or `JPY`. It decides how many decimals amounts have."
    ),
    "items": "The line items: 1 to 200.",
    "LineItem.description": "What was sold or bought.",
    "NewLineItem.description": "What was sold or bought.",
    "payments": "The payments so far, also those that were reversed.",
    "Payment.id": "The payment's id; a reversal names it in its path.",
    "notes": "Free text, which can be changed in every status.",
    "quantity": "How many units: more than 0, with at most 3 decimals.",
    "unitPrice": "The price of one unit before tax; at most 4 decimals.",
    "taxRate": "The tax in percent, such as 18 for 18 % GST; 0 to 100, at most 3 decimals.",
    "hsnSac": "The HSN or SAC code of goods or services: 4, 6 or 8 digits, as a string.",
    "amount": "How much was paid or settled, in the document's currency; above 0 and at most `balanceDue`.",
    "LineItem.amount": "The line before tax: `quantity` × `unitPrice`, rounded half up.",
    "taxAmount": "The tax of the line: `amount` (already rounded) × `taxRate` / 100, rounded half up.",
    "discount": (
        "A discount before tax: an object with either `percent` or `amount`. On the document, it is spread over the "
        "lines by their value. It needs no GSTIN."
    ),
    "percent": "A percentage of the value: 0 to 100, at most 3 decimals. Either this or `amount` is there.",
    "Discount.amount": "An amount in the document's currency, at most the value that it reduces.",
    "NewDiscount.amount": "An amount in the document's currency, at most the value that it reduces.",
    "discountAmount": (
        "By how much discounts reduce the line: its own, and its share of the document's. Absent without a discount."
    ),
    "discountTotal": "By how much discounts reduce the document: the sum of `discountAmount` of the lines.",
    "taxableAmount": "The value on which tax is computed: what discounts leave. Absent without GST and discounts.",
    "cgst": "Central tax (CGST): half the rate within a State, rounded half up in each line. Present under GST.",
    "sgst": (
        "State tax (SGST), or the tax of a union territory (UTGST, see `stateTax`): always equal to `cgst`. Present "
        "under GST."
    ),
    "igst": "Integrated tax (IGST), for a supply to another State or country, or to an SEZ. Present under GST.",
    "cess": "The compensation cess: the taxable amount × `cessRate` / 100. Present under GST.",
    "cessRate": "The compensation cess in percent; 0 to 100, at most 3 decimals. It needs your organization's GSTIN.",
    "taxPayableByRecipient": "The tax that the recipient pays to the government. Present under reverse charge.",
    "roundOff": "By how much the total was rounded off to whole units of the currency; absent if it was not asked for.",
    "DraftInvoice.roundOff": "`nearest` rounds the total to whole units of the currency, and says by how much.",
    "UpdateInvoice.roundOff": "`nearest` rounds the total to whole units of the currency; null no longer rounds it.",
    "DraftBill.roundOff": "`nearest` rounds the total to whole units of the currency, and says by how much.",
    "UpdateBill.roundOff": "`nearest` rounds the total to whole units of the currency; null no longer rounds it.",
    "placeOfSupply": (
        "The GST code of the State in which it is supplied, such as `27`; `96` is another country. If it is not sent, "
        "it is that of the client's party, else that of your organization; on a bill, that of your organization."
    ),
    "placeOfSupplyFrom": "Where the place was taken from: the `request`, the `party`, or your `organization`.",
    "supplyType": (
        "`intra_state`: CGST and SGST; `inter_state`: IGST; `zero_rated`: an export or a supply to an SEZ without "
        "payment of tax, under your letter of undertaking. Present under GST."
    ),
    "stateTax": "What `sgst` is: `UTGST` in a union territory without a legislature, otherwise `SGST`.",
    "documentType": (
        "`tax_invoice`, or `bill_of_supply` if you pay a composition levy or if the supply is wholly exempt. Present "
        "under GST."
    ),
    "gstTreatment": "How GST treats the other party: that of its party, else `unregistered`. Present under GST.",
    "reverseCharge": (
        "Whether the recipient pays the tax to the government: then the taxes in the total are 0, and "
        "`taxPayableByRecipient` has them. It needs your organization's GSTIN."
    ),
    "taxSummary": "The taxable amounts and taxes by HSN or SAC code and by rate. Present under GST.",
    "supplier": (
        "Who supplies, as it was when the document was sent or opened: your organization, on a bill the vendor. Absent "
        "in a draft, and if nothing was known."
    ),
    "recipient": (
        "Who is supplied, as it was when the document was sent or opened: the client, on a bill your organization. "
        "Absent in a draft, and if nothing was known; null after it was erased."
    ),
    "warnings": "What rule 46 of the CGST Rules wants on the invoice that was sent, and it lacks; absent if nothing.",
    "TaxWarning.code": "What is missing, as a word: `recipient_address_missing`, for example.",
    "TaxWarning.field": "Where it would stand.",
    "TaxWarning.message": "What is missing, and what to do.",
    "PartySnapshot.name": "The name, for an organization its legal name.",
    "tradeName": "The name under which it trades.",
    "gstin": "The GSTIN; absent without one.",
    "stateCode": "The GST code of the State, such as `27`.",
    "stateName": "The name of the State, such as Maharashtra.",
    "address": "The address; lines are separated by line breaks.",
    "PartySnapshot.email": "The e-mail address.",
    "lutNumber": "The number of the letter of undertaking under which exports are made without payment of tax.",
    "subTotal": "The sum of the lines before tax and before discounts.",
    "taxTotal": "The sum of the lines' taxes; under GST, `cgst` + `sgst` + `igst` + `cess`.",
    "totalAmount": "What is to be paid in all: `subTotal` − `discountTotal` + `taxTotal` + `roundOff`.",
    "LineItem.totalAmount": "The line with tax: `amount` + `taxAmount`, less the discounts.",
    "amountPaid": "The sum of the payments in money that were not reversed.",
    "amountSettled": "The sum that was settled without money: withheld tax, amounts written off or rounded off.",
    "balanceDue": (
        "What is still to be paid: `totalAmount` + `amountDebited` − `amountPaid` − `amountSettled` − `amountCredited`."
    ),
    "amountCredited": "By how much credit notes have lowered the balance; absent without one.",
    "amountDebited": "By how much debit notes have raised the balance; absent without one.",
    "corrections": "The notes that were issued for this document; absent without one. Those made void do not count.",
    "Correction.id": "The id of the note.",
    "Correction.kind": "The type of the note: `credit_note`, for example.",
    "Correction.number": "The number of the note.",
    "Correction.amount": "What the note comes to.",
    "appliedAmount": "The part of the note that has changed the balance; the rest is refunded.",
    "Correction.roundOff": "The part of the document's own rounding that the note took; absent if it is 0.",
    "Correction.recordedAt": "When the note was issued, in UTC.",
    "Correction.reversedAt": "When the note was made void, in UTC; absent while it counts.",
    "correctedLines": (
        "By how much the notes that count have changed each line in all: below 0 where they have lowered it. So the "
        "line and this are what is left of it. What was not changed is absent; once all notes of a line are void, its "
        "number stands alone. What each note has changed is in the note."
    ),
    "CorrectedLine.lineNumber": "The number of the line, from 1.",
    "CorrectedLine.quantity": "By how many units.",
    "CorrectedLine.taxableAmount": "By how much the value before tax.",
    "CorrectedLine.taxAmount": "By how much the tax of a line without GST.",
    "untaxedAmount": (
        "An amount of money that has changed no tax (a note with `taxAdjustment` false): it counts in what is due, and "
        "not in the taxes of the line."
    ),
    "isOverdue": "Whether the due date has passed and a balance is still due.",
    "paidAt": "When the balance became zero, in UTC; null while something is due.",
    "voidedAt": "When the document was made void, in UTC; null if it is not void.",
    "paidOn": "The day of the payment; not after today.",
    "method": "The way of payment, such as upi, bank, cash or cheque; at most 50 characters of your own choice.",
    "reference": (
        "Your reference of the payment, such as the bank's transaction number. It is required for `write_off` and "
        "`round_off`, where it says why nobody pays the amount."
    ),
    "kind": "`payment`, `tds` (tax withheld), `write_off` or `round_off`.",
    "recordedAt": "When the payment was recorded, in UTC.",
    "reversedAt": "When the reversal was recorded; null while the payment counts.",
    "reversedOn": "The day of the reversal; between `paidOn` and today.",
    "reversalReason": "Why the payment was reversed.",
    "reason": "Why the payment is reversed, such as a bounced cheque.",
}

FIELD_EXAMPLES: dict[str, Any] = {
    "hsnSac": "998311",
    "notes": "Thank you for your order.",
    "paidAt": "{today}T04:32:00.000000Z",
    "voidedAt": "{today}T04:35:00.000000Z",
    "metadata": {"orderId": "1042"},
    "discount": {"percent": "10"},
    "percent": "10",
    "Discount.amount": "500.00",
    "NewDiscount.amount": "500.00",
    "discountAmount": "7000.00",
    "discountTotal": "7000.00",
    "taxableAmount": "63000.00",
    "cgst": "5670.00",
    "sgst": "5670.00",
    "igst": "0.00",
    "cessRate": "12",
    "cess": "0.00",
    "taxPayableByRecipient": "11340.00",
    "roundOff": "0.21",
    "DraftInvoice.roundOff": "nearest",
    "UpdateInvoice.roundOff": "nearest",
    "DraftBill.roundOff": "nearest",
    "UpdateBill.roundOff": "nearest",
    "placeOfSupply": "27",
    "placeOfSupplyFrom": "party",
    "supplyType": "intra_state",
    "stateTax": "SGST",
    "documentType": "tax_invoice",
    "gstTreatment": "registered",
    "reverseCharge": False,
    "supplier": {"name": "Sharma Textiles", "gstin": "27AAPFU0939F1ZV", "stateCode": "27"},
    "recipient": {"name": "Acme Traders", "stateCode": "27", "gstTreatment": "unregistered"},
    "TaxSummaryEntry.taxRate": "18",
    "TaxWarning.code": "recipient_address_missing",
    "TaxWarning.field": "recipient.address",
    "TaxWarning.message": "Rule 46(d) wants the address of the client.",
    "PartySnapshot.name": "Acme Traders",
    "tradeName": "Acme",
    "gstin": "27AAPFU0939F1ZV",
    "stateCode": "27",
    "stateName": "Maharashtra",
    "address": "12 Market Road\nPune 411001",
    "PartySnapshot.email": "accounts@acme.example",
    "lutNumber": "AD270326000001A",
    "amountCredited": "8260.00",
    "amountDebited": "0.00",
    "Correction.id": "cn_01KEXAMPLE0000000000000000",
    "Correction.kind": "credit_note",
    "Correction.number": "CN-2026-27-0001",
    "Correction.amount": "8260.00",
    "appliedAmount": "8260.00",
    "Correction.recordedAt": "{today}T04:40:00.000000Z",
    "Correction.reversedAt": "{today}T04:45:00.000000Z",
    "CorrectedLine.lineNumber": 1,
    "CorrectedLine.quantity": "2",
    "CorrectedLine.taxableAmount": "7000.00",
    "CorrectedLine.taxAmount": "1260.00",
    "untaxedAmount": "500.00",
}

STATUSES = {
    "partially_paid": "A part of the total is paid or settled, and a balance is still due.",
    "paid": "Nothing is left to pay. When a payment is reversed, its amount is due again. A total of zero is paid at "
    "once.",
}

PARAMETERS = {
    "paymentId": "The payment's id, from `payments` of the object.",
    "dueFrom": "Only documents that are due on or after this day.",
    "dueTo": "Only documents that are due on or before this day; not before `dueFrom`.",
    "overdue": "`true`: only documents that are overdue. `false`: only documents that are not.",
}
