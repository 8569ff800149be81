"""Request bodies, and objects in each status, made through the API."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from domain.calendar import day_in
from tests.support.client import Api

_SERIAL = count(1)
LINE = {"description": "Consulting", "quantity": 20, "unitPrice": 3500, "taxRate": 18}


def invoice_body(**changes: Any) -> dict[str, Any]:
    """Return the body of a valid invoice of 82600.00 INR. A field with the value None is left out."""
    body = {
        "clientId": "acme",
        "clientName": "Acme Traders",
        "invoiceDate": "2026-01-10",
        "dueDate": "2099-01-31",
        "items": [LINE],
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def draft_invoice(api: Api, **changes: Any) -> dict[str, Any]:
    return api.create("invoices", invoice_body(**changes))


def sent_invoice(api: Api, **changes: Any) -> dict[str, Any]:
    return api.update(f"invoices/{draft_invoice(api, **changes)['id']}", {"status": "sent"})


def partially_paid_invoice(api: Api, amount: str = "1.00", **changes: Any) -> dict[str, Any]:
    return pay_invoice(api, sent_invoice(api, **changes), amount)


def paid_invoice(api: Api, **changes: Any) -> dict[str, Any]:
    sent = sent_invoice(api, **changes)
    return pay_invoice(api, sent, sent["balanceDue"])


def void_invoice(api: Api, **changes: Any) -> dict[str, Any]:
    return api.update(f"invoices/{draft_invoice(api, **changes)['id']}", {"status": "void"})


def pay_invoice(api: Api, invoice: dict[str, Any], amount: str, **fields: Any) -> dict[str, Any]:
    return api.create(f"invoices/{invoice['id']}/payments", {"amount": amount, "paidOn": "2026-01-20", **fields})


def written_off_invoice(api: Api, invoice: dict[str, Any], amount: str, kind: str = "write_off") -> dict[str, Any]:
    """Write an amount of an invoice off, or round it off; return the invoice."""
    return pay_invoice(api, invoice, amount, kind=kind, reference="Nobody pays it")


def reverse_payment(api: Api, collection: str, document: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Reverse the document's last payment; return the document."""
    path = f"{collection}/{document['id']}/payments/{document['payments'][-1]['id']}/reversal"
    return api.create(path, {"reason": "The cheque bounced", **fields})


INVOICES = {
    "draft": draft_invoice,
    "sent": sent_invoice,
    "partially_paid": partially_paid_invoice,
    "paid": paid_invoice,
    "void": void_invoice,
}
"""For each status, the function that makes an invoice in this status."""


