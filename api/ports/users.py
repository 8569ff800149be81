"""The console's users, their passwords and their sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import msgspec

from domain.accounts.user import MANAGER_ROLES


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """The signed-in user of a request, in `req.context.member`."""

    user_id: str
    email: str
    role: str
    org_id: str
    organization: str
    """The organization's name."""
    time_zone: str
    now: datetime
    """When the request began, by the clock of the database, which all processes share."""

    @property
    def is_manager(self) -> bool:
        """Whether the user may change things, and not only see them."""
        return self.role in MANAGER_ROLES


class Throttled(Exception):
    """Too many log-ins have failed. The next one is possible after `seconds`."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"{seconds} s")


class Link(msgspec.Struct, frozen=True):
    """The user who can set a password with a link."""

    email: str
    organization: str


class Users(Protocol):
    """Users, passwords and sessions. Each method raises Unavailable."""

    def sign_in(self, email: str, password: str, address: str) -> str | None:
        """Return a new session's token, or None for a wrong password or an unknown user.

        Both refusals take the same time. Raises Throttled.
        """

    def get_member(self, token: str) -> Member | None:
        """Return the user of a session; None when the session is unknown or has ended."""

    def sign_out(self, token: str, *, everywhere: bool = False) -> None:
        """End the session, or every session of its user."""

    def get_link(self, token: str) -> Link | None:
        """Return what a link is for; None when it is unknown, used or expired."""

    def set_password(self, token: str, password: str) -> bool:
        """Set the password of the link's user and end all sessions of the user; the link cannot be used again.

        Return False when the link is unknown, used or expired.
        """

    def get_emails(self, org_id: str) -> dict[str, str]:
        """Return the e-mail address of each user of the organization by id, also of removed users."""
