"""The organization's own series of invoice numbers. The SQL function `series_number` forms the same numbers.

Rule 46(b) of the CGST Rules 2017 allows a number at most 16 characters, unique within a financial year. So a number is
the prefix, the year and the serial number, and the year is written as long as there is room for it.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from domain.calendar import financial_year, financial_year_label

DEFAULT_PREFIX = "INV"
MAX_PREFIX, MAX_NUMBER = 10, 16
"""The most characters that a prefix, and a whole number, can have."""
_SEPARATORS = ("-", "/")
_MAX_SERIAL = 2**31 - 1
"""The database counts with 32 bits."""


def plain_prefix(prefix: str) -> str:
    """Return the prefix without `-` at its end, where numbers have one anyway: `INV-` and `INV` are one series."""
    return prefix.rstrip("-") or prefix


def series_number(prefix: str, year: int, serial: int) -> str | None:
    """Return the number with this serial in the financial year that begins in `year`; None if it would be too long.

    `ST` makes `ST-2026-27-0001`, later `ST-26-27-10000`. A longer prefix leaves less room for the year: `SHARMA` makes
    `SHARMA-26-0001`, and `SHARMATEXT` makes `SHARMATEXT-0001`.
    """
    begin, digits = prefix if prefix.endswith(_SEPARATORS) else f"{prefix}-", f"{serial:04d}"
    label = financial_year_label(year)
    for written in (f"{label}-", f"{label[2:]}-", f"{label[2:4]}-", ""):
        number = f"{begin}{written}{digits}"
        if len(number) <= MAX_NUMBER:
            return number
    return None


def is_of_series(number: str, day: date) -> bool:
    """Return whether the number has the form of the series without a prefix of its own, in the year of this day.

    The series of 2025-26 is `INV-2025-26-0001` to `INV-2025-26-9999`, then `INV-25-26-10000` and so on.
    """
    return _series(financial_year(day)).fullmatch(number) is not None


def has_default_form(number: str) -> bool:
    """Return whether the number has the form of the series without a prefix of its own, in any financial year."""
    return _ANY_SERIES.fullmatch(number) is not None


def last_serial(prefix: str) -> int:
    """Return the last serial number of a financial year that a number with this prefix has room for."""
    begin = len(prefix) + (not prefix.endswith(_SEPARATORS))
    return min(int("9" * (MAX_NUMBER - begin)), _MAX_SERIAL)


@cache
def _series(year: int) -> re.Pattern[str]:
    label = financial_year_label(year)
    return re.compile(rf"INV-{label}-[0-9]{{4}}|INV-{label[2:]}-[1-9][0-9]{{4,}}")


_ANY_SERIES = re.compile(r"INV-[0-9]{4}-[0-9]{2}-[0-9]{4}|INV-[0-9]{2}-[0-9]{2}-[1-9][0-9]{4,}")
