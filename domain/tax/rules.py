"""The rules of GST that documents follow, as data: what they say, since when, and where it is written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple


class Amount(NamedTuple):
    """An amount in Indian rupees that a rule names."""

    amount: Decimal
    since: date
    source: str


class Words(NamedTuple):
    """Words that a document must carry."""

    words: str
    since: date
    source: str


NAMED_FROM = Amount(Decimal(50_000), date(2017, 7, 1), "CGST Rules, 2017, rule 46(e)")
"""From this value on, an invoice to somebody without a GSTIN has the recipient's name and address."""

COMPOSITION_WORDS = Words(
    "composition taxable person, not eligible to collect tax on supplies",
    date(2017, 7, 1),
    "CGST Rules, 2017, rule 5(1)(f)",
)
EXPORT_WITH_TAX = Words(
    "SUPPLY MEANT FOR EXPORT/SUPPLY TO SEZ UNIT OR SEZ DEVELOPER FOR AUTHORISED OPERATIONS ON PAYMENT OF INTEGRATED "
    "TAX",
    date(2017, 7, 1),
    "CGST Rules, 2017, rule 46, third proviso",
)
EXPORT_WITHOUT_TAX = Words(
    "SUPPLY MEANT FOR EXPORT/SUPPLY TO SEZ UNIT OR SEZ DEVELOPER FOR AUTHORISED OPERATIONS UNDER BOND OR LETTER OF "
    "UNDERTAKING WITHOUT PAYMENT OF INTEGRATED TAX",
    date(2017, 7, 1),
    "CGST Rules, 2017, rule 46, third proviso",
)
REVERSE_CHARGE_WORDS = Words("Tax is payable on reverse charge basis", date(2017, 7, 1), "CGST Rules, 2017, rule 46(p)")
