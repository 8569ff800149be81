"""`smartdhandha db`: the database's schema, and documents that have the same number."""

from __future__ import annotations

import click

from infra.audit.number_conflicts import NumberConflict, list_number_conflicts
from infra.cli.base import json_option, org_option, select_organizations, session
from infra.cli.output import note, show
from infra.log.heads import list_unkeyed
from infra.postgres.migrate import Migration, list_applied, list_pending, migrate


@click.group("db")
def db_group() -> None:
    """The schema of the database, and documents that have the same number."""


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
    nothing = f"Nothing to do: the schema is at version {version}."
    show({"applied": names, "version": version}, json_output, names or nothing)


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


@db_group.command("clashes")
@org_option
@json_option
def clashes_command(org_id: str | None, json_output: bool) -> None:
    """List the documents that have the same number as an earlier document.

    Earlier versions of the service stored them, because they did not compare numbers by key. Each of these documents
    can still be read, paid and changed. To take a document off this list, change its number or that of the earlier one,
    or make it void if it is a bill that was entered twice.

    \b
    Example: smartdhandha db clashes --org org_01J…
    """
    with session() as (conn, _):
        select_organizations(conn, org_id)
        found, waiting = list_number_conflicts(conn, org_id), len(list_unkeyed(conn, org_id))
    if waiting:
        note(f"The background worker has not yet compared all documents of {waiting} organizations. Try again later.")
    lines = [_describe(conflict) for conflict in found]
    show([_to_json(each) for each in found], json_output, lines or "No two documents have the same number.")


def _describe(conflict: NumberConflict) -> str:
    marked = f"{conflict.kind} {conflict.id} ({conflict.number!r})"
    holder = f"{conflict.kind} {conflict.holder_id} ({conflict.holder_number!r})"
    return f"{conflict.org_id}: {marked} has the number of {holder}"


def _to_json(conflict: NumberConflict) -> dict[str, str]:
    return {
        "orgId": conflict.org_id,
        "type": conflict.kind,
        "id": conflict.id,
        "number": conflict.number,
        "holderId": conflict.holder_id,
        "holderNumber": conflict.holder_number,
    }


def _name_of(migration: Migration) -> str:
    return f"{migration.version:04d} {migration.name}"
