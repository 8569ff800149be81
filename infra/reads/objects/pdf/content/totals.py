"""The sums of a printed document, and its table of taxes by rate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from domain.documents.pricing import BILL_OF_SUPPLY
from infra.reads.objects.pdf.content.figures import decimal, figure, money, percent

Document = Mapping[str, Any]


class Total(NamedTuple):
    """A line of the sums."""

    label: str
    value: str
    is_strong: bool = False


def totals_of(document: Document) -> list[Total]:
    """Return the sums from the lines to the balance. Sums that say nothing, such as a tax of 0, are left out."""
    return [*_charged(document), *_owed(document)]


def _charged(document: Document) -> Iterator[Total]:
    currency = document["currency"]
    parts = [("Discount", "discountTotal", -1), ("Taxable value", "taxableAmount", 1)]
    if "supplyType" in document:
        state_tax = document.get("stateTax", "SGST")
        parts += [("CGST", "cgst", 1), (state_tax, "sgst", 1), ("IGST", "igst", 1), ("Cess", "cess", 1)]
    else:
        parts.append(("Tax", "taxTotal", 1))
    parts.append(("Round off", "roundOff", 1))
    is_reduced = bool(decimal(document.get("discountTotal")))
    if not is_reduced:
        parts = [each for each in parts if each[1] != "taxableAmount"]
    shown = [(label, decimal(document.get(name)) * sign) for label, name, sign in parts if decimal(document.get(name))]
    if shown:
        is_taxable = "supplyType" in document and not is_reduced
        yield Total("Taxable value" if is_taxable else "Subtotal", figure(document["subTotal"], currency))
    for label, amount in shown:
        yield Total(label, figure(amount, currency))
    yield Total("Total", money(document["totalAmount"], currency), is_strong=True)


def _owed(document: Document) -> Iterator[Total]:
    currency = document["currency"]
    parts = [
        ("Debit notes", "amountDebited", 1),
        ("Credit notes", "amountCredited", -1),
        ("Paid", "amountPaid", -1),
        ("Settled", "amountSettled", -1),
    ]
    given = [(label, sign * decimal(document.get(name))) for label, name, sign in parts]
    changes = [(label, amount) for label, amount in given if amount]
    for label, amount in changes:
        yield Total(label, figure(amount, currency))
    if changes and document["status"] != "void":
        yield Total("Balance due", money(document["balanceDue"], currency), is_strong=True)


def tax_summary_of(document: Document) -> dict[str, Any] | None:
    """Return the table of the taxes by HSN and rate; None without one."""
    entries = document.get("taxSummary") or ()
    if not entries or document.get("documentType") == BILL_OF_SUPPLY:
        return None
    currency = document["currency"]
    names = {"cgst": "CGST", "sgst": document.get("stateTax", "SGST"), "igst": "IGST", "cess": "Cess"}
    names["taxPayableByRecipient"] = "Payable by recipient"
    taxes = {name: title for name, title in names.items() if any(decimal(each.get(name)) for each in entries)}
    head = ["HSN/SAC", "Rate", "Taxable value", *taxes.values()]
    rows = [
        [
            each.get("hsnSac") or "–",
            percent(each.get("taxRate")),
            figure(each.get("taxableAmount"), currency),
            *(figure(each.get(name), currency) for name in taxes),
        ]
        for each in entries
    ]
    return {"head": head, "rows": rows}
