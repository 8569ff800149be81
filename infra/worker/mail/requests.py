"""Implements the port for mails with functions of the database."""

from __future__ import annotations

from psycopg.rows import scalar_row

from api.ports.users import Client, Throttled
from domain.accounts.email import MAX_EMAIL_LENGTH
from domain.text import text_key
from infra.log.security_events import write_lines
from infra.postgres.pool import Pool, borrow_connection

ARE_ON = "SELECT mails_are_on()"
REQUEST_PASSWORD = "SELECT wait, events FROM request_password(%s, %s, %s, %s, %s)"  # noqa: S105 -- a statement


class PostgresMails:
    """Implements the port Mails with a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def are_sent(self) -> bool:
        with borrow_connection(self._pool) as conn:
            return bool(conn.cursor(row_factory=scalar_row).execute(ARE_ON).fetchone())

    def request_password(self, email: str, client: Client) -> None:
        key, lower = text_key(email), email.lower()
        if "\0" in email or len(email) > MAX_EMAIL_LENGTH:
            key = lower = ""  # no user has such an address, and PostgreSQL cannot receive U+0000
        with borrow_connection(self._pool) as conn:
            values = (key, lower, client.network, client.address, client.request_id)
            row = conn.execute(REQUEST_PASSWORD, values).fetchone()
        assert row is not None
        wait, events = row
        write_lines(*events or ())
        if wait:
            raise Throttled(wait)
