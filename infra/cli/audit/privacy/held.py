"""`smartdhandha privacy list` and `export`: what an organization holds about one person."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click
import msgspec
from psycopg import Connection

from infra.audit.privacy.holdings import Held
from infra.audit.privacy.search import Person
from infra.audit.replay import entry
from infra.cli.audit.new_file import check_new, new_file
from infra.cli.audit.privacy.person import (
    as_json,
    at,
    get_state,
    lines_of,
    list_held,
    person_of,
    person_options,
)
from infra.cli.base import database_option, json_option, session
from infra.cli.output import show
from infra.log.reading.histories import select_history
from infra.postgres.database import Row


@click.command("list")
@person_options
@database_option
@json_option
def list_command(org_id: str, party: str | None, employee: str | None, left: date | None, json_output: bool) -> None:
    """List what is held about a person: what must be kept and until when, and what can go now.

    \b
    Example: smartdhandha privacy list --org org_01J… --party client_42
    """
    person = person_of(org_id, party, employee, left)
    with session() as (conn, _):
        held = list_held(conn, person)
    show([as_json(each) for each in held], json_output, lines_of(held))


@click.command("export")
@person_options
@click.option("--out", "path", type=click.Path(path_type=Path), required=True, help="A new file, which is JSON.")
@database_option
@json_option
def export_command(
    org_id: str, party: str | None, employee: str | None, left: date | None, path: Path, json_output: bool
) -> None:
    """Write all that is held about a person to a file, for that person: each object, and each of its events.

    Only the user who runs this command can read the file.

    \b
    Example: smartdhandha privacy export --org org_01J… --party client_42 --out client_42.json
    """
    person = person_of(org_id, party, employee, left)
    with session() as (conn, _):
        held = list_held(conn, person)
        with new_file(check_new(path)) as unfinished:
            unfinished.write_bytes(msgspec.json.format(msgspec.json.encode(_content(conn, person, held)), indent=2))
    show({"file": str(path), "objects": len(held)}, json_output, f"Wrote {path}: {len(held)} objects.")


def _content(conn: Connection[Row], person: Person, held: list[Held]) -> dict[str, Any]:
    return {
        "organization": person.org_id,
        person.kind: person.id,
        "at": at(get_state(conn, person.org_id)),
        "objects": [
            {
                **as_json(each),
                "object": each.found.row,
                "details": each.found.details,
                "events": [
                    entry(record, person.org_id) for record in select_history(conn, person.org_id, each.found.id)
                ],
            }
            for each in held
        ],
    }
