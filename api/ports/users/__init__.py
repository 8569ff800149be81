"""The port for the users of the console, their passwords and their sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from domain.accounts.mode import is_live, key_prefix
from domain.accounts.user import MANAGER_ROLES, ROLE_NAMES, scopes_of
from domain.registry import AGGREGATES, is_readable


class Client(msgspec.Struct, frozen=True):
    """Where a request came from."""

    address: str
    """The client's whole network address; "unknown" if there is none."""
    network: str
    """The unit that limits count as one client: the IPv4 address, or the /64 network of the IPv6 address."""
    request_id: str
    browser: str = "unknown"
    """The family of the browser, such as "Firefox on Linux"."""


class OtherOrganization(msgspec.Struct, frozen=True):
    """An organization to which a user belongs, too."""

    id: str
    name: str


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """The signed-in user who sent a request. `req.context.member` holds it."""

    user_id: str
    email: str
    role: str
    org_id: str
    organization: str
    """The name of the organization."""
    time_zone: str
    """The IANA name of the organization's time zone."""
    others: tuple[OtherOrganization, ...] = ()
    """The other organizations of the user, by name."""
    needs_factor: bool = False
    """Whether the service requires a second factor of users with this role."""
    must_add_factor: bool = False
    """Whether the user has none, and can do nothing before adding one."""
    language: str | None = None
    """The code of the language that the user chose, such as `hi`; None before the first choice."""
    now: datetime
    """The time of the request, by the clock of the database; in test mode, by the clock of the test log."""

    @property
    def livemode(self) -> bool:
        """Whether the session shows live data. In test mode, `org_id` is the test organization."""
        return is_live(self.org_id)

    @property
    def key_prefix(self) -> str:
        """How the API keys of the organization begin in this mode."""
        return key_prefix(self.org_id)

    @property
    def is_manager(self) -> bool:
        """Whether the role of the user allows changes: owners and admins may create, rotate and revoke API keys."""
        return self.role in MANAGER_ROLES

    @property
    def role_name(self) -> str:
        """The word for the user's role, such as "HR"."""
        return ROLE_NAMES[self.role]

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes of the user's role: what the user may read and write."""
        return scopes_of(self.role)

    def may_read(self, kind: str) -> bool:
        """Return whether the role of the user shows objects of this kind, such as `leave`."""
        return role_may_read(self.role, kind)

    def may_write(self, kind: str) -> bool:
        """Return whether the role of the user allows changes of objects of this kind. Raises KeyError if unknown."""
        return self.is_manager or AGGREGATES[kind].write_scope in self.scopes


def role_may_read(role: str, kind: str) -> bool:
    """Return whether a role shows objects of this kind, such as `leave`."""
    return role in MANAGER_ROLES or is_readable(kind, scopes_of(role))


