"""The outbox: mails that are due, and what came of them, on a connection of the table owner in autocommit mode.

A claim is stored before its attempt begins, and the answer of the server at once after it. So a mail whose answer was
stored is never sent again; between the two is the only moment in which a killed sender leaves a mail of which nobody
knows whether it was sent.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.errors import OperationalError, ReadOnlySqlTransaction
from psycopg.rows import args_row

from commands.accounts.mail import REFUSED, SENT, MailKind
from domain.accounts.security_event import SecurityEventKind
from infra.log.security_events import RECORD, write_lines
from infra.postgres.database import Row
from infra.worker.mail.answer import Answer, Outcome
from infra.worker.mail.schedule import delay_after

logger = logging.getLogger("smartdhandha.mail")

_SET_UP = "UPDATE mail_setup SET is_on = %s WHERE is_on <> %s"
_ADD = (
    "SELECT add_mail(%s, u.org_id, u.user_id, u.email, %s) FROM users u WHERE u.user_id = %s AND u.removed_at IS NULL"
)
_IS_DUE = "SELECT EXISTS (SELECT FROM mails WHERE status = 'queued' AND due_at <= clock_timestamp())"
CLAIM = """
WITH due AS (
    SELECT mail_id, is_claimed FROM mails WHERE status = 'queued' AND due_at <= clock_timestamp()
    ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
)
UPDATE mails m SET due_at = clock_timestamp() + %s, attempts = m.attempts + 1, is_claimed = true
FROM due WHERE m.mail_id = due.mail_id
RETURNING m.mail_id, m.kind, m.org_id, m.user_id, m.address, m.facts, m.queued_at, m.attempts, due.is_claimed
"""
# A mail that was given up meanwhile, or that another sender has sent after the claim had ended, is not changed.
_END = """
UPDATE mails SET status = %s, address = NULL, facts = '{}', is_claimed = false, ended_at = clock_timestamp(),
    result = %s
WHERE mail_id = %s AND status = 'queued'
"""
_POSTPONE = """
UPDATE mails SET due_at = clock_timestamp() + %s, is_claimed = %s, result = %s WHERE mail_id = %s AND status = 'queued'
"""


class Claim(NamedTuple):
    """A mail that this sender has claimed."""

    id: UUID
    kind: str
    org_id: str | None
    user_id: str | None
    address: str
    facts: bytes
    """A JSON object."""
    queued_at: datetime
    attempts: int
    """The number of attempts, with this one."""
    may_be_sent: bool
    """Whether the end of an earlier attempt is unknown."""


def turn_mails(conn: Connection[Row], is_on: bool) -> None:
    """Store whether the installation sends mails. If not, nothing is added to the outbox.

    While the database cannot be written, this is not stored, and the service starts all the same.
    """
    try:
        conn.execute(_SET_UP, (is_on, is_on))
    except (ReadOnlySqlTransaction, OperationalError) as error:
        logger.warning("whether mails are sent could not be stored, so start the service again later: %s", error)


def enqueue(conn: Connection[Row], kind: MailKind, user_id: str, facts: Mapping[str, Any]) -> None:
    """Add a mail to a user in the transaction of the connection, if the installation sends mails.

    `facts` are what its template says, as JSON values.
    """
    conn.execute(_ADD, (kind.value, msgspec.json.encode(facts).decode(), user_id))


def is_mail_due(conn: Connection[Row]) -> bool:
    """Return whether there is a mail to claim."""
    return conn.execute(_IS_DUE).fetchone() == (True,)


def claim(conn: Connection[Row], lease: timedelta) -> Claim | None:
    """Claim the mail that is due for longest, for the time `lease`; return None if there is none."""
    return conn.cursor(row_factory=args_row(Claim)).execute(CLAIM, (lease,)).fetchone()


def record_answer(conn: Connection[Row], claimed: Claim, answer: Answer) -> None:
    """Store what came of an attempt. The mail's address and facts are deleted if there is no further one."""
    if answer.outcome is Outcome.SENT:
        conn.execute(_END, (SENT, answer.text, claimed.id))
    elif answer.outcome is Outcome.REFUSED:
        _refuse(conn, claimed, answer.text)
    else:
        delay = delay_after(answer.outcome, claimed.attempts)
        is_unknown = answer.outcome is Outcome.UNKNOWN or claimed.may_be_sent
        conn.execute(_POSTPONE, (delay, is_unknown, answer.text, claimed.id))


def _refuse(conn: Connection[Row], claimed: Claim, reason: str) -> None:
    details = msgspec.json.encode({"mail": claimed.kind, "reason": reason}).decode()
    kind, request = SecurityEventKind.MAIL_REFUSED.value, f"mail_{secrets.token_hex(12)}"
    stored: list[bytes] = []
    with conn.transaction():
        if conn.execute(_END, (REFUSED, reason, claimed.id)).rowcount:
            values = (kind, claimed.org_id, None, None, claimed.user_id, None, request, details)
            stored = [event for (event,) in conn.execute(RECORD, values)]
    write_lines(*stored)
