"""`smartdhandha audit export` and `audit import`: a copy of the logs for another installation."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from domain.accounts.security_event import SecurityEventKind
from domain.text import counted
from infra.audit.copies.checks import MAX_LINE
from infra.audit.copies.export_logs import export_logs
from infra.audit.copies.import_logs import import_logs
from infra.cli.base import database_option, json_option, org_option, select_organizations, session
from infra.cli.output import show, standard_output
from infra.identity.security_events import record_as_operator

_FOR_ITS_OWNER = 0o600
"""The mode of a copy: it has what people wrote, and the hashes of the keys."""


@click.command("export")
@click.option(
    "--out",
    "out_path",
    type=click.Path(path_type=Path),
    required=True,
    help="The file to write; - for standard output.",
)
@org_option
@database_option
@json_option
def export_command(out_path: Path, org_id: str | None, json_output: bool) -> None:
    """Write a portable, verifiable copy of the logs as JSON Lines.

    With --org, the copy has this organization alone, and not its test organization. A copy of a test organization can
    be imported beside its live one: see `audit import --beside`.

    \b
    Example: smartdhandha audit export --out logs.jsonl
    """
    with session() as (conn, _):
        orgs = select_organizations(conn, org_id)
        # Record this before the export begins: an interrupted export may already have written a part of the logs.
        record_as_operator(conn, SecurityEventKind.LOG_EXPORTED, org_id, organizations=len(orgs))
        if str(out_path) == "-":
            with standard_output() as copy:
                export_logs(conn, orgs, copy)
            return
        try:
            with _whole_file(out_path) as out:
                count = export_logs(conn, orgs, out)
        except OSError as error:
            raise click.ClickException(f"Cannot write {out_path}: {error.strerror}.") from None
    result = {"file": str(out_path), "organizations": len(orgs), "events": count}
    show(result, json_output, f"{out_path}: {counted(count, 'event')} of {counted(len(orgs), 'organization')}")


@contextmanager
def _whole_file(path: Path) -> Iterator[BinaryIO]:
    """Yield a new file, which replaces the file at `path` at the end of the block. After an error, nothing is replaced.

    If `path` is a link, the file to which it leads is replaced. A pipe or a device is not replaced but written to,
    because other programs use it.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        with target.open("wb") as out:
            yield out
        return
    unfinished = target.with_name(f"{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)  # it may have another mode
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FOR_ITS_OWNER), "wb") as out:
        yield out
    unfinished.replace(target)


@click.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--beside",
    "live",
    metavar="ID",
    help="For a copy of a test organization alone: its live organization, which is here and has no test organization. "
    "Give it only for a copy that you have made yourself: its keys open the test mode of this organization.",
)
@database_option
@json_option
def import_command(path: Path, live: str | None, json_output: bool) -> None:
    """Import a copy of logs into this installation, and check every hash. Rebuild the projections afterwards.

    \b
    Example: smartdhandha audit import logs.jsonl && smartdhandha projections rebuild
    """
    with session() as (conn, _), path.open("rb") as copy:
        # One byte more than a line may have, so that a longer one is refused and not read whole.
        count, events = import_logs(conn, iter(lambda: copy.readline(MAX_LINE + 1), b""), live)
        record_as_operator(conn, SecurityEventKind.LOG_IMPORTED, None, organizations=count, events=events)
    result = {"organizations": count, "events": events}
    show(
        result,
        json_output,
        f"{counted(events, 'event')} of {counted(count, 'organization')}. Now run: smartdhandha projections rebuild",
    )
