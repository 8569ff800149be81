"""Accepts the invitation of somebody who has no password yet: the membership and the password are one transaction.

With two transactions, the link of another organization could set the password in between, and so open this one.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from psycopg import Connection
from psycopg.rows import scalar_row

from api.ports.request.deadline import deadline
from api.ports.users import Client, Link
from commands.accounts.people import JoinOrganization
from commands.command import Actor, Context, Person
from commands.dispatch import handle
from domain.accounts.people import people_id
from infra.identity.passwords import hash_password
from infra.identity.sessions import USE_LINK, digest
from infra.log.security_events import security_event_calls, write_lines
from infra.log.unit_of_work import PostgresUnitOfWork
from infra.postgres.database import Row
from infra.postgres.pool import Pool, borrow_connection
from infra.postgres.wire import COMMIT, wire_of


class PostgresInvitations:
    """Implements the port Invitations with a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def accept(self, token: str, link: Link, password: str, client: Client, browser: str | None) -> str | None:
        new_browser = secrets.token_urlsafe(32)
        known = (None if browser is None else digest(browser), digest(new_browser))
        values = (digest(token), hash_password(password), client.address, client.request_id, *known)
        with borrow_connection(self._pool) as conn:
            stored = _accept(conn, link, client, values)
        write_lines(*stored or ())
        return None if stored is None else new_browser


def _accept(conn: Connection[Row], link: Link, client: Client, values: Sequence[Any]) -> Sequence[bytes] | None:
    """Let the user join, and use the link up with these values of USE_LINK. Return the security events.

    None if the link sets no password; then nothing is stored.
    """
    command = JoinOrganization(id=people_id(link.org_id), user_id=link.user_id)
    unit = PostgresUnitOfWork(conn, _context(link, client), secrets.token_bytes)
    try:
        unit.begin(command)
        handle(command, unit)
        joined = _store(conn, unit, command, _context(link, client))
        used: list[bytes] | None = conn.cursor(row_factory=scalar_row).execute(USE_LINK, values).fetchone()
        if used is None:
            unit.rollback()
            return None
        wire_of(conn).send(deadline(), [COMMIT])[0].check()
    except BaseException:
        unit.rollback()
        raise
    return [*joined, *used]


def _store(conn: Connection[Row], unit: PostgresUnitOfWork, command: JoinOrganization, context: Context) -> list[bytes]:
    """Store the events of the command. Return its security events; none if the user has joined before."""
    result, calls, _ = unit.finish()
    if not result.events:
        return []
    wire = wire_of(conn)
    traces = security_event_calls(wire, context, command.trace(), result.id)
    outcome = wire.send(deadline(), [*calls, *traces])[0]
    outcome.check()
    return [outcome.rows(len(calls) + number)[0][0] for number in range(len(traces))]


def _context(link: Link, client: Client) -> Context:
    return Context(
        org_id=link.org_id,
        actor=Actor("user", link.user_id),
        request_id=client.request_id,
        person=Person("user", link.user_id, client.address),
    )
