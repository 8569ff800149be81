"""A second, naive implementation of GST on a document, in whole minor units and fractions.

It is written from the law and the contract. It shares no code with `domain/`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

NO_LEGISLATURE = {"04", "26", "31", "35", "38", "97"}
"""Union territories without a legislature, since 26 January 2020."""
ABROAD = "96"


def half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2)) if value >= 0 else -half_up(-value)


@dataclass
class NaiveLine:
    quantity: Fraction
    price: Fraction
    rate: Fraction
    percent_off: Fraction | None = None
    amount_off: Fraction | None = None
    cess_rate: Fraction = Fraction(0)


@dataclass
class NaiveDocument:
    """A document of a supplier with or without a GSTIN."""

    places: int
    """The decimal places of the currency."""
    lines: list[NaiveLine]
    percent_off: Fraction | None = None
    amount_off: Fraction | None = None
    rounds: bool = False
    home: str | None = None
    """The state of the supplier's GSTIN; None without one."""
    place: str = ""
    treatment: str = "unregistered"
    lut: bool = False
    reverse: bool = False


@dataclass
class NaiveResult:
    """Amounts in minor units."""

    kind: str
    state_tax: str | None
    lines: list[dict[str, int]] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)


def compute(document: NaiveDocument) -> NaiveResult:
    unit = 10**document.places
    kind = kind_of(document)
    amounts = [half_up(line.quantity * line.price * unit) for line in document.lines]
    off = [
        _off(line.percent_off, line.amount_off, amount, unit)
        for line, amount in zip(document.lines, amounts, strict=True)
    ]
    worth = [amount - each for amount, each in zip(amounts, off, strict=True)]
    whole_off = _off(document.percent_off, document.amount_off, sum(worth), unit)
    shares = _spread(whole_off, worth)
    result = NaiveResult(kind, _state_tax(document, kind))
    for line, amount, own, share in zip(document.lines, amounts, off, shares, strict=True):
        taxable = amount - own - share
        taxes = _taxes(kind, taxable, line)
        payable = sum(taxes.values()) if document.reverse else 0
        if document.reverse:
            taxes = dict.fromkeys(taxes, 0)
        result.lines.append(
            {"amount": amount, "off": own + share, "taxable": taxable, **taxes, "payable": payable,
             "tax": sum(taxes.values()), "total": taxable + sum(taxes.values())}
        )  # fmt: skip
    names = ("amount", "off", "taxable", "cgst", "sgst", "igst", "cess", "plain", "payable", "tax", "total")
    totals = {name: sum(line.get(name, 0) for line in result.lines) for name in names}
    exact = totals["taxable"] + totals["tax"]
    rounded = half_up(Fraction(exact, unit)) * unit if document.rounds else exact
    result.totals = {**totals, "round_off": rounded - exact, "total": rounded}
    return result


def kind_of(document: NaiveDocument) -> str:
    if document.home is None:
        return "none"
    if document.treatment == "sez" or document.place == ABROAD:
        return "zero" if document.lut else "inter"
    return "intra" if document.place == document.home else "inter"


def _state_tax(document: NaiveDocument, kind: str) -> str | None:
    if kind != "intra":
        return None
    return "UTGST" if document.home in NO_LEGISLATURE else "SGST"


def _off(percent: Fraction | None, amount: Fraction | None, value: int, unit: int) -> int:
    if percent is not None:
        return half_up(Fraction(value) * percent / 100)
    return 0 if amount is None else half_up(amount * unit)


def _spread(off: int, worth: list[int]) -> list[int]:
    """Each line's share by its worth, the rest for the last line; what a line cannot bear, its neighbours do."""
    if not off:
        return [0] * len(worth)
    shares = [half_up(Fraction(off * each, sum(worth))) for each in worth[:-1]]
    for number in range(len(shares)):  # no line can get more than is left
        shares[number] = min(shares[number], worth[number], off - sum(shares[:number]))
    shares.append(off - sum(shares))
    for number in reversed(range(1, len(shares))):  # and none more than it is worth
        if shares[number] > worth[number]:
            shares[number - 1] += shares[number] - worth[number]
            shares[number] = worth[number]
    return shares


def _taxes(kind: str, taxable: int, line: NaiveLine) -> dict[str, int]:
    def tax(rate: Fraction) -> int:
        return half_up(taxable * rate / 100)

    none = {"cgst": 0, "sgst": 0, "igst": 0, "cess": 0}
    if kind == "none":
        return {"plain": tax(line.rate)}
    if kind == "zero":
        return none
    cess = tax(line.cess_rate)
    if kind == "intra":
        return {**none, "cgst": tax(line.rate / 2), "sgst": tax(line.rate / 2), "cess": cess}
    return {**none, "igst": tax(line.rate), "cess": cess}
