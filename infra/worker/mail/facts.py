"""What the text of a mail says, and in which language: from the database as it is when the mail is sent."""

from __future__ import annotations

from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import dict_row

from api.pages.translation import ENGLISH
from commands.accounts.mail import TO_MANAGERS, MailKind
from domain.accounts.budget import Budget
from domain.accounts.user import MANAGER_ROLES
from domain.api_key import ApiKey
from domain.webhook import Webhook
from infra.postgres.database import Row
from infra.worker.mail.links import make_link
from infra.worker.mail.outbox import Claim

_LANGUAGE = "SELECT language FROM users WHERE user_id = %s"
_IS_CONCERNED = """
SELECT FROM users u WHERE u.user_id = %s AND u.removed_at IS NULL AND (NOT %s OR EXISTS (
    SELECT FROM organizations o JOIN all_members m ON m.org_id = coalesce(o.live_organization, o.org_id)
    WHERE o.org_id = %s AND m.user_id = u.user_id AND m.status = 'active' AND m.role = ANY (%s)
))
"""
_ORGANIZATION = "SELECT name AS organization, time_zone FROM organizations WHERE org_id = %s"
_ROLE = "SELECT role FROM all_members WHERE org_id = %s AND user_id = %s"
_KEY = "SELECT name, last_four, found_at, credit_limit FROM api_keys WHERE org_id = %s AND id = %s"
_WEBHOOK = "SELECT url FROM webhooks WHERE org_id = %s AND id = %s"
_BUDGET = "SELECT credit_limit FROM budgets WHERE org_id = %s AND id = %s"
_OBJECTS = {
    ApiKey.id_prefix: ("key", _KEY),
    Budget.id_prefix: ("budget", _BUDGET),
    Webhook.id_prefix: ("webhook", _WEBHOOK),
}
"""What a mail can be about, by the prefix of the id."""


def gather_facts(conn: Connection[Row], claimed: Claim) -> dict[str, Any]:
    """Return the facts of a claimed mail, with a new link if its kind has one.

    Raises LookupError if the mail has become pointless, because what it is about, or who gets it, is no longer there.
    """
    _check_is_concerned(conn, claimed)
    facts: dict[str, Any] = {"organization": None, "time_zone": "UTC", **msgspec.json.decode(claimed.facts)}
    facts |= _one(conn, _ORGANIZATION, claimed.org_id) or {}
    if claimed.kind == MailKind.INVITATION:
        facts |= _one(conn, _ROLE, claimed.org_id, claimed.user_id) or {}
    object_id = facts.get("object")
    if object_id is not None:
        name, sql = _OBJECTS[object_id.partition("_")[0]]
        facts[name] = _one(conn, sql, claimed.org_id, object_id)
        if facts[name] is None:
            raise LookupError(f"there is no {object_id} any more")
    return {**facts, "link": make_link(conn, claimed)}


def _check_is_concerned(conn: Connection[Row], claimed: Claim) -> None:
    """Raise LookupError if the user was removed since the mail was added, or may not know any more what it says."""
    values = (claimed.user_id, claimed.kind in TO_MANAGERS, claimed.org_id, [*MANAGER_ROLES])
    if claimed.user_id is not None and not conn.execute(_IS_CONCERNED, values).rowcount:
        raise LookupError("the user was removed, or is neither owner nor admin any more")


def language_of(conn: Connection[Row], user_id: str | None) -> str:
    """Return the language that the user chose; English before a choice, and for somebody who is no user."""
    return (_one(conn, _LANGUAGE, user_id) or {}).get("language") or ENGLISH


def _one(conn: Connection[Row], sql: str, *values: str | None) -> dict[str, Any] | None:
    return conn.cursor(row_factory=dict_row).execute(sql, values).fetchone()
