"""`smartdhandha db migrate`, `status` and `letters`: the schema of the database."""

from __future__ import annotations

import sys
from typing import Any

import click
from psycopg import Connection

from infra.cli.base import database, json_option, load_settings, session
from infra.cli.output import note, show
from infra.identity.upgrade import upgrade
from infra.postgres.database import Row, connect_as_table_owner
from infra.postgres.migrate import list_applied, list_pending
from infra.postgres.schema.checksums import check_unchanged, list_changed
from infra.postgres.schema.files import Migration
from infra.postgres.schema.letters import COMMAND, knows_letters, put_letters_in
from infra.postgres.schema.locks import has_code, list_locks
from infra.telemetry import logs


@click.command("migrate")
@click.option("--dry-run", is_flag=True, help="Change nothing. List the pending migrations and the tables they lock.")
@json_option
def migrate_command(dry_run: bool, json_output: bool) -> None:
    """Apply the pending migrations.

    \b
    Example: smartdhandha db migrate --dry-run
    """
    with session(migrated=False) as (conn, _):
        if dry_run:
            check_unchanged(conn)
            plans = [_plan(conn, migration) for migration in list_pending(conn)]
            lines = [line for plan in plans for line in _render_plan(plan)]
            show({"pending": plans}, json_output, lines or "Nothing to do: no migration is pending.")
            return
        titles = [migration.title for migration in upgrade(conn, note)]
        version = list_applied(conn)[-1]
    nothing = f"Nothing to do: the schema is at version {version}."
    show({"applied": titles, "version": version}, json_output, titles or nothing)


@click.command("status")
@json_option
def status_command(json_output: bool) -> None:
    """Show the version of the schema, the pending migrations, and the applied migrations whose files were changed.

    The exit status is 1 if the file of an applied migration was changed.

    \b
    Example: smartdhandha db status --json
    """
    with session(migrated=False) as (conn, _):
        versions, changed = list_applied(conn), [migration.title for migration in list_changed(conn)]
        titles = [migration.title for migration in list_pending(conn)]
        finds_letters = not versions or knows_letters(conn)
    version = versions[-1] if versions else 0
    waiting = f"pending migrations: {', '.join(titles)}." if titles else "no migration is pending."
    lines = [f"The schema is at version {version}; {waiting}"]
    lines += [f"The file of migration {title} was changed after it was applied to this database." for title in changed]
    lines += [] if finds_letters else [f"Searches in other alphabets than A to Z are slow: run {COMMAND}."]
    fields = {"version": version, "pending": titles, "changed": changed, "searchesAllLetters": finds_letters}
    show(fields, json_output, lines)
    if changed:
        sys.exit(1)


@click.command("letters")
@json_option
def letters_command(json_output: bool) -> None:
    """Put the letters of all languages into the search index. Stop the service first.

    Databases that an earlier version created know the letters A to Z only. In these, a search for a text in Hindi, in
    Tamil or with an accent finds everything, but it reads all objects of the organization. If this command is
    interrupted, run it again.

    \b
    Example: smartdhandha db letters
    """
    settings = load_settings()
    logs.set_up(settings.log_level)
    with database(settings) as conninfo:
        with connect_as_table_owner(conninfo) as conn:
            upgrade(conn, note)
        indexes = put_letters_in(conninfo)
    lines = [f"Made again: {', '.join(indexes)}."] if indexes else ["Nothing to do: the index has all letters."]
    show({"indexes": indexes}, json_output, lines)


def _plan(conn: Connection[Row], migration: Migration) -> dict[str, Any]:
    """Return what the migration would do, as --json prints it."""
    locks = [{"table": each.table, "mode": each.mode, "blocks": each.blocks} for each in list_locks(conn, migration)]
    return {
        "migration": migration.title,
        "inTransaction": migration.is_transactional,
        "hasCode": has_code(migration),
        "locks": locks,
    }


def _render_plan(plan: dict[str, Any]) -> list[str]:
    kind = "one transaction" if plan["inTransaction"] else "statements outside a transaction"
    lines = [f"{plan['migration']}: {kind}"]
    lines += [f"  {lock['table']}: {lock['mode']} ({lock['blocks']})" for lock in plan["locks"]]
    if plan["hasCode"]:
        lines.append("  It runs code (DO): read the file to see what the code locks.")
    return lines if len(lines) > 1 else [*lines, "  It locks no table that exists."]
