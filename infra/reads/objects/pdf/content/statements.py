"""The sentences that the CGST Rules want on a document, from what the document says of its supply."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.documents.pricing import BILL_OF_SUPPLY, TAX_INVOICE
from domain.tax.parties import COMPOSITION, SEZ
from domain.tax.rules import COMPOSITION_WORDS, EXPORT_WITH_TAX, EXPORT_WITHOUT_TAX, REVERSE_CHARGE_WORDS
from domain.tax.states import OVERSEAS
from domain.tax.supply import ZERO_RATED
from infra.reads.objects.pdf.content.figures import money

Document = Mapping[str, Any]


def statements_of(document: Document) -> list[str]:
    """Return the sentences, in the order in which they are printed."""
    return [each for each in (_reverse_charge(document), _export(document), _composition(document)) if each]


def _reverse_charge(document: Document) -> str:
    if not document.get("reverseCharge"):
        return ""
    payable = document.get("taxPayableByRecipient")
    tax = "" if payable is None else f"; tax payable by the recipient: {money(payable, document['currency'])}"
    return f"{REVERSE_CHARGE_WORDS.words}{tax}."


def _export(document: Document) -> str:
    is_export = document.get("placeOfSupply") == OVERSEAS or document.get("gstTreatment") == SEZ
    if document.get("documentType") != TAX_INVOICE or not is_export:
        return ""
    if document.get("supplyType") != ZERO_RATED:
        return EXPORT_WITH_TAX.words
    lut = (document.get("supplier") or {}).get("lutNumber")
    return EXPORT_WITHOUT_TAX.words + (f" (LUT {lut})" if lut else "")


def _composition(document: Document) -> str:
    supplier = document.get("supplier") or {}
    by_composition = supplier.get("gstTreatment") == COMPOSITION or supplier.get("composition")
    if document.get("documentType") != BILL_OF_SUPPLY or not by_composition:
        return ""
    return COMPOSITION_WORDS.words.capitalize()
