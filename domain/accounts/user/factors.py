"""The second factor of a log-in: what a user gives besides the password."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, get_args

from domain.accounts.user import MANAGER_ROLES
from domain.text import has_visible_character

TOTP, PASSKEY = "totp", "passkey"
"""The kinds of factors: an app that shows a new code each 30 seconds, and a passkey."""
KIND_NAMES = {TOTP: "Authenticator app", PASSKEY: "Passkey"}
MAX_NAME_CHARACTERS = 60
RECOVERY_CODES = 10
"""How many recovery codes a user gets. Each works once, in place of a factor."""

Requirement = Literal["none", "managers", "all"]
"""Who must have a factor: nobody, owners and admins, or all users."""
REQUIREMENTS: tuple[Requirement, ...] = get_args(Requirement)

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""The characters of recovery codes: small letters and digits without 0, 1, i, l and o, which people mix up."""
_GROUPS, _GROUP_CHARACTERS = 4, 4


def needs_factor(requirement: Requirement, role: str) -> bool:
    """Return whether users with this role must have a second factor."""
    return requirement == "all" or (requirement == "managers" and role in MANAGER_ROLES)


def name_problem(name: str) -> str:
    """Return what is wrong with the name of a factor; an empty text if nothing is."""
    if not has_visible_character(name):
        return "Enter a name, such as “My phone”."
    if len(name) > MAX_NAME_CHARACTERS or not name.isprintable():
        return f"The name must have at most {MAX_NAME_CHARACTERS} characters, in one line."
    return ""


def new_recovery_codes(choose: Callable[[Sequence[str]], str]) -> tuple[str, ...]:
    """Return new codes such as `k7mq-2xda-p9fw-c4tn`, of 79 random bits each. `choose` is `secrets.choice`."""
    return tuple(
        "-".join("".join(choose(_ALPHABET) for _ in range(_GROUP_CHARACTERS)) for _ in range(_GROUPS))
        for _ in range(RECOVERY_CODES)
    )


def plain_code(text: str) -> str:
    """Return a code as people type it in its plain form: small letters and digits, without blanks and hyphens."""
    return "".join(character for character in text.lower() if character.isascii() and character.isalnum())
