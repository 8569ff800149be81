"""The table of lines of a printed document: its columns, and the cells of each line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from domain.documents.pricing import BILL_OF_SUPPLY
from infra.reads.objects.pdf.content.figures import decimal, figure, percent, plain, price

Line = Mapping[str, Any]
ERASED = "(erased)"
"""What stands for a text that was erased."""
_HALF = Decimal(2)


class Column(NamedTuple):
    """A column of a table. A cell has a first line and, below it, a second one in small letters, which can be empty."""

    title: str
    cell: Callable[[int, Line], tuple[str, str]]
    is_number: bool = True


def columns_of(document: Mapping[str, Any]) -> list[Column]:
    """Return the columns that the lines of a document need: those of a tax only if it has the tax."""
    currency, lines = document["currency"], document["items"]
    columns = [
        Column("#", lambda number, line: (str(number), "")),
        described(),
        Column("Qty", lambda _, line: (plain(line["quantity"]), "")),
        Column("Unit price", lambda _, line: (price(line["unitPrice"], currency), "")),
    ]
    if any_of(lines, "discountAmount"):
        is_own = "discount" not in document
        columns.append(Column("Discount", lambda _, line: _discount(line, currency, is_own=is_own)))
    if "supplyType" in document:
        value = "Value" if document.get("documentType") == BILL_OF_SUPPLY else "Taxable value"
        return [*columns, amount_column(value, "taxableAmount", currency), *gst_columns(document)]
    columns.append(amount_column("Amount", "amount", currency))
    if not any(decimal(line["taxRate"]) for line in lines) and not any_of(lines, "discountAmount"):
        return columns
    if any(decimal(line["taxRate"]) for line in lines):
        columns.append(Column("Tax", lambda _, line: (figure(line["taxAmount"], currency), percent(line["taxRate"]))))
    return [*columns, amount_column("Total", "totalAmount", currency)]


def gst_columns(document: Mapping[str, Any]) -> list[Column]:
    """Return the columns of GST. Under reverse charge they have the rates only; without any tax there are none."""
    currency, lines = document["currency"], document["items"]
    taxes = {"cgst": "CGST", "sgst": document.get("stateTax", "SGST"), "igst": "IGST"}
    columns = [_tax(title, name, currency) for name, title in taxes.items() if any_of(lines, name)]
    if not columns and document.get("reverseCharge"):
        columns = [Column("GST rate", lambda _, line: (percent(line["taxRate"]), ""))]
    if any_of(lines, "cess"):
        columns.append(Column("Cess", lambda _, line: _cess(line, currency)))
    return [*columns, amount_column("Total", "totalAmount", currency)] if columns else []


def _cess(line: Line, currency: str) -> tuple[str, str]:
    return figure(line.get("cess"), currency), percent(line["cessRate"]) if line.get("cessRate") else ""


def _tax(title: str, name: str, currency: str) -> Column:
    def cell(_: int, line: Line) -> tuple[str, str]:
        rate = decimal(line["taxRate"])
        return figure(line.get(name), currency), percent(rate if name == "igst" else rate / _HALF)

    return Column(title, cell)


def amount_column(title: str, name: str, currency: str) -> Column:
    """Return a column of amounts. `name` is their name in a line."""
    return Column(title, lambda _, line: (figure(line.get(name), currency), ""))


def described() -> Column:
    """Return the column with what a line is about."""
    return Column("Description", lambda _, line: (_description(line), _code(line)), is_number=False)


def _description(line: Line) -> str:
    text: str | None = line["description"]
    return ERASED if text is None else text


def _code(line: Line) -> str:
    return f"HSN/SAC {line['hsnSac']}" if line.get("hsnSac") else ""


def _discount(line: Line, currency: str, *, is_own: bool) -> tuple[str, str]:
    """Return the discount of a line, with its rate if the amount is the line's own and has no share of another one."""
    rate = (line.get("discount") or {}).get("percent")
    return figure(line.get("discountAmount"), currency), percent(rate) if is_own and rate is not None else ""


def any_of(lines: Iterable[Line], name: str) -> bool:
    """Return whether some line has this number, and it is not 0."""
    return any(decimal(line.get(name)) for line in lines)
