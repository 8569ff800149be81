"""The canonical form of a JSON body. Two bodies with the same meaning have the same canonical form.

The order of members, white space, escapes and a byte order mark do not change the meaning. Numbers have the same
meaning if their values are equal. The number 20 and the string "20" have different meanings, and so have 1 and true.
"""

from __future__ import annotations

import codecs

import msgspec

_MAX_DIGITS = 40
"""A whole number with at most this many digits is written without an exponent. No field accepts a longer number."""
_MAX_EXPONENT_DIGITS = 18


def canonical_json(body: bytes) -> bytes:
    """Return the canonical form of a body that `read_body` has accepted."""
    try:
        return msgspec.json.encode(_decode(body.removeprefix(codecs.BOM_UTF8)), order="sorted")
    except RecursionError:
        return body  # The body is nested so deeply that the request will be refused.


def _number(text: str) -> int | msgspec.Raw:
    """Return the canonical form of a JSON number that has a fraction or an exponent."""
    mantissa, _, exponent = text.lower().partition("e")
    whole, _, fraction = mantissa.removeprefix("-").partition(".")
    digits = (whole + fraction).lstrip("0")
    significant = digits.rstrip("0")
    if not significant:
        return 0
    if len(exponent.lstrip("+-0")) > _MAX_EXPONENT_DIGITS:
        return msgspec.Raw(text.encode())
    power = int(exponent[-_MAX_EXPONENT_DIGITS:].lstrip("+-") or 0) * (-1 if exponent.startswith("-") else 1)
    power += len(digits) - len(significant) - len(fraction)
    sign = "-" if text.startswith("-") else ""
    if power >= 0 and len(significant) + power <= _MAX_DIGITS:
        return int(f"{sign}{significant}{'0' * power}")
    return msgspec.Raw(f"{sign}{significant}e{power}".encode())


_decode = msgspec.json.Decoder(float_hook=_number).decode
