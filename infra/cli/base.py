"""What all commands share: where the database is, and how results are written."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

import click
import msgspec
from psycopg import Connection
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from domain.calendar import instant
from infra.log.heads import get_positions
from infra.postgres.database import Row, connect_owner
from infra.postgres.embedded import running
from infra.postgres.migrate import migrate
from infra.settings import Settings, load

F = TypeVar("F", bound=Callable[..., Any])


class Session(NamedTuple):
    """A connection as the owner, and how to make another."""

    conn: Connection[Row]
    conninfo: str


def as_json(command: F) -> F:
    """Give a command the option --json."""
    return click.option("--json", "json_output", is_flag=True, help="Write JSON, for machines.")(command)


def on_database(command: F) -> F:
    """Give a command the option --database-url, which goes before the setting of that name."""

    def keep(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
        context.meta["database_url"] = value

    return click.option(
        "--database-url",
        metavar="URL",
        callback=keep,
        expose_value=False,
        help="The database (default: DATABASE_URL, or the bundled one).",
    )(command)


org_option = click.option("--org", "org_id", metavar="ID", help="One organization only.")


def settings_here() -> Settings:
    """The settings of this run."""
    environ = dict(os.environ)
    context = click.get_current_context(silent=True)
    if context is not None and context.meta.get("database_url"):
        environ["DATABASE_URL"] = context.meta["database_url"]
    return load(environ)


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """Where the database is: DATABASE_URL, or the bundled PostgreSQL for as long as it is needed."""
    if settings.database_url:
        yield settings.database_url
    else:
        with running(settings.data, on_note=note) as conninfo:
            yield conninfo


@contextmanager
def session(*, prepared: bool = True) -> Iterator[Session]:
    """A connection to the database, with its schema up to date unless told otherwise."""
    with database(settings_here()) as conninfo, connect_owner(conninfo) as conn:
        if prepared:
            migrate(conn)
        yield Session(conn, conninfo)


def show(value: Any, json_output: bool, human: str) -> None:
    """Data on standard output, as JSON or as a person reads it."""
    click.echo(msgspec.json.encode(value, enc_hook=str).decode() if json_output else human)


def note(text: str) -> None:
    """Anything that is not data."""
    click.echo(text, err=True)


def organizations(conn: Connection[Row], org_id: str | None) -> list[str]:
    """The organization that was named, or all of them. Raises UsageError for one that does not exist."""
    found = list(get_positions(conn))
    if org_id is None:
        return found
    if org_id not in found:
        raise click.UsageError(f"There is no organization {org_id}; see: smartdhandha org list")
    return [org_id]


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, a line now and then elsewhere; both on standard error."""
    if sys.stderr.isatty():
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(what, total=total)
            yield lambda count: bar.advance(task, count)
        return
    lines = _Lines(what, total)
    yield lines.advance
    lines.end()


class _Lines:
    """A line for every tenth of the way."""

    def __init__(self, what: str, total: int) -> None:
        self._what, self._total, self._done, self._said = what, total, 0, 0

    def advance(self, count: int) -> None:
        self._done += count
        tenth = self._done * 10 // self._total if self._total else 10
        if tenth > self._said:
            self._said = tenth
            self.say()

    def end(self) -> None:
        if self._said < 10:
            self.say()

    def say(self) -> None:
        note(f"{self._what}: {self._done} of {self._total}")


def table(rows: list[dict[str, Any]]) -> str:
    """Rows in aligned columns under their names; empty for none."""
    if not rows:
        return ""
    lines = [[_cell(value) for value in row.values()] for row in rows]
    lines.insert(0, list(rows[0]))
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
    return "\n".join(line.rstrip() for line in padded)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    if isinstance(value, datetime):
        return instant(value)
    return "-" if value is None else str(value)


def with_instants(row: dict[str, Any]) -> dict[str, Any]:
    """The row, its times as the API writes them."""
    return {name: instant(value) if isinstance(value, datetime) else value for name, value in row.items()}
