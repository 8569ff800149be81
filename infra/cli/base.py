"""What all commands share: options, access to the database, and the output of tables."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple, NoReturn, TypeVar

import click
import msgspec
from psycopg import Connection, ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from api.pages.printable import printable
from domain.calendar import instant
from domain.reading import InvalidValue
from domain.reading.when import parse_duration, read_since
from infra.cli.output import note
from infra.identity.organizations import get_time_zone
from infra.identity.upgrade import upgrade
from infra.log.heads import get_positions
from infra.postgres.database import Row, connect_as_table_owner, get_now
from infra.postgres.embedded import keep_postgres
from infra.postgres.logins import Logins
from infra.settings import Settings, load
from infra.telemetry import logs

F = TypeVar("F", bound=Callable[..., Any])


class Session(NamedTuple):
    """A connection as the table owner, and the conninfo that opens further connections."""

    conn: Connection[Row]
    conninfo: str


class Parsed(click.ParamType[Any]):
    """The type of an option whose value is `parse(text)`. If `parse` raises InvalidValue, the option is refused."""

    name = "text"

    def __init__(self, parse: Callable[[str], Any]) -> None:
        self._parse = parse

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return self._parse(value)
        except InvalidValue as error:
            self.fail(f"{error}, not {value!r}.", param, ctx)


@contextmanager
def checked_option(param_hint: str) -> Iterator[None]:
    """Run the block. If it raises InvalidValue, raise BadParameter for the option `param_hint`."""
    try:
        yield
    except InvalidValue as error:
        raise click.BadParameter(f"{error}.", param_hint=param_hint) from None


org_option = click.option("--org", "org_id", metavar="ID", help="One organization only (default: all).")


def overlap_option(meaning: str) -> Callable[[F], F]:
    """Return the option --overlap of a command that replaces a secret. `meaning` begins its help."""
    return click.option(
        "--overlap", type=Parsed(parse_duration), default="24h", show_default=True, help=f"{meaning}: 0 to 7d."
    )


def json_option(command: F) -> F:
    """Add the option --json."""
    return click.option("--json", "json_output", is_flag=True, help="Print JSON.")(command)


def database_option(command: F) -> F:
    """Add the option --database-url. It has priority over the setting DATABASE_URL."""

    def store(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
        if value and _has_password(value):
            raise click.BadParameter(
                "must not contain a password, because the list of processes shows it to all users of this machine: put "
                "the password into DATABASE_URL, PGPASSWORD or a file that PGPASSFILE names."
            )
        context.meta["database_url"] = value

    return click.option(
        "--database-url",
        metavar="URL",
        callback=store,
        expose_value=False,
        help="The database, without a password (default: DATABASE_URL, or the bundled PostgreSQL).",
    )(command)


def _has_password(conninfo: str) -> bool:
    try:
        return "password" in conninfo_to_dict(conninfo)
    except ProgrammingError:  # `load` reports this error
        return False


def load_settings() -> Settings:
    """Return the settings from the environment. The option --database-url has priority over DATABASE_URL."""
    environ = dict(os.environ)
    context = click.get_current_context(silent=True)
    if context is not None and context.meta.get("database_url"):
        environ["DATABASE_URL"] = context.meta["database_url"]
    return load(environ)


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """Yield the owner's conninfo of the database: DATABASE_URL, or the bundled PostgreSQL.

    The bundled PostgreSQL runs during the block.
    """
    with kept_database(settings) as (logins, _):
        yield logins.owner


@contextmanager
def kept_database(settings: Settings, group: int | None = None) -> Iterator[tuple[Logins, Callable[[], None]]]:
    """Yield both log-ins of the database, and a function that restarts the bundled PostgreSQL if it has ended.

    Call the function each second. With DATABASE_URL, it does nothing. For `group`, see `run_postgres`.
    """
    if settings.database_url:
        yield Logins(settings.database_url, settings.app_database_url, settings.read_url), lambda: None
    else:
        with keep_postgres(settings.data, on_note=note, group=group) as kept:
            yield kept


@contextmanager
def session(*, migrated: bool = True) -> Iterator[Session]:
    """Yield a connection to the database. Before that, apply the pending migrations, unless `migrated` is false.

    The program log is written to standard error from now on.
    """
    settings = load_settings()
    logs.set_up(settings.log_level)
    with database(settings) as conninfo, connect_as_table_owner(conninfo) as conn:
        if migrated:
            upgrade(conn, note)
        yield Session(conn, conninfo)


def select_organizations(conn: Connection[Row], org_id: str | None) -> list[str]:
    """Return a list with `org_id`; for None, the ids of all organizations. Raises UsageError for an unknown id."""
    known = list(get_positions(conn))
    if org_id is None:
        return known
    return [org_id] if org_id in known else unknown_organization(org_id)


def unknown_organization(org_id: str) -> NoReturn:
    """Raise the UsageError for an id that no organization has."""
    raise click.UsageError(f"There is no organization {org_id!r}. List them with: smartdhandha org list")


def first_instant(conn: Connection[Row], since: str, org_id: str | None) -> datetime:
    """Return the instant at which the value of the option --since begins. Raises BadParameter for a wrong value.

    A day, or a time without an offset, is in the time zone of the organization; without an organization, in UTC.
    """
    with checked_option("--since"):
        when = read_since(since, get_now(conn))
        return when.first_instant("UTC" if org_id is None else get_time_zone(conn, org_id))


def render_table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the rows as lines of aligned columns, after a line with the names of the columns.

    Without rows, return no line.
    """
    if not rows:
        return []
    lines = [[printable(_render_cell(value)) for value in row.values()] for row in rows]
    lines.insert(0, list(rows[0]))
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
    return [line.rstrip() for line in padded]


def render_row(row: msgspec.Struct) -> dict[str, Any]:
    """Return the row's fields by their names in JSON. Timestamps have the format of the API."""
    fields: dict[str, Any] = msgspec.to_builtins(row, builtin_types=(datetime,))
    return {name: instant(value) if isinstance(value, datetime) else value for name, value in fields.items()}


def _render_cell(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    if isinstance(value, datetime):
        return instant(value)
    return "-" if value is None else str(value)
