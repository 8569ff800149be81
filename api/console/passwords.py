"""What a password must be: long, and none of those that everybody tries first.

Length is asked for and no mixture of characters, as NIST SP 800-63B (5.1.1.2) has it.
"""

from __future__ import annotations

import re

SHORTEST, LONGEST = 12, 1024

_COMMONEST = """
123456789abc 1234567890ab 123456789012 1234567890123 12345678901234 123456123456 111222333444 112233445566
abc123456789 abcd12345678 admin1234567 administrator changeme1234 football1234 iloveyou1234 iloveyou12345
letmein12345 mypassword123 password1234 password12345 password123456 passwordpassword princess1234
q1w2e3r4t5y6 qazwsxedcrfv qwerty123456 qwerty1234567 qwertyuiop12 qwertyuiop123 qwertyuiop1234 1q2w3e4r5t6y
1qaz2wsx3edc sunshine1234 superman1234 trustno1trustno1 welcome12345 welcome123456 zaq12wsxcde3 india1234567
bharat123456 jaishriram123 krishna12345 ganesh123456 correcthorsebatterystaple
"""
_COMMON = frozenset(_COMMONEST.split())
_RUNS = ("0123456789012345678901234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")


def problem_of(password: str, email: str) -> str:
    """What is wrong with the password, in a sentence that says what to do; empty when it will do."""
    if len(password) < SHORTEST:
        return f"The password is too short. Use {SHORTEST} characters or more; a few words together are fine."
    if len(password) > LONGEST:
        return f"The password is too long. Use at most {LONGEST} characters."
    if "\0" in password:
        return "The password holds a character that no keyboard sends. Type it anew."
    if _is_common(password.lower(), email.lower()):
        return "Anybody who guesses would try this password early. Use a few words together."
    return ""


def _is_common(password: str, email: str) -> bool:
    if password in _COMMON or password == email or "smartdhandha" in password:
        return True
    repeats = re.fullmatch(r"(.{1,4}?)\1+.{0,3}", password) is not None
    return repeats or any(password in run or password in run[::-1] for run in _RUNS)
