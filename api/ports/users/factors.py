"""The port for the second factor of log-ins: checking answers, and changing the factors of a user.

`token` is always the secret of a session, or of a pending log-in: one with the right password, which awaits a factor.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import msgspec

from api.ports.users import Client, NewSession


class Factor(msgspec.Struct, frozen=True):
    """A factor of a user, as a page shows it."""

    id: str
    kind: str
    """`totp` or `passkey`."""
    name: str
    created_at: datetime
    used_at: datetime | None


class FactorState(msgspec.Struct, frozen=True):
    """The factors of the user of a session or a pending log-in."""

    user_id: str
    email: str
    awaits_factor: bool
    """Whether this is a pending log-in."""
    is_proved: bool
    """Whether the user gave the password or a factor in the last ten minutes. Only then factors can be changed."""
    factors: tuple[Factor, ...]
    codes_left: int
    """How many recovery codes still work."""

    def has(self, kind: str) -> bool:
        """Return whether the user has a factor of this kind."""
        return any(factor.kind == kind for factor in self.factors)


class NewApp(msgspec.Struct, frozen=True):
    """The secret of an authenticator app that is not added yet."""

    secret: str
    """In base 32, to be typed into the app."""
    uri: str
    """The same as a URI, which apps read from a QR code."""
    sealed: str
    """The same, encrypted: the form sends it back with the first code, so nothing is stored before."""


class NotProved(Exception):
    """The user must first give the password or a factor again."""


class FactorRefused(Exception):
    """A factor was not added or changed. The message says why, for the user."""


class FactorsUnavailable(Exception):
    """The service has no key with which it could encrypt the secrets of factors."""


class Factors(Protocol):
    """Second factors. Each method can raise Unavailable; wrong answers and changes store security events.

    Methods that change factors raise NotProved, and FactorRefused. Except for a new name and new recovery codes, a
    change ends the user's other sessions.
    """

    @property
    def can_add(self) -> bool:
        """Whether the service has a key with which it encrypts the secrets of factors."""

    def find(self, token: str) -> FactorState | None:
        """Return the factors of the user; None if the session has ended."""

    def give_code(self, token: str, code: str, client: Client, browser: str | None) -> NewSession | None:
        """Check a code of an app, or a recovery code. Each works once.

        For a pending log-in, the right code begins the session that is returned; for a session, it proves again who
        its user is, and the secrets that are returned mean nothing. Return None for a wrong code. Raises Throttled.
        `browser` is as for `Users.sign_in`.
        """

    def passkey_request(self, token: str, origin: str) -> str | None:
        """Return what the browser needs to ask for one of the user's passkeys, as JSON; None if no passkey fits.

        It contains a new challenge, which can be answered once, for ten minutes. `origin` is that of the service.
        """

    def give_passkey(
        self, token: str, answer: str, origin: str, client: Client, browser: str | None
    ) -> NewSession | None:
        """Check what a browser returned for a `passkey_request`, as JSON. Otherwise as `give_code`."""

    def confirm_password(self, token: str, email: str, password: str, client: Client, browser: str | None) -> bool:
        """Prove by the password who the user of a session is; return False if it is wrong.

        For a user with a factor, the password is not enough: the result is False. Raises Throttled.
        """

    def new_app(self, token: str) -> NewApp:
        """Return a new secret for an authenticator app. Raises FactorsUnavailable, and NotProved as changes do."""

    def read_app(self, token: str, sealed: str) -> NewApp | None:
        """Return the secret that `new_app` has made for this user; None for any other text.

        Raises FactorRefused for an app that was added already: its secret is shown to nobody again.
        """

    def add_app(self, token: str, app: NewApp, code: str, name: str, client: Client) -> tuple[str, ...] | None:
        """Add an app that shows the right code; return None if the code is wrong.

        Return the recovery codes that were made, which are shown only now; none if the user had a factor before.
        """

    def passkey_creation(self, token: str, origin: str) -> str:
        """Return what the browser needs to create a passkey, as JSON with a challenge. Raises NotProved."""

    def add_passkey(self, token: str, answer: str, origin: str, name: str, client: Client) -> tuple[str, ...]:
        """Add the passkey that a browser has created for a `passkey_creation`. Return recovery codes as `add_app`."""

    def rename(self, token: str, factor_id: str, name: str, client: Client) -> None:
        """Give a factor another name."""

    def remove(self, token: str, factor_id: str, client: Client, *, keeps_one: bool) -> None:
        """Remove a factor. With the last one go the recovery codes; with `keeps_one`, it cannot be removed."""

    def replace_recovery_codes(self, token: str, client: Client) -> tuple[str, ...]:
        """Make new recovery codes, and return them. Those from before stop working."""

    def reset_member(self, token: str, user_id: str, client: Client) -> None:
        """Take all factors of another user away, who then logs in with the password alone, and end the user's sessions.

        The session must be of an owner or admin of the organization that it shows, and the user must belong to this
        organization and to no other one. Only owners reset an owner.
        """
