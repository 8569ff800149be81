"""Stores the security events that the person at the command line causes."""

from __future__ import annotations

import getpass
import secrets

import msgspec
from psycopg import Connection

from commands.command import Person
from domain.accounts.security_event import SecurityEventKind
from infra.log.security_events import RECORD
from infra.postgres.database import Row


def record_as_operator(
    conn: Connection[Row], kind: SecurityEventKind, org_id: str | None, object_id: str | None = None, **details: object
) -> None:
    """Store an event that the person at the command line has caused. `details` are further facts, as JSON values.

    Nothing is written to the program log, because standard error is for messages to the person.
    """
    person = operator()
    request_id = f"cli_{secrets.token_hex(12)}"
    known = msgspec.json.encode(details).decode()
    conn.execute(RECORD, (kind, org_id, person.type, person.id, object_id, person.address, request_id, known))


def operator() -> Person:
    """Return the person at the command line, named by the user of the operating system, or "unknown"."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = "unknown"
    return Person("operator", name)
