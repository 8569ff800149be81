"""The rules for a password: it must have enough characters, and must not be easy to guess.

The rules require a minimum length, but no mixture of letters, digits and signs, as NIST SP 800-63B (5.1.1.2)
recommends. Keyboards and systems send the same character in different forms, such as `é` in one code point or in two.
Therefore a password is prepared by the profile OpaqueString of RFC 8265 before it is hashed and before its characters
are counted.
"""

from __future__ import annotations

import re

from precis_i18n import get_profile

from domain.text import text_key

MIN_CHARACTERS, MAX_CHARACTERS = 12, 1024

_COMMON_PASSWORDS = """
123456789abc 1234567890ab 123456789012 1234567890123 12345678901234 123456123456 111222333444 112233445566
abc123456789 abcd12345678 admin1234567 administrator changeme1234 football1234 iloveyou1234 iloveyou12345
letmein12345 mypassword123 password1234 password12345 password123456 passwordpassword princess1234
q1w2e3r4t5y6 qazwsxedcrfv qwerty123456 qwerty1234567 qwertyuiop12 qwertyuiop123 qwertyuiop1234 1q2w3e4r5t6y
1qaz2wsx3edc sunshine1234 superman1234 trustno1trustno1 welcome12345 welcome123456 zaq12wsxcde3 india1234567
bharat123456 jaishriram123 krishna12345 ganesh123456 correcthorsebatterystaple
"""
_OPAQUE_STRING = get_profile("OpaqueString")
_TOO_SHORT = f"The password must have at least {MIN_CHARACTERS} characters. Several words together are fine."
_COMMON = frozenset(_COMMON_PASSWORDS.split())
_SEQUENCES = ("0123456789012345678901234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")


class InvalidPassword(ValueError):
    """The text cannot be a password. The message tells the user what to do."""


def prepare_password(text: str) -> str:
    """Return the form of a password that is hashed: RFC 8265, profile OpaqueString.

    Raises InvalidPassword for an empty text, control characters, unassigned code points, and invisible characters that
    the profile does not allow.
    """
    try:
        prepared: str = _OPAQUE_STRING.enforce(text)
    except UnicodeEncodeError as error:
        wrong = f"U+{ord(text[error.start]):04X}" if text else "no character"
        raise InvalidPassword(
            f"The password contains {wrong}, which not every device can type. Use letters, digits, signs and spaces."
        ) from None
    return prepared


def password_problem(text: str, email: str) -> str:
    """Return a message that says what is wrong with the password and what to do; an empty text for a valid one."""
    if not text:
        return _TOO_SHORT
    try:
        password = prepare_password(text)
    except InvalidPassword as error:
        return str(error)
    if len(password) < MIN_CHARACTERS:
        return _TOO_SHORT
    if len(password) > MAX_CHARACTERS:
        return f"The password must have at most {MAX_CHARACTERS} characters."
    if _is_common(text_key(password), text_key(email)):
        return "This password is easy to guess. Use several words together."
    return ""


def is_same_password(one: str, other: str) -> bool:
    """Return whether both texts are the same password."""
    try:
        return prepare_password(one) == prepare_password(other)
    except InvalidPassword:
        return False


def _is_common(password: str, email: str) -> bool:
    if password in _COMMON or password == email or "smartdhandha" in password:
        return True
    is_repetition = re.fullmatch(r"(.{1,4}?)\1+.{0,3}", password) is not None
    return is_repetition or any(password in each or password in each[::-1] for each in _SEQUENCES)
