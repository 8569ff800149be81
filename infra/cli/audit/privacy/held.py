"""`smartdhandha privacy list` and `export`: what an organization holds about one person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
from infra.log.mapper import MAPPER
from infra.log.reading.histories import select_history
from infra.postgres.database import Row
from infra.projector.skips import read_skips
from projections.registry import ROWS


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
        with new_file(check_new(path)) as unfinished, unfinished.open("wb") as out:
            out.writelines(_content(conn, person, held))
    show({"file": str(path), "objects": len(held)}, json_output, f"Wrote {path}: {len(held)} objects.")


def _content(conn: Connection[Row], person: Person, held: Iterable[Held]) -> Iterator[bytes]:
    """Yield the file in pieces: a person may have very many objects."""
    head = {"organization": person.org_id, person.kind: person.id, "at": at(get_state(conn, person.org_id))}
    yield _indented(head, 0).removesuffix(b"\n}") + b',\n  "objects": ['
    for number, each in enumerate(held):
        yield (b",\n" if number else b"\n") + _indented(_object(conn, person.org_id, each), 4)
    yield b"\n  ]\n}\n"


def _object(conn: Connection[Row], org_id: str, held: Held) -> dict[str, Any]:
    """Return what is held of an object, with its events."""
    events = select_history(conn, org_id, held.found.id).fetchall()
    skipped = read_skips(conn, org_id, ROWS[held.found.kind].name)
    row = ROWS[held.found.kind].fold_all(MAPPER.event(each) for each in events if each.position not in skipped)
    return {
        **as_json(held),
        "object": getattr(row, "summary", row),
        "details": getattr(row, "details", None),
        "events": [entry(record, org_id) for record in events],
    }


def _indented(value: Any, spaces: int) -> bytes:
    """Return the value as JSON with so many spaces before each line. A text in JSON has no line breaks."""
    lines = msgspec.json.format(msgspec.json.encode(value), indent=2).split(b"\n")
    return b"\n".join(b" " * spaces + line for line in lines)
