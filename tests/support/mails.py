"""Mails in the outbox, and senders of them in a thread of the test."""

from __future__ import annotations

import threading
from typing import Any

from infra.identity.organizations import create_organization
from infra.settings.mail import Mailbox, SmtpServer
from infra.worker.mail.client import MailClient
from infra.worker.mail.outbox import turn_mails
from infra.worker.mail.sender import MailSender
from tests.support.console import new_user

MAILBOX = Mailbox("SmartDhandha", "no-reply@example.in")
ORIGIN = "https://books.example.in"


def client_of(port: int, step_seconds: float = 30.0, message_seconds: float = 30.0, **fields: Any) -> MailClient:
    """Return a client of a server on this machine, without encryption."""
    server = SmtpServer("127.0.0.1", port, fields.pop("security", "none"), **fields)
    return MailClient(server, MAILBOX.address, step_seconds, message_seconds)


class RunningMailSender:
    """Sends mails until the end of the block."""

    def __init__(self, conninfo: str, port: int, **options: Any) -> None:
        self.outcomes: list[str] = []
        client = client_of(port, **options)
        self._sender = MailSender(
            conninfo, client, MAILBOX, ORIGIN, lambda outcome: self.outcomes.append(outcome.value)
        )
        self._thread = threading.Thread(target=self._sender.run)

    def __enter__(self) -> RunningMailSender:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._sender.stop()
        self._thread.join()


def organization_with_mails(conn: Any, name: str = "Test Traders") -> str:
    """Create an organization in a database that sends mails; return its id."""
    turn_mails(conn, is_on=True)
    return create_organization(conn, name).id


def add_reset(conn: Any, org_id: str, email: str | None = None) -> Any:
    """Add the mail of a user who has forgotten the password; return the user. `email` is put into the row as it is."""
    user = new_user(conn, org_id, "viewer").user
    address = user.email if email is None else email
    add = "SELECT add_mail('password_reset', %s, %s, %s, '{\"network\": \"192.0.2.1\"}')"
    conn.execute(add, (org_id, user.id, address))
    return user


def kinds(conn: Any, user_id: str | None = None) -> list[str]:
    """Return the kinds of the mails that wait, those of all users or of one."""
    sql = "SELECT kind FROM mails WHERE status = 'queued' AND (%s::text IS NULL OR user_id = %s) ORDER BY queued_at"
    return [kind for (kind,) in conn.execute(sql, (user_id, user_id))]


def mail_of(conn: Any, user_id: str) -> dict[str, Any]:
    """Return the row of the only mail to a user."""
    columns = ("kind", "status", "address", "attempts", "is_claimed", "result", "facts", "due")
    sql = "SELECT kind, status, address, attempts, is_claimed, result, facts, due_at <= clock_timestamp() FROM mails"
    (row,) = conn.execute(f"{sql} WHERE user_id = %s", (user_id,)).fetchall()
    return dict(zip(columns, row, strict=True))


def make_mails_due(conn: Any) -> None:
    """Let every mail be due now, as if its time had come, or the claim of a killed sender had ended."""
    conn.execute("UPDATE mails SET due_at = clock_timestamp() WHERE status = 'queued'")
