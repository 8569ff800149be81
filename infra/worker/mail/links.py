"""One-time links in mails. A link is made when its mail is sent, so its token is nowhere but in the mail."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import NamedTuple

from psycopg import Connection

from commands.accounts.mail import MailKind
from infra.identity.sessions import digest
from infra.postgres.database import Row
from infra.worker.mail.outbox import Claim

INSERT_LINK = """
INSERT INTO user_links (token_hash, expires_at, user_id)
SELECT %(hash)s, clock_timestamp() + %(lifetime)s, user_id FROM users WHERE user_id = %(user)s AND removed_at IS NULL
"""
INSERT_INVITATION = """
INSERT INTO user_links (token_hash, expires_at, user_id, purpose, org_id)
SELECT %(hash)s, clock_timestamp() + %(lifetime)s, user_id, 'invitation', org_id FROM memberships
WHERE user_id = %(user)s AND org_id = %(org)s AND status = 'invited'
"""
INSERT_SIGN_UP = """
INSERT INTO signups (token_hash, expires_at, email)
SELECT %(hash)s, clock_timestamp() + %(lifetime)s, %(address)s
WHERE NOT is_known_address(%(address)s, lower(%(address)s))
"""


class _LinkKind(NamedTuple):
    insert: str
    path: str
    lifetime: timedelta


LINKS = {
    MailKind.PASSWORD_RESET: _LinkKind(INSERT_LINK, "/password/{token}", timedelta(hours=1)),
    MailKind.INVITATION: _LinkKind(INSERT_INVITATION, "/invitation/{token}", timedelta(days=7)),
    MailKind.ADDRESS_CONFIRMATION: _LinkKind(INSERT_SIGN_UP, "/signup/{token}", timedelta(days=1)),
}
"""The kinds of mails with a link. It works once, and for this time after the mail was sent."""


def make_link(conn: Connection[Row], claimed: Claim) -> str | None:
    """Return the path of a new link for a mail; None if its kind has none. Only a hash of its token is stored.

    Raises LookupError if the user was removed, the invitation accepted or withdrawn, or somebody has signed up.
    """
    link = LINKS.get(MailKind(claimed.kind))
    if link is None:
        return None
    token = secrets.token_urlsafe(32)
    values = {"hash": digest(token), "lifetime": link.lifetime, "user": claimed.user_id, "org": claimed.org_id}
    if not conn.execute(link.insert, {**values, "address": claimed.address}).rowcount:
        raise LookupError("the user was removed or has signed up, or the invitation was accepted or withdrawn")
    return link.path.format(token=token)
