"""How a document is paid: the UPI id with its QR code, and the bank."""

from __future__ import annotations

import io
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import segno

from infra.reads.objects.pdf.content.figures import decimal

_MAX_PAYEE, _MAX_NOTE = 99, 50


def payment_of(
    document: Mapping[str, Any], upi_id: str | None, bank: str | None, payee: str, number: str
) -> dict[str, str] | None:
    """Return how the balance can be paid; None if nothing is known of it, or if nobody owes anything."""
    if document["status"] in ("draft", "void") or decimal(document["balanceDue"]) <= 0 or not (upi_id or bank):
        return None
    with_upi = upi_id if document["currency"] == "INR" else None
    link = with_upi and upi_link(with_upi, payee, str(document["balanceDue"]), number)
    return {"upi": with_upi or "", "qr": _svg(link) if link else "", "bank": bank or ""}


def payment_key(payment: Mapping[str, str] | None) -> str:
    """Return a key of what a document says of the organization's UPI id and bank; empty if it says nothing.

    Both are facts of the present, and no part of the document. The other values of the QR code are in the document.
    """
    if payment is None:
        return ""
    return sha256(f"{payment['upi']}\n{payment['bank']}".encode()).hexdigest()


def upi_link(upi_id: str, payee: str, amount: str, number: str) -> str:
    """Return the link of a payment in the form of NPCI's UPI linking specification, which QR codes hold."""
    values = {"pa": upi_id, "pn": payee[:_MAX_PAYEE], "am": amount, "cu": "INR", "tn": number[:_MAX_NOTE]}
    return "upi://pay?" + "&".join(f"{name}={quote(value, safe='@.-')}" for name, value in values.items())


def _svg(link: str) -> str:
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="svg", border=0, xmldecl=False, svgns=True)
    return out.getvalue().decode()
