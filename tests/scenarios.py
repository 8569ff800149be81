"""Named starting states, reached through the API."""

from __future__ import annotations

from typing import Any

from tests.support import Api

LINE = {"description": "Consulting", "quantity": 20, "unitPrice": 3500, "taxRate": 18}


def invoice_body(**changes: Any) -> dict[str, Any]:
    """The body of a good invoice, 82600.00 INR in all; a field that is given as None is left out."""
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
    return api.made("invoices", invoice_body(**changes))


def sent_invoice(api: Api, **changes: Any) -> dict[str, Any]:
    return api.patched(f"invoices/{draft_invoice(api, **changes)['id']}", {"status": "sent"})


def partially_paid_invoice(api: Api, amount: str = "1.00", **changes: Any) -> dict[str, Any]:
    return pay_invoice(api, sent_invoice(api, **changes), amount)


def paid_invoice(api: Api, **changes: Any) -> dict[str, Any]:
    sent = sent_invoice(api, **changes)
    return pay_invoice(api, sent, sent["balanceDue"])


def void_invoice(api: Api, **changes: Any) -> dict[str, Any]:
    return api.patched(f"invoices/{draft_invoice(api, **changes)['id']}", {"status": "void"})


def pay_invoice(api: Api, invoice: dict[str, Any], amount: str) -> dict[str, Any]:
    return api.made(f"invoices/{invoice['id']}/payments", {"amount": amount, "paidOn": "2026-01-20"})


INVOICES = {
    "draft": draft_invoice,
    "sent": sent_invoice,
    "partially_paid": partially_paid_invoice,
    "paid": paid_invoice,
    "void": void_invoice,
}
"""How an invoice in each status is made."""
