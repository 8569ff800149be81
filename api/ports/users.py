"""Who may use the console, and what it needs from outside to know them."""

from __future__ import annotations

import hashlib
from typing import Protocol

import msgspec

from domain.user import MANAGER_ROLES


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """The signed-in user of a request; it stands in `req.context.member`."""

    user_id: str
    email: str
    role: str
    org_id: str
    organization: str
    """The organization's name."""
    time_zone: str
    csrf: str
    """What every form of this session carries; nobody else can know it."""

    @property
    def is_manager(self) -> bool:
        """Whether the user may change things, and not only see them."""
        return self.role in MANAGER_ROLES


class Throttled(Exception):
    """Too many log-ins have failed; the next one is looked at after `seconds`."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"{seconds} s")


class Link(msgspec.Struct, frozen=True):
    """What a one-time link is for."""

    email: str
    organization: str


class Users(Protocol):
    """Users, their passwords and their sessions."""

    def sign_in(self, email: str, password: str, address: str) -> str | None:
        """A new session's token; None when the two do not belong together, in the same time whether or not there is
        such a user. Raises Throttled."""

    def member(self, token: str) -> Member | None:
        """Whose session it is; None when there is none, or it has ended."""

    def sign_out(self, token: str, *, everywhere: bool = False) -> None:
        """End this session, or every one of its user."""

    def link(self, token: str) -> Link | None:
        """What this link is for; None when it is unknown, used, or too old."""

    def set_password(self, token: str, password: str) -> bool:
        """Use the link up; every session of its user ends. False when the link is no longer good."""

    def names(self, org_id: str) -> dict[str, str]:
        """The e-mail address of each user of the organization by id, also of those who were removed."""


def csrf_token(token: str) -> str:
    """What the forms of a session, or of a browser that has none yet, carry; it tells nothing of the token."""
    return hashlib.sha256(f"csrf {token}".encode()).hexdigest()
