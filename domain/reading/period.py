"""Parsers of periods: India's financial years."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from domain.calendar import financial_year_label
from domain.reading import InvalidValue

FINANCIAL_YEAR_HINT = "a financial year, such as 2025-26 for 1 April 2025 to 31 March 2026"
_FINANCIAL_YEAR = re.compile(r"([0-9]{4})-[0-9]{2}")
_LAST_YEAR = 9998


class Days(NamedTuple):
    """A period of whole days, both included."""

    first: date
    last: date


def parse_financial_year(text: str) -> Days:
    """Return the days of a financial year, which is written like `2025-26`. Raises InvalidValue."""
    found = _FINANCIAL_YEAR.fullmatch(text)
    year = int(found[1]) if found else 0
    if not 1 <= year <= _LAST_YEAR or text != financial_year_label(year):
        raise InvalidValue(f"must be {FINANCIAL_YEAR_HINT}")
    return Days(date(year, 4, 1), date(year + 1, 3, 31))
