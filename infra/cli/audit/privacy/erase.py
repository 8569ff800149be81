"""`smartdhandha privacy erase`: erases what an organization need not keep about one person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import click
import msgspec
from psycopg import Connection

from domain.accounts.security_event import SecurityEventKind
from domain.text import counted
from infra.audit.privacy.erase import Erased, facts_of
from infra.audit.privacy.holdings import Held
from infra.audit.privacy.persons import erase_found, find
from infra.audit.privacy.search import Person
from infra.cli.audit.new_file import check_new, new_file
from infra.cli.audit.privacy.person import (
    as_json,
    check_found,
    get_state,
    lines_of,
    list_held,
    person_of,
    person_options,
)
from infra.cli.base import database_option, json_option, session
from infra.cli.output import note, show
from infra.identity.keys import ACTOR
from infra.identity.security_events import operator_transaction
from infra.postgres.database import Row

ELSEWHERE = (
    "These may still hold the data, and this command cannot reach them: backups of the database with their WAL, "
    "copies made with `audit export` and `privacy export`, proofs of single events, files that people have downloaded, "
    "and the receivers of webhooks. PostgreSQL's own files lose them when it has vacuumed and reused its WAL."
)
"""What an erasure does not reach."""
NO_RECORD = (
    "Warning: no record of what was erased is kept, because --record was left out. If the database is restored from an "
    "older backup, the same must be erased by hand again."
)


@click.command("erase")
@person_options
@click.option("--dry-run", is_flag=True, help="Only list what would go and what stays.")
@click.option("--confirm", "confirmed", metavar="ID", help="The id of the person once more: nothing can be undone.")
@click.option(
    "--record",
    "path",
    type=click.Path(path_type=Path),
    help="A new file that says what was erased, without names. `privacy reapply` reads it after a restore.",
)
@database_option
@json_option
def erase_command(
    org_id: str,
    party: str | None,
    employee: str | None,
    left: date | None,
    dry_run: bool,
    confirmed: str | None,
    path: Path | None,
    json_output: bool,
) -> None:
    """Erase what need not be kept about a person. It cannot be undone.

    Names, e-mail addresses, telephone numbers, addresses, GSTIN, PAN, descriptions of lines, notes, reasons,
    references, methods of payment and metadata are deleted wherever the service has them.
    The log keeps its chain: amounts, dates, numbers and ids stay, and every proof is still valid. The log records that
    something was erased, and not whose. What must be kept is listed with the day until which it is.

    \b
    Example: smartdhandha privacy erase --org org_01J… --party client_42 --confirm client_42
    """
    person = person_of(org_id, party, employee, left)
    if not dry_run and confirmed != person.id:
        raise click.UsageError(f"Repeat the id with --confirm {person.id}, or look first, with --dry-run.")
    with session() as (conn, _):
        held, erased = (list_held(conn, person), None) if dry_run else _erase(conn, person, path)
    if erased is not None and path is None:
        note(NO_RECORD)
    result = {
        "objects": [as_json(each) for each in held],
        "position": None if erased is None else erased.position,
        "events": 0 if erased is None else erased.events,
        "copies": {} if erased is None else erased.copies,
        "elsewhere": ELSEWHERE,
    }
    show(result, json_output, _lines(held, erased, dry_run))


def _erase(conn: Connection[Row], person: Person, path: Path | None) -> tuple[Sequence[Held], Erased | None]:
    """Erase. The record is on the disk before the transaction ends."""
    get_state(conn, person.org_id)
    found = find(conn, person)
    check_found(person, found.every())
    with operator_transaction(conn) as record:
        outcome = erase_found(conn, person, found, ACTOR)
        if outcome.erased is not None:
            record(SecurityEventKind.PERSON_ERASED, person.org_id, None, **facts_of(person.kind, outcome.erased))
            if path is not None:
                with new_file(check_new(path)) as unfinished:
                    unfinished.write_bytes(msgspec.json.encode(outcome.record))
    return outcome.held, outcome.erased


def _lines(held: Sequence[Held], erased: Erased | None, dry_run: bool) -> Iterator[str]:
    yield from lines_of(held)
    yield ""
    if erased is not None:
        copies = ", ".join(f"{name}: {count}" for name, count in erased.copies.items())
        yield f"Erased from {counted(erased.events, 'event')}; recorded at position {erased.position}. Also: {copies}."
    else:
        yield "This was a dry run: nothing was erased." if dry_run else "Nothing was erased, because nothing can go."
    yield ELSEWHERE
