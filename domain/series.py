"""The organization's own series of invoice numbers: `INV-2025-26-0001` to `-9999`, then `INV-25-26-10000` and on."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache

from domain.calendar import financial_year, financial_year_label

NextNumber = Callable[[], str]
"""Gives out the next free number of the series of the year that the command needs."""


def is_of_series(number: str, day: date) -> bool:
    """Return whether the number has the shape of the series in the financial year of this day."""
    return _shape(financial_year(day)).fullmatch(number) is not None


def no_series() -> str:
    """Stand in for NextNumber where no number can be needed. Raises LookupError."""
    raise LookupError("this change needs a number of the series, and no series was given")


@cache
def _shape(year: int) -> re.Pattern[str]:
    label = financial_year_label(year)
    return re.compile(rf"INV-{label}-[0-9]{{4}}|INV-{year % 100:02d}-{label[-2:]}-[1-9][0-9]{{4,}}")
