"""The security events that the person at the command line causes: each is stored, and is a line of the program log."""

from __future__ import annotations

import getpass
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import msgspec
from psycopg import Connection

from commands.command import Person
from domain.accounts.security_event import SecurityEventKind
from infra.log.security_events import RECORD, write_lines
from infra.postgres.database import Row


class Record(Protocol):
    """Stores an event. `details` are further facts, as JSON values."""

    def __call__(
        self, kind: SecurityEventKind, org_id: str | None, object_id: str | None = None, **details: object
    ) -> None: ...


@contextmanager
def operator_transaction(conn: Connection[Row]) -> Iterator[Record]:
    """Run the block in a transaction. It yields a function that stores events of the person at the command line.

    When the transaction is committed, each event is written as a line of the program log.
    """
    person, stored = operator(), list[bytes]()

    def record(kind: SecurityEventKind, org_id: str | None, object_id: str | None = None, **details: object) -> None:
        request_id, known = f"cli_{secrets.token_hex(12)}", msgspec.json.encode(details).decode()
        values = (kind, org_id, person.type, person.id, object_id, person.address, request_id, known)
        stored.extend(event for (event,) in conn.execute(RECORD, values))

    with conn.transaction():
        yield record
    write_lines(*stored)


def record_as_operator(conn: Connection[Row], kind: SecurityEventKind, org_id: str | None, **details: object) -> None:
    """Store one event of the person at the command line, and write its line. `details` are as for Record."""
    with operator_transaction(conn) as record:
        record(kind, org_id, None, **details)


def operator() -> Person:
    """Return the person at the command line, named by the user of the operating system, or "unknown"."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = "unknown"
    return Person("operator", name)
