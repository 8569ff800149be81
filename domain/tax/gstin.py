"""GSTINs and PANs: the numbers by which the tax offices of India know a business.

A GSTIN says in which state a business is registered, and by its PAN whose business it is. python-stdnum checks both;
its list of states lacks Ladakh and "other territory", so the state is looked up in ours.
"""

from __future__ import annotations

import re

from stdnum import luhn
from stdnum.exceptions import ValidationError
from stdnum.in_ import gstin, pan

from domain.reading import InvalidValue
from domain.tax.states import ALL_CODES, OVERSEAS

GSTIN_LENGTH, PAN_LENGTH = 15, 10
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SHAPE = re.compile(r"[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]")


def parse_gstin(text: object) -> str:
    """Return the GSTIN in capitals, without blanks and hyphens. Raises InvalidValue, which says what is wrong."""
    number = gstin.compact(text) if isinstance(text, str) and len(text) <= 2 * GSTIN_LENGTH else ""
    if len(number) != GSTIN_LENGTH:
        raise InvalidValue(f"must be a GSTIN of {GSTIN_LENGTH} characters, such as 27AAPFU0939F1ZV")
    if not _SHAPE.fullmatch(number) or not pan.is_valid(number[2:12]):
        raise InvalidValue(
            "must be a GSTIN: two digits of the state, the PAN, one digit or letter, the letter Z, and a check "
            "character, such as 27AAPFU0939F1ZV"
        )
    if number[:2] not in ALL_CODES or number[:2] == OVERSEAS:
        raise InvalidValue(f"must begin with the GST code of a state; {number[:2]} is none")
    try:
        luhn.validate(number, _DIGITS)
    except ValidationError:
        raise InvalidValue("must have the right check character at its end; compare each character") from None
    return number


def parse_pan(text: object) -> str:
    """Return the PAN in capitals, without blanks and hyphens. Raises InvalidValue."""
    number = pan.compact(text) if isinstance(text, str) and len(text) <= 2 * PAN_LENGTH else ""
    if not pan.is_valid(number):
        raise InvalidValue("must be a PAN of five letters, four digits and a letter, such as AAPFU0939F")
    return number


def state_code_of(gstin: str) -> str:
    """Return the code of the state in a GSTIN."""
    return gstin[:2]


def pan_of(gstin: str) -> str:
    """Return the PAN in a GSTIN."""
    return gstin[2:12]
