"""`smartdhandha db`: the database's schema."""

from __future__ import annotations

import click

from infra.cli.base import json_option, session, show
from infra.postgres.migrate import Migration, list_applied, list_pending, migrate


@click.group("db")
def db_group() -> None:
    """The schema of the database."""


@db_group.command("migrate")
@json_option
def migrate_command(json_output: bool) -> None:
    """Apply the pending migrations.

    \b
    Example: smartdhandha db migrate
    """
    with session(migrated=False) as (conn, _):
        names = [_name_of(migration) for migration in migrate(conn)]
        version = list_applied(conn)[-1]
    text = "\n".join(names) or f"Nothing to do: the schema is at version {version}."
    show({"applied": names, "version": version}, json_output, text)


@db_group.command("status")
@json_option
def status_command(json_output: bool) -> None:
    """Show the version of the schema and the pending migrations.

    \b
    Example: smartdhandha db status --json
    """
    with session(migrated=False) as (conn, _):
        versions, names = list_applied(conn), [_name_of(migration) for migration in list_pending(conn)]
    version = versions[-1] if versions else 0
    waiting = f"pending migrations: {', '.join(names)}." if names else "no migration is pending."
    show({"version": version, "pending": names}, json_output, f"The schema is at version {version}; {waiting}")


def _name_of(migration: Migration) -> str:
    return f"{migration.version:04d} {migration.name}"
