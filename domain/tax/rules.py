"""The rules of GST that documents follow, as data: what they say, since when, and where it is written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from domain.calendar import financial_year, financial_year_label
from domain.tax.annual_returns import NONE_FILED, Filings


class Amount(NamedTuple):
    """An amount in Indian rupees that a rule names."""

    amount: Decimal
    since: date
    source: str


class Deadline(NamedTuple):
    """A day of the year after the financial year of a supply."""

    month: int
    day: int
    since: int
    """The first financial year of supplies for which it holds."""
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
ADJUSTED_UNTIL = (
    Deadline(11, 30, 2021, "CGST Act, 2017, section 34(2), as amended by the Finance Act, 2022, section 102"),
    Deadline(9, 30, 2017, "CGST Act, 2017, section 34(2)"),
)
"""Until when a credit note lowers the tax of a supply, if the annual return of the year was not filed before: section
34(2) takes the earlier day. After it, a credit note is about money only."""


def last_day_of_adjustment(supplied_on: date, filed: Filings = NONE_FILED) -> date:
    """Return the last day on which a credit note lowers the tax of what was supplied on this day.

    `filed` are the annual returns of the supplier.
    """
    year = financial_year(supplied_on)
    deadline = next((each for each in ADJUSTED_UNTIL if each.since <= year), ADJUSTED_UNTIL[-1])
    last = date(year + 1, deadline.month, deadline.day)
    return min(last, filed.get(financial_year_label(year), last))
