"""Stores security events, and writes a line about each into the program log."""

from __future__ import annotations

import getpass
import logging
import secrets
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import scalar_row

from api.ports.security_events import SecurityEvent
from domain.accounts.security_event import SecurityEventKind
from infra.postgres.database import Row
from infra.postgres.pool import Pool, borrow_connection

logger = logging.getLogger("smartdhandha.security")

RECORD = "SELECT record_security_event(%s, %s, %s, %s, %s, %s, %s, %s)"


class PostgresSecurityEvents:
    """The port SecurityEvents, on a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def record(self, *events: SecurityEvent) -> None:
        with borrow_connection(self._pool) as conn, conn.transaction():
            stored = [_insert(conn, *_values(event)) for event in events]
        write_lines(*stored)


def record_as_operator(
    conn: Connection[Row], kind: SecurityEventKind, org_id: str | None, object_id: str | None = None, **details: object
) -> None:
    """Store an event that the person at the command line has caused. `details` are further facts, as JSON values.

    It writes no line: what a command prints is for the person, who reads the stored events with `audit security`.
    """
    request_id = f"cli_{secrets.token_hex(12)}"
    known = msgspec.json.encode(details).decode()
    _insert(conn, kind, org_id, "operator", operator_name(), object_id, None, request_id, known)


def operator_name() -> str:
    """Return the name of the operating system's account that runs this program; "unknown" if it has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def write_lines(*stored: bytes) -> None:
    """Write a line for each event into the program log. Call it when the events' transaction is committed."""
    for event in stored:
        facts = msgspec.json.decode(event, type=dict[str, Any])
        logger.info("%s", facts.pop("kind"), extra={"facts": facts})


def _insert(conn: Connection[Row], *values: object) -> bytes:
    stored = conn.cursor(row_factory=scalar_row).execute(RECORD, values).fetchone()
    assert isinstance(stored, bytes)
    return stored


def _values(event: SecurityEvent) -> tuple[object, ...]:
    client = event.client
    who = (event.org_id, event.actor_type, event.actor_id, event.object_id)
    return (event.kind, *who, client.address, client.request_id, None)
