"""`smartdhandha db clashes`: documents that have the same number."""

from __future__ import annotations

import click

from domain.text import counted
from infra.audit.number_conflicts import NumberConflict, list_number_conflicts
from infra.cli.base import json_option, org_option, select_organizations, session
from infra.cli.output import note, show
from infra.log.heads import list_unkeyed


@click.command("clashes")
@org_option
@json_option
def clashes_command(org_id: str | None, json_output: bool) -> None:
    """List the documents that have the same number as an earlier document.

    Earlier versions of the service stored such documents, because they compared numbers less strictly. The documents
    can still be read, paid and changed. To remove a document from this list, change its number or the number of the
    earlier document. If it is a bill that was entered twice, make it void.

    \b
    Example: smartdhandha db clashes --org org_01J…
    """
    with session() as (conn, _):
        select_organizations(conn, org_id)
        found, waiting = list_number_conflicts(conn, org_id), len(list_unkeyed(conn, org_id))
    if waiting:
        organizations = counted(waiting, "organization")
        note(f"The background worker has not yet compared all documents of {organizations}. Try again later.")
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
