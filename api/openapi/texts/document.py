"""Texts that invoices and bills share."""

from __future__ import annotations

UPDATE_FIELDS = (
    "In a draft every field can be changed; after that the dates and notes, and once it is paid or void the notes "
    "alone."
)
RECORD_PAYMENT = (
    "`amount` must be greater than zero and at most `balanceDue`; `paidOn` must not be after today. The payment that "
    "settles the balance sets the status to `paid`. A payment cannot be undone."
)

SCOPES = {
    "billing:read": "See invoices and bills, their payments and their history.",
    "billing:write": "Create, change, send and void invoices and bills, and record payments, but not read them.",
}

FIELDS = {
    "dueDate": "Not before the date of the document itself.",
    "currency": "An ISO 4217 code.",
    "items": "The line items.",
    "payments": "The payments so far.",
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
    "balanceDue": "The amount that is still to be paid.",
    "isOverdue": "Whether the due date has passed and a balance is still due.",
    "paidOn": "The day of the payment; not after today.",
    "method": "How it was paid, such as upi or bank.",
    "reference": "Your reference of the payment, such as the bank's transaction number.",
}

PARAMETERS = {
    "dueFrom": "Only documents that are due on or after this day.",
    "dueTo": "Only documents that are due on or before this day; not before `dueFrom`.",
    "overdue": "`true` for overdue documents only, `false` for all others.",
}
