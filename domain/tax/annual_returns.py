"""Annual returns (CGST Act, 2017, section 44): the days on which they were filed, by financial year."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from domain.calendar import financial_year_label
from domain.reading import InvalidValue

FIRST_YEAR, LAST_YEAR = 2017, 2098
"""The financial years that can have a return: the Act is in force from 1 July 2017 on."""
Filings = Mapping[str, date]
"""The days on which annual returns were filed, by the name of the financial year, such as `2024-25`."""
NONE_FILED: Filings = {}

_YEAR = re.compile(r"(?P<first>20[0-9]{2})-[0-9]{2}")


def parse_year(text: str) -> str:
    """Return the name of a financial year that can have a return. Raises InvalidValue."""
    year = _YEAR.fullmatch(text)
    if year is None or text != financial_year_label(first := int(year["first"])):
        raise InvalidValue("must be for a financial year, such as 2024-25")
    if not FIRST_YEAR <= first <= LAST_YEAR:
        last = financial_year_label(LAST_YEAR)
        raise InvalidValue(f"must be for a financial year from {financial_year_label(FIRST_YEAR)} to {last}")
    return text


def last_day_of(year: str) -> date:
    """Return the last day of the financial year with this name."""
    return date(int(year[:4]) + 1, 3, 31)


def check_filed(year: str, day: date) -> None:
    """Raise InvalidValue for a day on which the return of this financial year cannot have been filed."""
    last = last_day_of(year)
    if day <= last:
        raise InvalidValue(f"must be after {last.isoformat()}, the last day of the financial year")