class Throttled(Exception):
    """Too many log-ins have failed. The next log-in is possible after `seconds`."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"{seconds} s")


class NewSession(msgspec.Struct, frozen=True):
    """The secrets that a browser receives after a log-in, to keep in its cookies."""

    token: str
    """The secret by which the service recognizes the session."""
    browser: str
    """The secret by which the service recognizes the browser at the user's next log-in. Then failed log-ins in other
    browsers cannot block a log-in in this browser."""


class Link(msgspec.Struct, frozen=True):
    """What a one-time link leads to: its user can set a password, or accept an invitation."""

    user_id: str
    email: str
    org_id: str
    organization: str
    is_invitation: bool
    has_password: bool
    """Whether the user has a password already. An invitation does not change it."""


class Users(Protocol):
    """Users, passwords and sessions. Each method can raise Unavailable. Log-ins and changes store security events."""

    def sign_in(self, email: str, password: str, client: Client, browser: str | None) -> NewSession | None:
        """Begin a session; return None for a wrong password or an unknown user.

        `browser` is the secret that this browser received at an earlier log-in; None without such a secret.

        Both refusals take the same time, so the time does not reveal which users exist. Raises Throttled.
        """

    def get_member(self, token: str) -> Member | None:
        """Return the user of a session; None when the session is unknown or has ended."""

    def switch_mode(self, token: str, test: bool, now: datetime) -> None:
        """Let the session show test data, or live data again. The test organization is made when it is first used."""

    def switch_organization(self, token: str, org_id: str) -> bool:
        """Let the session show another organization, in live mode. Return False if its user does not belong to it."""

    def set_language(self, token: str, language: str) -> None:
        """Store the language in which the user of the session reads the console, such as `hi`."""

    def sign_out(self, token: str, client: Client, *, everywhere: bool = False) -> None:
        """End the session. With `everywhere`, end all sessions of its user."""

    def get_link(self, token: str) -> Link | None:
        """Return the user of a one-time link; None when the link is unknown, used or expired."""

    def use_invitation(self, token: str) -> None:
        """Use up an invitation that was accepted."""

    def set_password(self, token: str, password: str, client: Client, browser: str | None) -> str | None:
        """Set the password of the link's user, end all sessions of the user, and use up the link.

        Only the browser that has sent the password stays known for the user. Return its new secret
        (`NewSession.browser`). If the link is unknown, used or expired, change nothing and return None. For `browser`
        see `sign_in`.
        """

    def get_role(self, token: str, org_id: str) -> str | None:
        """Return the role that the user of a session has in an organization, whichever the session shows.

        Return None when the session has ended, or when the user does not belong to the organization.
        """

    def note_client(self, token: str, client: Client) -> str | None:
        """Store from where a new session was begun. Return the theme that its user has chosen; None without one."""

    def get_names(self, org_id: str) -> dict[str, str]:
        """Return the e-mail addresses of the organization's users by their ids, including removed users.

        The names of those who belong to it stand before the addresses.
        """


class Profile(msgspec.Struct, frozen=True):
    """What a user has chosen; None for what was not chosen yet."""

    name: str | None
    theme: str | None
    """`system`, `light` or `dark`."""


class UserSession(msgspec.Struct, frozen=True):
    """A session of a user. Sessions of earlier versions have no address and no browser."""

    id: str
    began_at: datetime
    seen_at: datetime
    address: str | None
    """The network address from which the user has logged in."""
    browser: str | None
    """The family of the browser, such as "Firefox on Linux"."""
    is_current: bool
    """Whether it is the session that asks."""


class NewPassword(msgspec.Struct, frozen=True):
    """What a user sends to change the password."""

    email: str
    """The e-mail address of the user."""
    present: str
    new: str


class Profiles(Protocol):
    """Accounts of users. `token` is the secret of a session; after its end nothing is found or changed.

    Each method can raise Unavailable. What security depends on stores security events.
    """

    def get(self, token: str) -> Profile:
        """Return what the user of the session has chosen."""

    def change(self, token: str, profile: Profile) -> None:
        """Store what the user of the session has chosen."""

    def list_sessions(self, token: str) -> Sequence[UserSession]:
        """Return the sessions of the user, the one that was used last first."""

    def end_session(self, token: str, id: str, client: Client) -> None:
        """End another session of the user. The session that asks does not end."""

    def end_other_sessions(self, token: str, client: Client) -> None:
        """End all sessions of the user but the one that asks."""

    def change_password(self, token: str, passwords: NewPassword, client: Client, browser: str | None) -> str | None:
        """Set a new password, and end all other sessions of the user. Return None if the present one is wrong.

        Otherwise return the new secret of the session; the earlier one opens nothing any more.

        Wrong passwords are counted as failed log-ins are. Raises Throttled. For `browser` see `Users.sign_in`.
        """


class Mails(Protocol):
    """What pages need of mails. Each method can raise Unavailable.

    Most mails need no call: events and security events cause them in their own transaction.
    """

    def are_sent(self) -> bool:
        """Return whether the service sends mails. Otherwise nothing causes one, and people pass links on."""

    def request_password(self, email: str, client: Client) -> None:
        """Send a link to set a new password to a user's address. For an unknown address, nothing is sent.

        Both take the same time. Raises Throttled if too many were asked for.
        """
