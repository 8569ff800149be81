"""`smartdhandha audit verify`: verifies that no log was altered."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from pathlib import Path

import click
import msgspec
from psycopg import Connection

from domain.text import counted
from infra.audit import replay
from infra.audit.copies.import_logs import is_import_running
from infra.audit.kept import Kept, kept_heads, read_checkpoints
from infra.audit.proofs.log_keys import list_keys
from infra.audit.removal.absences import Absences, RemovedCopies
from infra.audit.removal.records import get_removal, was_removed
from infra.audit.seal import read_seal
from infra.audit.seal_keys import read_seal_keys
from infra.cli.base import (
    database_option,
    json_option,
    org_option,
    session,
    unknown_organization,
)
from infra.cli.output import show
from infra.cli.progress import progress
from infra.log.reading.presence import Presence, list_presences
from infra.postgres.database import Row


class LogResult(msgspec.Struct, omit_defaults=True, rename="camel"):
    """The result of verifying one organization's log. `position` and `reason` are None if the log is intact."""

    org: str
    events: int
    whole: bool
    position: int | None = None
    reason: str | None = None
    removed_at: str | None = None
    """When an operator has removed the organization, as a signed record says."""
    not_compared: int = 0
    """How many of the heads and checkpoints that were kept of it can only be compared with its copy."""

    def __str__(self) -> str:
        if self.removed_at:
            said = f"{self.org}: removed on {self.removed_at} after {counted(self.events, 'event')}, by a signed record"
            more = f"{self.not_compared} of what you have kept is from before its end: compare it with --copy FILE"
            return f"{said}; {more}" if self.not_compared else said
        if self.whole:
            return f"{self.org}: intact, {counted(self.events, 'event')}"
        return f"{self.org}: broken at position {self.position}: {self.reason}"


@click.command("verify")
@org_option
@click.option(
    "--seal", "seal_path", type=click.Path(path_type=Path), help="Also compare with the heads in this seal file."
)
@click.option(
    "--checkpoint",
    "checkpoint_paths",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Also compare with the checkpoints in this file, as `audit checkpoint` or the API gave them. Repeat it for "
    "several files.",
)
@click.option(
    "--public-key",
    "public_keys",
    multiple=True,
    metavar="KEY",
    help="The public key that the seal and the checkpoints must be signed with, as `audit seal` prints it, or a file "
    "with keys. [default: those of the installation]",
)
@click.option(
    "--copy",
    "copy_paths",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    metavar="FILE",
    help="The copy that `org remove` has made of an organization. It is compared with what was kept before the log's "
    "end. Repeat it for several files.",
)
@database_option
@json_option
def verify_command(
    org_id: str | None,
    seal_path: Path | None,
    checkpoint_paths: tuple[Path, ...],
    public_keys: tuple[str, ...],
    copy_paths: tuple[Path, ...],
    json_output: bool,
) -> None:
    """Recompute the hash chain of each log. Print the first broken position, and exit with status 1 if there is one.

    Somebody who can write to the database could rewrite a log together with its chain. That is found with a seal or a
    checkpoint that you have kept elsewhere. For an organization that `org remove` has removed, the signed record says
    how its log ended; what you have kept of an earlier end is compared with its copy, --copy FILE.

    \b
    Example: smartdhandha audit verify --seal 2026-03.seal
    Example: smartdhandha audit verify --checkpoint 2026-03.checkpoint --public-key log-keys.json
    """
    with session() as (conn, _):
        installation = [key.verifier for key in list_keys(conn)]
        own_keys = read_seal_keys(public_keys)
        keys = own_keys or installation
        kept = read_checkpoints(checkpoint_paths, keys)
        if seal_path is not None:
            seal = read_seal(seal_path, own_keys, installation)
            for org, heads in kept_heads(seal.heads, seal.sealed_at).items():
                kept.setdefault(org, []).extend(heads)
        present = _present(conn, org_id, kept)
        copies = RemovedCopies(copy_paths)
        absences = Absences(partial(get_removal, conn, keys=keys), kept, copies)
        results = _verify(conn, present, kept, absences)
        orgs = {each.org_id for each in present}
        expected = kept if org_id is None else [org_id]
        results += [_gone(org, absences) for org in expected if org not in orgs]
    for path in copies.unused:
        raise click.UsageError(f"{path} is not the copy that the record of a removal names.")
    broken = [result for result in results if not result.whole]
    intact = [result for result in results if result.whole]
    lines = [str(result) for result in (*intact, *broken)]
    show({"logs": results, "whole": not broken}, json_output, lines or "There are no logs.")
    if broken:
        raise SystemExit(1)


def _present(conn: Connection[Row], org_id: str | None, kept: Collection[str]) -> list[Presence]:
    """Return what there is of this organization; for None, of all.

    Raises UsageError for an unknown organization: one that is not here, was not removed and is not in `kept`.
    """
    present = list_presences(conn, org_id)
    if org_id is not None:
        return present or ([] if org_id in kept or was_removed(conn, org_id) else unknown_organization(org_id))
    if any(each.is_unfinished_import for each in present) and is_import_running(conn):
        return [each for each in present if not each.is_unfinished_import]
    return present


def _verify(
    conn: Connection[Row], present: list[Presence], kept: Mapping[str, Sequence[Kept]], absences: Absences
) -> list[LogResult]:
    results = []
    with progress("verifying events", sum(each.events for each in present)) as advance:
        for each in present:
            results.append(_verify_log(conn, each, kept.get(each.org_id, []), absences))
            advance(each.events)
    return results


def _verify_log(conn: Connection[Row], each: Presence, kept: Sequence[Kept], absences: Absences) -> LogResult:
    if each.is_unfinished_import and not each.events and was_removed(conn, each.org_id):
        return _gone(each.org_id, absences)  # something that was under way has left a row behind
    broken = replay.verify_log(conn, each, kept)
    result = LogResult(each.org_id, each.events if each.head is None else each.head, whole=broken is None)
    if broken is not None:
        result.position, result.reason = broken
    return result


def _gone(org: str, absences: Absences) -> LogResult:
    events, broken, removed_at, not_compared = absences.find(org)
    if broken is not None:
        return LogResult(org, events, whole=False, position=broken.position, reason=broken.reason)
    return LogResult(org, events, whole=True, removed_at=removed_at, not_compared=not_compared)
