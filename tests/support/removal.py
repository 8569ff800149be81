"""An organization that a test removes with `smartdhandha org remove`, and what is left of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from commands.body import parse_command
from commands.command import Actor, Context
from commands.invoice import DraftInvoice
from infra.log.command_bus import execute_on
from tests.support.command_line import CommandResult, run
from tests.support.scenarios import invoice_body

NAME = "Sharma Textiles"
SELECT_COLUMNS = """
SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, 2
"""


def draft(conn: Any, org_id: str, count: int) -> None:
    """Draft so many invoices of an organization."""
    for number in range(count):
        context = Context(org_id=org_id, actor=Actor("test", "t"), request_id=f"test_{number}")
        execute_on(conn, parse_command(DraftInvoice, invoice_body(), None), context)


class Leaving(NamedTuple):
    """An organization, and the file for its copy."""

    conn: Any
    env: dict[str, str]
    id: str
    copy: Path

    def words(self, **options: str) -> list[str]:
        """Return the command that removes it, with these options in place of the right ones."""
        right = {"org": self.id, "confirm": NAME, "export": str(self.copy)}
        return ["org", "remove", *(word for name, value in (right | options).items() for word in (f"--{name}", value))]

    def remove(self, status: int = 0, **options: str) -> CommandResult:
        return run(*self.words(**options), env=self.env, status=status)

    def removed(self) -> dict[str, Any]:
        """Remove it, and return what the command prints."""
        found: dict[str, Any] = json.loads(run(*self.words(), "--json", env=self.env).out)
        return found


def columns(conn: Any) -> dict[str, list[str]]:
    """Return the columns of each table."""
    found: dict[str, list[str]] = {}
    for table, column in conn.execute(SELECT_COLUMNS):
        found.setdefault(table, []).append(column)
    return found


def rows(conn: Any) -> dict[str, list[str]]:
    """Return all rows of all tables as texts."""
    return {
        table: sorted(text for (text,) in conn.execute(f'SELECT t::text FROM public."{table}" t'))
        for table in columns(conn)
    }


def rows_with(conn: Any, *texts: str) -> dict[str, list[str]]:
    """Return the rows in which one of the texts is, of each table that has some."""
    every = {table: [row for row in found if any(text in row for text in texts)] for table, found in rows(conn).items()}
    return {table: found for table, found in every.items() if found}


def tables_that_name(conn: Any, texts: Sequence[str]) -> set[str]:
    """Return the tables with a row in which one of the texts is."""
    return {*rows_with(conn, *texts)}
