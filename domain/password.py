"""The rules for a password: long enough, and not one of those that attackers try first.

They require a length and no mixture of characters, as NIST SP 800-63B (5.1.1.2) recommends.
"""

from __future__ import annotations

import re

MIN_CHARACTERS, MAX_CHARACTERS = 12, 1024

_COMMON_PASSWORDS = """
123456789abc 1234567890ab 123456789012 1234567890123 12345678901234 123456123456 111222333444 112233445566
abc123456789 abcd12345678 admin1234567 administrator changeme1234 football1234 iloveyou1234 iloveyou12345
letmein12345 mypassword123 password1234 password12345 password123456 passwordpassword princess1234
q1w2e3r4t5y6 qazwsxedcrfv qwerty123456 qwerty1234567 qwertyuiop12 qwertyuiop123 qwertyuiop1234 1q2w3e4r5t6y
1qaz2wsx3edc sunshine1234 superman1234 trustno1trustno1 welcome12345 welcome123456 zaq12wsxcde3 india1234567
bharat123456 jaishriram123 krishna12345 ganesh123456 correcthorsebatterystaple
"""
_COMMON = frozenset(_COMMON_PASSWORDS.split())
_SEQUENCES = ("0123456789012345678901234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")


def password_problem(password: str, email: str) -> str:
    """Return what is wrong with the password and what to do, or an empty text."""
    if len(password) < MIN_CHARACTERS:
        return f"The password must have at least {MIN_CHARACTERS} characters. Several words together are fine."
    if len(password) > MAX_CHARACTERS:
        return f"The password must have at most {MAX_CHARACTERS} characters."
    if "\0" in password:
        return "The password contains a NUL character. Type it again."
    if _is_common(password.lower(), email.lower()):
        return "This password is easy to guess. Use several words together."
    return ""


def _is_common(password: str, email: str) -> bool:
    if password in _COMMON or password == email or "smartdhandha" in password:
        return True
    is_repetition = re.fullmatch(r"(.{1,4}?)\1+.{0,3}", password) is not None
    return is_repetition or any(password in each or password in each[::-1] for each in _SEQUENCES)
