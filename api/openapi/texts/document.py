"""Texts that invoices and bills share."""

from __future__ import annotations

UPDATE_FIELDS = "A draft can be changed in every field; later its dates and notes can, and in the end its notes."
RECORD_PAYMENT = (
    "The amount is above zero and at most `balanceDue`; `paidOn` is not after today. The payment that settles the "
    "balance makes it `paid`. A payment cannot be taken back."
)

FIELDS = {
    "dueDate": "Not before the document's date.",
    "currency": "An ISO 4217 code.",
    "items": "The lines.",
    "payments": "What was paid so far.",
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
    "balanceDue": "What is left to be paid.",
    "isOverdue": "Whether the due date has passed while it waits for payment.",
    "paidOn": "The day of the payment, not after today.",
    "method": "How it was paid, such as upi or bank.",
    "reference": "The payment's own reference.",
}

PARAMETERS = {
    "dueFrom": "Due on this day or later.",
    "dueTo": "Due on this day or earlier.",
    "overdue": "Overdue ones alone, or the others.",
}
