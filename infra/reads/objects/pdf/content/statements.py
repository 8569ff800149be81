"""The sentences that the CGST Rules want on a document, from what the document says of its supply."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.reads.objects.pdf.content.figures import decimal, money

REVERSE_CHARGE = "Tax is payable on reverse charge by the recipient"
"""Rule 46(p)."""
COMPOSITION = "Composition taxable person, not eligible to collect tax on supplies"
"""Rule 5(1)(f)."""
_EXPORT, _SEZ = "EXPORT", "SUPPLY TO SEZ UNIT OR SEZ DEVELOPER FOR AUTHORISED OPERATIONS"
ON_PAYMENT = "SUPPLY MEANT FOR {what} ON PAYMENT OF INTEGRATED TAX"
WITHOUT_PAYMENT = "SUPPLY MEANT FOR {what} UNDER BOND OR LETTER OF UNDERTAKING WITHOUT PAYMENT OF INTEGRATED TAX"
"""The endorsements of rule 46, third proviso."""


def statements_of(document: Mapping[str, Any]) -> list[str]:
    """Return the sentences, in the order in which they are printed."""
    return [each for each in (_reverse_charge(document), _zero_rated(document), _composition(document)) if each]


def _reverse_charge(document: Mapping[str, Any]) -> str:
    if not document.get("reverseCharge"):
        return ""
    payable = document.get("taxPayableByRecipient")
    return REVERSE_CHARGE + ("." if payable is None else f": {money(payable, document['currency'])}.")


def _zero_rated(document: Mapping[str, Any]) -> str:
    what = {"overseas": _EXPORT, "sez": _SEZ}.get(document.get("gstTreatment") or "")
    if what is None or document.get("documentType") != "tax_invoice":
        return ""
    if decimal(document.get("igst")):
        return ON_PAYMENT.format(what=what)
    lut = (document.get("supplier") or {}).get("lutNumber")
    return WITHOUT_PAYMENT.format(what=what) + (f" (LUT {lut})" if lut else "")


def _composition(document: Mapping[str, Any]) -> str:
    supplier = document.get("supplier") or {}
    return COMPOSITION if document.get("documentType") == "bill_of_supply" and supplier.get("composition") else ""
