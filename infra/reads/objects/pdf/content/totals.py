"""The sums of a printed document, and its table of taxes by rate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

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
    parts = [
        ("Discount", "discountTotal", -1),
        ("Taxable value", "taxableAmount", 1),
        ("CGST", "cgst", 1),
        (document.get("stateTaxName", "SGST"), "sgst", 1),
        ("IGST", "igst", 1),
        ("Cess", "cess", 1),
        ("Round off", "roundOff", 1),
    ]
    if "taxableAmount" not in document:
        parts = [("Tax", "taxTotal", 1)]
    shown = [(label, decimal(document.get(name)) * sign) for label, name, sign in parts if decimal(document.get(name))]
    if shown:
        yield Total("Subtotal", figure(document["subTotal"], currency))
    for label, amount in shown:
        yield Total(label, figure(amount, currency))
    yield Total("Total", money(document["totalAmount"], currency), is_strong=True)


def _owed(document: Document) -> Iterator[Total]:
    currency = document["currency"]
    parts = [("Paid", "amountPaid"), ("Settled", "amountSettled"), ("Credited", "amountCredited")]
    lowered = [(label, decimal(document.get(name))) for label, name in parts if decimal(document.get(name))]
    for label, amount in lowered:
        yield Total(label, figure(-amount, currency))
    if lowered and document["status"] != "void":
        yield Total("Balance due", money(document["balanceDue"], currency), is_strong=True)


def tax_summary_of(document: Document) -> dict[str, Any] | None:
    """Return the table of the taxes by HSN and rate; None without one."""
    entries = document.get("taxSummary") or ()
    if not entries:
        return None
    currency = document["currency"]
    names = {"cgst": "CGST", "sgst": document.get("stateTaxName", "SGST"), "igst": "IGST", "cess": "Cess"}
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
