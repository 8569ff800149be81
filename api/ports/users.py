"""Users of the console, their sessions and one-time links."""

from __future__ import annotations

import hashlib
from typing import Protocol

import msgspec

from domain.user import MANAGER_ROLES


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """The signed-in user of a request: `req.context.member`."""

    user_id: str
    email: str
    role: str
    org_id: str
    organization: str
    """The organization's name."""
    time_zone: str
    csrf: str
    """The token in every form of this session; nobody else can know it."""

    @property
    def is_manager(self) -> bool:
        """Whether the user may change things, and not only see them."""
        return self.role in MANAGER_ROLES


class Throttled(Exception):
    """Too many log-ins have failed; the next one is possible after `seconds`."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"{seconds} s")


class Link(msgspec.Struct, frozen=True):
    """The user for whom a one-time link was made."""

    email: str
    organization: str


class Users(Protocol):
    """Users, their passwords and their sessions."""

    def sign_in(self, email: str, password: str, address: str) -> str | None:
        """Return the token of a new session; None for a wrong password or an unknown user, after the same time.

        Raises Throttled.
        """

    def member(self, token: str) -> Member | None:
        """Return the user of the session; None when there is no such session, or it has ended."""

    def sign_out(self, token: str, *, everywhere: bool = False) -> None:
        """End this session, or all sessions of its user."""

    def link(self, token: str) -> Link | None:
        """Return whose link this is; None when it is unknown, used or expired."""

    def set_password(self, token: str, password: str) -> bool:
        """Set the password; end the link and all sessions of its user. Return False for a link that is not valid."""

    def names(self, org_id: str) -> dict[str, str]:
        """Return the e-mail address of each user of the organization by id, including removed users."""


def csrf_token(token: str) -> str:
    """Return the token for forms of this session or visit; the session's token cannot be computed from it."""
    return hashlib.sha256(f"csrf {token}".encode()).hexdigest()
