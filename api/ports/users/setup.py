"""The ports for setting up an organization: with the code that `serve` has printed, or with a link in a mail."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple, Protocol

import msgspec

from api.ports.users import Client


class Verdict(StrEnum):
    """What a code, or a link that confirms an address, leads to."""

    RIGHT = "right"
    WRONG = "wrong"
    CLOSED = "closed"
    """No code works: the last one has expired, or too many wrong ones were tried. Or the link is not valid."""
    OVER = "over"
    """There is an organization already."""
    SENT = "sent"
    """The same form has used the code or the link before."""
    KNOWN = "known"
    """The code or the link is right, but a user has the e-mail address."""


class SetupState(StrEnum):
    """Whether somebody can set up the first organization."""

    OPEN = "open"
    CLOSED = "closed"
    OVER = "over"


class SetupRefused(Exception):
    """The organization was not set up."""

    def __init__(self, verdict: Verdict, tries_left: int | None = None) -> None:
        """`tries_left` says how many codes can still be tried after a wrong one."""
        self.verdict, self.tries_left = verdict, tries_left
        super().__init__(verdict)


class Founder(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who sets up an organization, and becomes its owner."""

    organization: str
    """The name of the new organization."""
    time_zone: str
    email: str
    password: str


class Founded(NamedTuple):
    """The first key of a new organization, as JSON, and its secret, which is stored nowhere."""

    key: dict[str, Any]
    secret: str


class Setup(Protocol):
    """Sets up the first organization. Each method but `is_open` can raise Unavailable."""

    def get_state(self) -> SetupState:
        """Return whether a code works now (for CLOSED and OVER see Verdict)."""

    def is_open(self) -> bool:
        """Return whether a code works now; False also while the database cannot be reached."""

    def try_code(self, code: str, form: str, client: Client) -> None:
        """Check a code, and count a wrong one. `form` is the token of the form. Raises SetupRefused."""

    def set_up(self, code: str, form: str, founder: Founder, client: Client) -> Founded:
        """Make an organization with its owner and first key, and use the code up. Of several at once, one succeeds.

        Raises SetupRefused; then nothing is stored but the count of a wrong code.
        """


class SignUps(Protocol):
    """Lets anybody make an organization, once a link in a mail has confirmed the address. Each method can raise
    Unavailable."""

    def request_link(self, email: str, client: Client) -> None:
        """Send a mail with a link to an address. If a user has it, the mail says so, and has no such link.

        Both take the same time. Raises Throttled if too many links were asked for.
        """

    def confirm(self, token: str, form: str = "") -> str:
        """Return the address that a link confirms. `form` is the token of the form. Raises SetupRefused."""

    def set_up(self, token: str, form: str, founder: Founder, client: Client) -> Founded:
        """Make an organization with its owner and first key, and use the link up. Of several at once, one succeeds.

        Raises SetupRefused; then nothing is stored.
        """