def bill_body(**changes: Any) -> dict[str, Any]:
    """Return the body of a valid bill of 82600.00 INR, with a new number. A field with the value None is left out."""
    body = {
        "vendorId": "mills",
        "vendorName": "Mills & Sons",
        "billNumber": f"B-{next(_SERIAL)}",
        "billDate": "2026-01-10",
        "dueDate": "2099-01-31",
        "items": [LINE],
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def draft_bill(api: Api, **changes: Any) -> dict[str, Any]:
    return api.create("bills", bill_body(**changes))


def open_bill(api: Api, **changes: Any) -> dict[str, Any]:
    return api.update(f"bills/{draft_bill(api, **changes)['id']}", {"status": "open"})


def partially_paid_bill(api: Api, amount: str = "1.00", **changes: Any) -> dict[str, Any]:
    return pay_bill(api, open_bill(api, **changes), amount)


def paid_bill(api: Api, **changes: Any) -> dict[str, Any]:
    opened = open_bill(api, **changes)
    return pay_bill(api, opened, opened["balanceDue"])


def void_bill(api: Api, **changes: Any) -> dict[str, Any]:
    return api.update(f"bills/{draft_bill(api, **changes)['id']}", {"status": "void"})


def pay_bill(api: Api, bill: dict[str, Any], amount: str) -> dict[str, Any]:
    return api.create(f"bills/{bill['id']}/payments", {"amount": amount, "paidOn": "2026-01-20"})


BILLS = {
    "draft": draft_bill,
    "open": open_bill,
    "partially_paid": partially_paid_bill,
    "paid": paid_bill,
    "void": void_bill,
}
"""For each status, the function that makes a bill in this status."""


def leave_body(**changes: Any) -> dict[str, Any]:
    """Return the body of a valid leave of three days, of a new employee. A field with the value None is left out."""
    body = {
        "employeeId": f"emp-{next(_SERIAL)}",
        "employeeName": "Asha Rao",
        "type": "earned",
        "startDate": "2099-03-01",
        "endDate": "2099-03-03",
        "reason": "A wedding",
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def pending_leave(api: Api, **changes: Any) -> dict[str, Any]:
    return api.create("leaves", leave_body(**changes))


def decided_leave(api: Api, status: str, **changes: Any) -> dict[str, Any]:
    return api.update(f"leaves/{pending_leave(api, **changes)['id']}", {"status": status})


LEAVES = {
    "pending": pending_leave,
    "approved": lambda api, **changes: decided_leave(api, "approved", **changes),
    "denied": lambda api, **changes: decided_leave(api, "denied", **changes),
    "cancelled": lambda api, **changes: decided_leave(api, "cancelled", **changes),
}
"""For each status, the function that makes a leave in this status."""


def party_body(**changes: Any) -> dict[str, Any]:
    """Return the body of a valid party that is a client. A field with the value None is left out."""
    body = {"name": "Acme Traders", "roles": ["client"], **changes}
    return {name: value for name, value in body.items() if value is not None}


def active_party(api: Api, **changes: Any) -> dict[str, Any]:
    return api.create("parties", party_body(**changes))


def employee_body(**changes: Any) -> dict[str, Any]:
    """Return the body of a valid employee."""
    return {"name": "Asha Rao", **changes}


def active_employee(api: Api, **changes: Any) -> dict[str, Any]:
    return api.create("employees", employee_body(**changes))


def draft_credit_note(api: Api, **changes: Any) -> dict[str, Any]:
    """Make a draft of a credit note. A new invoice is sent for it, unless `invoiceId` names one."""
    invoice = changes.pop("invoiceId", None) or sent_invoice(api)["id"]
    return api.create("credit-notes", {"invoiceId": invoice, "reason": "Returned", **changes})


def issued_credit_note(api: Api, **changes: Any) -> dict[str, Any]:
    return api.update(f"credit-notes/{draft_credit_note(api, **changes)['id']}", {"status": "issued"})


def refunded_credit_note(api: Api) -> dict[str, Any]:
    """Make a credit note of a paid invoice, of which a part was refunded."""
    note = issued_credit_note(api, invoiceId=paid_invoice(api)["id"], amount="500.00")
    return api.create(f"credit-notes/{note['id']}/refunds", {"amount": "200.00"})


def reverse_refund(api: Api, collection: str, note: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Reverse the note's last refund; return the note."""
    path = f"{collection}/{note['id']}/refunds/{note['refunds'][-1]['id']}/reversal"
    return api.create(path, {"reason": "The transfer came back", **fields})


def void_credit_note(api: Api, **changes: Any) -> dict[str, Any]:
    return api.update(f"credit-notes/{issued_credit_note(api, **changes)['id']}", {"status": "void"})


def draft_debit_note(api: Api, **changes: Any) -> dict[str, Any]:
    """Make a draft of a debit note. A new invoice is sent for it, unless `invoiceId` names one."""
    invoice = changes.pop("invoiceId", None) or sent_invoice(api)["id"]
    body = {"invoiceId": invoice, "reason": "More was delivered", **changes}
    return api.create("debit-notes", body if "items" in body else {"amount": "118.00", **body})


def issued_debit_note(api: Api, **changes: Any) -> dict[str, Any]:
    return api.update(f"debit-notes/{draft_debit_note(api, **changes)['id']}", {"status": "issued"})


def void_debit_note(api: Api, **changes: Any) -> dict[str, Any]:
    return api.update(f"debit-notes/{issued_debit_note(api, **changes)['id']}", {"status": "void"})


def draft_vendor_credit(api: Api, **changes: Any) -> dict[str, Any]:
    """Make a draft of a vendor credit. A new bill is opened for it, unless `billId` names one."""
    bill = changes.pop("billId", None) or open_bill(api)["id"]
    return api.create(
        "vendor-credits", {"billId": bill, "number": f"CR-{next(_SERIAL)}", "reason": "Returned", **changes}
    )


def issued_vendor_credit(api: Api, **changes: Any) -> dict[str, Any]:
    return api.update(f"vendor-credits/{draft_vendor_credit(api, **changes)['id']}", {"status": "issued"})


def refunded_vendor_credit(api: Api) -> dict[str, Any]:
    """Make a vendor credit of a paid bill, of which a part was refunded."""
    note = issued_vendor_credit(api, billId=paid_bill(api)["id"], amount="500.00")
    return api.create(f"vendor-credits/{note['id']}/refunds", {"amount": "200.00"})


def void_vendor_credit(api: Api, **changes: Any) -> dict[str, Any]:
    return api.update(f"vendor-credits/{issued_vendor_credit(api, **changes)['id']}", {"status": "void"})


CREDIT_NOTES = {"draft": draft_credit_note, "issued": issued_credit_note, "void": void_credit_note}
"""For each status, the function that makes a credit note in this status."""
DEBIT_NOTES = {"draft": draft_debit_note, "issued": issued_debit_note, "void": void_debit_note}
VENDOR_CREDITS = {"draft": draft_vendor_credit, "issued": issued_vendor_credit, "void": void_vendor_credit}
NOTES = {"credit-notes": CREDIT_NOTES, "debit-notes": DEBIT_NOTES, "vendor-credits": VENDOR_CREDITS}
"""For each collection of notes, their makers."""

MAKERS = {"invoices": draft_invoice, "bills": draft_bill, "leaves": pending_leave}
"""For each collection, the function that makes an object in its first status."""
ISSUED = {"invoices": sent_invoice, "bills": open_bill}
"""For each collection, the function that makes a document that can be paid."""
BODIES = {"invoices": invoice_body, "bills": bill_body, "leaves": leave_body}
"""For each collection, the function that returns the body of a valid request."""


def where_it_is_noon() -> str:
    """Return a time zone in which it is about noon, so that no day ends while a test runs."""
    return f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"  # "Etc/GMT+5" is five hours behind UTC


def today(time_zone: str) -> date:
    """Return the day in the time zone; in its last minute the next day, so that no day ends during a test."""
    return day_in(time_zone, datetime.now(UTC) + timedelta(minutes=1))
