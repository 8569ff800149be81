"""The port for the people of an organization, and for the links that let them in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec

from api.ports.users import Client, Link


class PersonRow(msgspec.Struct, frozen=True):
    """Somebody who belongs to an organization, or is invited to it."""

    id: str
    email: str
    name: str | None
    """None for somebody who has given none, and for somebody who is only invited."""
    role: str
    status: str
    """`active`, or `invited`."""
    has_factor: bool
    """Whether a log-in asks for a second factor. False for somebody who is only invited."""
    created_at: datetime
    last_seen_at: datetime | None
    """None for somebody who is invited: when the person has used other organizations is told to nobody."""


class NewAccess(NamedTuple):
    """The path of a link that works once, until `expires_at`. Only its hash is stored."""

    path: str
    expires_at: datetime


class InvitationMail(NamedTuple):
    """What is known of the mails with invitations of an organization to one person."""

    due_at: datetime | None
    """When the mail that waits is sent, if this is later than now."""
    free_at: datetime | None
    """From when on another mail can be sent; None if now. Until then nothing is sent."""


class People(Protocol):
    """The people of an organization. Each method can raise Unavailable. Who belongs to it is changed by commands."""

    def list_people(self, org_id: str) -> Sequence[PersonRow]:
        """Return who belongs to the organization or is invited to it, in the order of the e-mail addresses."""

    def find_or_add_user(self, org_id: str, email: str) -> str:
        """Return the id of the user with this e-mail address. A new one belongs to no organization yet.

        Raises InvalidValue for a text that is no e-mail address.
        """

    def create_invitation(self, org_id: str, user_id: str, by: str, client: Client) -> NewAccess | None:
        """Return a new link by which somebody accepts an invitation. Earlier links of the invitation stop working.

        Return None for somebody who is not invited, and if the user `by` may not do this: only owners make links for
        owners. Stores a security event.
        """

    def send_invitation(self, org_id: str, user_id: str) -> None:
        """Send the mail of an invitation again, with a new link. Nothing is sent to somebody who is not invited."""

    def get_invitation_mail(self, org_id: str, user_id: str) -> InvitationMail:
        """Return when a mail with an invitation to this person is sent."""

    def create_password_link(self, org_id: str, user_id: str, by: str, client: Client) -> NewAccess | None:
        """Return a new link by which a user of the organization sets a password. Earlier ones stop working.

        Return None if the user `by` may not do this: only owners make links for owners, and only for a user who belongs
        to no other organization. Stores a security event.
        """


class Invitations(Protocol):
    """Lets people accept invitations. The method can raise Unavailable. Stores security events."""

    def accept(self, token: str, link: Link, password: str, client: Client, browser: str | None) -> str | None:
        """Set the first password of the link's user, let the user belong to the organization, and use up the link.

        All of it or nothing. Return the new secret of the browser (`NewSession.browser`). Return None if the link was
        used or has expired, or if the user has a password or belongs to another organization by now. For `browser` see
        `Users.sign_in`. Raises NotFound if the invitation was withdrawn.
        """
