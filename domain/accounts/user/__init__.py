"""The roles of an organization's users. A role gives the scopes that an API key could have, too."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import timedelta

from domain.reading import InvalidValue
from domain.text import has_visible_character

_BILLING, _LEAVES = ("billing:read", "billing:write"), ("leaves:read", "leaves:write")
MANAGER_ROLES = ("owner", "admin")
"""The roles that may create, rotate and revoke API keys. They have every scope."""
_SCOPES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(MANAGER_ROLES, (*_BILLING, *_LEAVES)),
    "accountant": _BILLING,
    "hr": _LEAVES,
    "viewer": ("billing:read",),
}
ROLES = tuple(_SCOPES)
"""Every role, the most powerful first. Users of every role may log in to the console."""
ROLE_NAMES = {role: "HR" if role == "hr" else role for role in ROLES}
"""The word for somebody with a role, by role."""
_PLURALS = {"owner": "owners", "admin": "admins", "accountant": "accountants", "hr": "HR", "viewer": "viewers"}
MAX_NAME_CHARACTERS = 80
_JOINERS = "\u200c\u200d"
"""Invisible characters that Hindi and other languages need within words."""
THEMES = ("system", "light", "dark")
"""The themes that a user can choose for all browsers."""
BROWSER_LIFETIME = timedelta(days=365)
"""How long after a user's last log-in in a browser this browser counts as known for the user."""
MAX_SESSION = timedelta(days=30)
"""A session ends this long after the log-in, even when the user is active."""


def scopes_of(role: str) -> tuple[str, ...]:
    """Return the scopes of a role. Raises KeyError for an unknown role."""
    return _SCOPES[role]


def roles_with(scope: str) -> tuple[str, ...]:
    """Return the roles that have this scope, the most powerful first."""
    return tuple(role for role in ROLES if role in MANAGER_ROLES or scope in scopes_of(role))


def plural_of(roles: Iterable[str]) -> str:
    """Return words for all users with one of these roles, such as "owners, admins and HR"."""
    *most, last = (_PLURALS[role] for role in roles)
    return f"{', '.join(most)} and {last}" if most else last


def parse_user_name(text: str) -> str | None:
    """Return the name without blanks around it; None for an empty text. Raises InvalidValue.

    Invisible characters could make one name look like another. A name with @ could look like an e-mail address.
    """
    name = " ".join(text.split())
    if not name:
        return None
    if len(name) > MAX_NAME_CHARACTERS:
        raise InvalidValue(f"must have at most {MAX_NAME_CHARACTERS} characters; it has {len(name)}")
    if "@" in name:
        raise InvalidValue("must not contain @; the e-mail address is shown anyway")
    if any(unicodedata.category(each)[0] == "C" and each not in _JOINERS for each in name):
        raise InvalidValue("must not contain invisible characters; type it again")
    if not has_visible_character(name):
        raise InvalidValue("must contain at least one visible character")
    return name
