"""What only printed credit notes and debit notes have: their lines, sums and facts (rule 53 of the CGST Rules)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from infra.reads.objects.pdf.content.figures import day, decimal, figure, money, percent, plain
from infra.reads.objects.pdf.content.lines import Column, Line, amount_column, any_of, described, gst_columns
from infra.reads.objects.pdf.content.totals import Total

Note = Mapping[str, Any]
KINDS = ("credit_note", "debit_note")
"""The kinds of notes that are printed."""
_MONEY_ALONE = "This note is about money alone: the tax of the invoice stays as it is."


def facts_of(note: Note) -> list[tuple[str, str]]:
    """Return which invoice a note corrects: rule 53(1A)(g) wants its number and its date."""
    return [("Invoice", str(note["invoiceNumber"])), ("Invoice date", day(note["invoiceDate"]))]


def has_value(note: Note) -> bool:
    """Return whether a note is about more than money alone."""
    return any_of(note["items"], "taxableAmount")


def statements_of(note: Note) -> list[str]:
    """Return the sentence about a note that changes no tax."""
    return [] if note["taxAdjustment"] else [_MONEY_ALONE]


def columns_of(note: Note) -> list[Column]:
    """Return the columns that the lines of a note need."""
    currency, lines = note["currency"], note["items"]
    columns = [Column("#", lambda number, line: (str(number), "")), described()]
    if any_of(lines, "quantity"):
        columns.append(Column("Qty", lambda _, line: (_quantity(line), "")))
    taxes = gst_columns(note) if "supplyType" in note else _tax_columns(note)
    if has_value(note):
        title = "Taxable value" if taxes and "supplyType" in note else "Value"
        columns.append(amount_column(title, "taxableAmount", currency))
    columns += [each for each in taxes if each.title != "Total"]
    if any_of(lines, "untaxedAmount"):
        columns.append(amount_column("Without tax", "untaxedAmount", currency))
    return [*columns, amount_column("Total", "totalAmount", currency)]


def _quantity(line: Line) -> str:
    return plain(line["quantity"]) if "quantity" in line else "–"


def _tax_columns(note: Note) -> list[Column]:
    """Return the column of the tax of a note without GST, if there is some."""
    if not any_of(note["items"], "taxAmount"):
        return []
    return [Column("Tax", lambda _, line: (figure(line["taxAmount"], note["currency"]), percent(line["taxRate"])))]


def totals_of(note: Note) -> list[Total]:
    """Return the sums from the lines to what is to be refunded. Sums that say nothing are left out."""
    return [*_charged(note), *_refunded(note)]


def _charged(note: Note) -> Iterator[Total]:
    currency = note["currency"]
    if "supplyType" in note:
        taxes = [("CGST", "cgst"), (note.get("stateTax", "SGST"), "sgst"), ("IGST", "igst"), ("Cess", "cess")]
    else:
        taxes = [("Tax", "taxTotal")]
    parts = [*taxes, ("Without tax", "untaxedAmount"), ("Round off", "roundOff")]
    shown = [(label, decimal(note.get(name))) for label, name in parts if decimal(note.get(name))]
    if shown and decimal(note["taxableAmount"]):
        yield Total("Taxable value" if "supplyType" in note else "Subtotal", figure(note["taxableAmount"], currency))
    for label, amount in shown:
        yield Total(label, figure(amount, currency))
    yield Total("Total", money(note["totalAmount"], currency), is_strong=True)


def _refunded(note: Note) -> Iterator[Total]:
    currency, due, refunded = note["currency"], decimal(note.get("refundDue")), decimal(note.get("amountRefunded"))
    if not due and not refunded:
        return
    if decimal(note["amountApplied"]):
        yield Total("Set off against the invoice", figure(-decimal(note["amountApplied"]), currency))
    if refunded:
        yield Total("Refunded", figure(-refunded, currency))
    yield Total("To be refunded", money(due, currency), is_strong=True)
