"""The table of lines of a printed document: its columns, and the cells of each line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

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
        Column("Description", lambda _, line: (_description(line), _code(line)), is_number=False),
        Column("Qty", lambda _, line: (plain(line["quantity"]), "")),
        Column("Unit price", lambda _, line: (price(line["unitPrice"], currency), "")),
    ]
    if _any(lines, "discountAmount"):
        columns.append(Column("Discount", lambda _, line: _discount(line, currency)))
    if "taxableAmount" in document:
        columns.append(_amount("Taxable value", "taxableAmount", currency))
        return columns + _gst_columns(document)
    if not any(decimal(line["taxRate"]) for line in lines):
        return [*columns, _amount("Amount", "amount", currency)]
    return [
        *columns,
        _amount("Amount", "amount", currency),
        Column("Tax", lambda _, line: (figure(line["taxAmount"], currency), percent(line["taxRate"]))),
        _amount("Total", "totalAmount", currency),
    ]


def _gst_columns(document: Mapping[str, Any]) -> list[Column]:
    """Return the columns of GST. Under reverse charge, and without any tax, they have the rates only."""
    currency, lines = document["currency"], document["items"]
    taxes = {"cgst": "CGST", "sgst": document.get("stateTaxName", "SGST"), "igst": "IGST"}
    charged = [name for name in taxes if _any(lines, name)]
    columns = [_tax(taxes[name], name, currency) for name in charged]
    if not columns and any(decimal(line["taxRate"]) for line in lines):
        columns = [Column("GST", lambda _, line: (percent(line["taxRate"]), ""))]
    if _any(lines, "cess"):
        columns.append(
            Column("Cess", lambda _, line: (figure(line.get("cess"), currency), percent(line.get("cessRate"))))
        )
    return [*columns, _amount("Total", "totalAmount", currency)]


def _tax(title: str, name: str, currency: str) -> Column:
    def cell(_: int, line: Line) -> tuple[str, str]:
        rate = decimal(line["taxRate"])
        return figure(line.get(name), currency), percent(rate if name == "igst" else rate / _HALF)

    return Column(title, cell)


def _amount(title: str, name: str, currency: str) -> Column:
    return Column(title, lambda _, line: (figure(line.get(name), currency), ""))


def _description(line: Line) -> str:
    text: str | None = line["description"]
    return ERASED if text is None else text


def _code(line: Line) -> str:
    return f"HSN/SAC {line['hsnSac']}" if line.get("hsnSac") else ""


def _discount(line: Line, currency: str) -> tuple[str, str]:
    given = line.get("discount") or {}
    rate = percent(given["percent"]) if isinstance(given, Mapping) and given.get("percent") is not None else ""
    return figure(line.get("discountAmount"), currency), rate


def _any(lines: Iterable[Line], name: str) -> bool:
    return any(decimal(line.get(name)) for line in lines)
