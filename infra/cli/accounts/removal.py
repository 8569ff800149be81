"""`smartdhandha org remove`: removes an organization wholly, after a copy of it was saved."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click
from psycopg import Connection

from domain.accounts.mode import is_live
from domain.accounts.security_event import SecurityEventKind
from domain.text import counted
from infra.audit.proofs.log_keys import get_signer
from infra.audit.removal.copies import save_copy
from infra.audit.removal.refusals import RemovalRefused
from infra.audit.removal.remove import Removed, remove_organization
from infra.cli.audit.new_file import check_new, new_file
from infra.cli.audit.prove import secret_box
from infra.cli.base import database_option, json_option, session, unknown_organization
from infra.cli.output import show
from infra.identity.organizations import list_organizations
from infra.identity.security_events import operator_transaction
from infra.postgres.database import Row
from infra.projector.tables.lock import is_rebuilding


@click.command("remove")
@click.option("--org", "org_id", metavar="ID", required=True, help="The organization.")
@click.option("--confirm", "name", required=True, metavar="NAME", help="The name of the organization, as it is listed.")
@click.option(
    "--export",
    "path",
    type=click.Path(path_type=Path),
    required=True,
    help="A new file for a copy of its log, in the format of `audit export`. Nothing is removed without it.",
)
@database_option
@json_option
def org_remove(org_id: str, name: str, path: Path, json_output: bool) -> None:
    """Remove an organization with its test organization, and all that is stored about them. It cannot be undone.

    A copy of its log is written first, readable for its owner alone, and checked. A signed record of the removal stays,
    by which `audit verify` knows it from a log that somebody has deleted.

    \b
    Example: smartdhandha org remove --org org_01J… --confirm "Sharma Textiles" --export sharma.jsonl
    """
    with session() as (conn, _):
        _check(conn, org_id, name)
        check_new(path)
        removed = _remove(conn, org_id, path)
    result = {
        "file": str(path),
        "organizations": removed.organizations,
        "events": removed.events,
        "users": removed.users,
        "record": removed.note,
    }
    lines = [
        f"{org_id} is removed: {counted(removed.events, 'event')}, {counted(removed.users, 'user')}. Its copy: {path}",
        "The signed record of the removal:",
        "",
        *removed.note.splitlines(),
    ]
    show(result, json_output, lines)


def _remove(conn: Connection[Row], org_id: str, path: Path) -> Removed:
    signer = get_signer(conn, secret_box())
    with operator_transaction(conn) as record:
        if is_rebuilding(conn):
            raise RemovalRefused("Projections are being rebuilt; remove the organization when this has ended.")
        removed = remove_organization(conn, org_id, signer, lambda orgs: save_new_copy(conn, orgs, path, "removed"))
        head, copy_hash = removed.removal.head, removed.removal.copy_hash
        end = {"position": head.position, "chainHash": head.chain_hash.hex(), "copyHash": copy_hash}
        record(SecurityEventKind.ORGANIZATION_REMOVED, None, org_id, **end)
    return removed


def _check(conn: Connection[Row], org_id: str, name: str) -> None:
    if not is_live(org_id):
        raise click.UsageError("A test organization is removed with its live organization: name that one.")
    found = list_organizations(conn, org_id) or unknown_organization(org_id)
    if name.strip() != found[0].name:
        raise click.UsageError(f"{org_id} is called {found[0].name!r}: repeat this name with --confirm.")


def save_new_copy(conn: Connection[Row], orgs: Sequence[str], path: Path, done: str) -> str:
    """Write the copy, and return its hash. It is on the disk under its name before anything is done (see save_copy)."""
    with new_file(path) as unfinished:
        hash = save_copy(conn, orgs, unfinished, done)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return hash
