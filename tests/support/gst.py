"""GSTINs for tests: made up, with the right check character."""

from __future__ import annotations

from stdnum import luhn

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def gstin(state_code: str, pan: str = "AAPFU0939F") -> str:
    """Return a GSTIN of this state."""
    number = f"{state_code}{pan}1Z"
    return number + luhn.calc_check_digit(number, _LETTERS)
