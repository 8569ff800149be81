"""Log-ins to PostgreSQL that a test makes for itself, with any attributes."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import Connection, sql
from psycopg.conninfo import make_conninfo

from infra.postgres.database import APP_ROLE
from tests.support.postgres import application_login

GRANT = f"GRANT {APP_ROLE} TO {{}} WITH INHERIT TRUE, SET FALSE"
"""The statement that gives a log-in the permissions of the application (docs/operations.md)."""


@contextmanager
def connected(conninfo: str) -> Iterator[Connection[Any]]:
    """Yield a connection in autocommit mode, whose settings are those of the log-in."""
    with psycopg.connect(conninfo, autocommit=True) as conn:
        yield conn


@contextmanager
def application_of(database: str) -> Iterator[Connection[Any]]:
    """Yield a connection to a database as the application's log-in of the bundled server."""
    with connected(application_login(database)) as conn:
        yield conn


@contextmanager
def new_login(database: str, *statements: str) -> Iterator[str]:
    """Yield the conninfo of a new log-in, after the owner has executed these statements. `{}` stands for its name."""
    name = f"login_{uuid.uuid4().hex[:8]}"
    with connected(database) as owner:
        owner.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'x'").format(sql.Identifier(name)))
        try:
            for statement in statements:
                owner.execute(statement.format(name))
            yield make_conninfo(database, user=name, password="x")
        finally:
            owner.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(name)))
            owner.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))
