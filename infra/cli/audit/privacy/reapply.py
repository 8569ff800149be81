"""`smartdhandha privacy reapply`: erases again what was erased before an older backup was restored."""

from __future__ import annotations

from pathlib import Path

import click

from domain.accounts.security_event import SecurityEventKind
from domain.text import counted
from infra.audit.privacy.erase import erase, facts_of, lock_log
from infra.audit.privacy.records import erasure_again, parse_record
from infra.cli.base import database_option, json_option, session
from infra.cli.output import show
from infra.identity.keys import ACTOR
from infra.identity.security_events import operator_transaction


@click.command("reapply")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@database_option
@json_option
def reapply_command(path: Path, json_output: bool) -> None:
    """Erase again what a record of `privacy erase --record FILE` names. Use it after an older backup was restored.

    Each event is compared by its hash. What is erased already stays as it is, so every record can be given again.

    \b
    Example: smartdhandha privacy reapply erased-2026-11-28.json
    """
    record = parse_record(path.read_bytes())
    with session() as (conn, _), operator_transaction(conn) as add_event:
        state = lock_log(conn, record.org_id)
        erasure = erasure_again(conn, record, state)
        erased = erase(conn, record.org_id, erasure, state, ACTOR) if erasure.positions else None
        if erased is not None:
            facts = facts_of(record.subject_kind, erased, again=True)
            add_event(SecurityEventKind.PERSON_ERASED, record.org_id, None, **facts)
    if erased is None:
        show(
            {"position": None, "events": 0},
            json_output,
            "Nothing was erased: all of it is erased already.",
        )
        return
    lines = f"Erased from {counted(erased.events, 'event')} again; recorded at position {erased.position}."
    show({"position": erased.position, "events": erased.events}, json_output, lines)
