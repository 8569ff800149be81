"""`smartdhandha audit verify`: verifies that no log was altered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
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
from infra.audit.removal.records import Removal, get_removal, was_removed
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
from infra.log.proofs.notes import NoteRefused
from infra.log.reading.presence import Presence, list_presences
from infra.postgres.database import Row

Removals = Callable[[str], Removal | None]
"""Returns the removal of an organization (see get_removal)."""


class LogResult(msgspec.Struct, omit_defaults=True, rename="camel"):
    """The result of verifying one organization's log. `position` and `reason` are None if the log is intact."""

    org: str
    events: int
    whole: bool
    position: int | None = None
    reason: str | None = None
    removed_at: str | None = None
    """When an operator has removed the organization, as a signed record says."""

    def __str__(self) -> str:
        if self.removed_at:
            return f"{self.org}: removed on {self.removed_at} after {counted(self.events, 'event')}, by a signed record"
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
@database_option
@json_option
def verify_command(
    org_id: str | None,
    seal_path: Path | None,
    checkpoint_paths: tuple[Path, ...],
    public_keys: tuple[str, ...],
    json_output: bool,
) -> None:
    """Recompute the hash chain of each log. Print the first broken position, and exit with status 1 if there is one.

    Somebody who can write to the database could rewrite a log together with its chain. That is found with a seal or a
    checkpoint that you have kept elsewhere.

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
        removals = partial(get_removal, conn, keys=keys)
        results = _verify(conn, present, kept, removals)
        orgs = {each.org_id for each in present}
        expected = kept if org_id is None else [org_id]
        results += [_gone(org, kept.get(org, []), removals) for org in expected if org not in orgs]
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
    conn: Connection[Row], present: list[Presence], kept: Mapping[str, Sequence[Kept]], removals: Removals
) -> list[LogResult]:
    results = []
    with progress("verifying events", sum(each.events for each in present)) as advance:
        for each in present:
            results.append(_verify_log(conn, each, kept.get(each.org_id, []), removals))
            advance(each.events)
    return results


def _verify_log(conn: Connection[Row], each: Presence, kept: Sequence[Kept], removals: Removals) -> LogResult:
    if each.is_unfinished_import and not each.events and was_removed(conn, each.org_id):
        return _gone(each.org_id, kept, removals)  # something that was under way has left a row behind
    broken = replay.verify_log(conn, each, kept)
    result = LogResult(each.org_id, each.events if each.head is None else each.head, whole=broken is None)
    if broken is not None:
        result.position, result.reason = broken
    return result


def _gone(org: str, kept: Sequence[Kept], removals: Removals) -> LogResult:
    """Return the result for an organization that is not there: an operator has removed it, or somebody its rows."""
    try:
        removal = removals(org)
    except NoteRefused as refused:
        reason = f"the log is gone, and the record of its removal cannot be trusted: {refused}"
        return LogResult(org, events=0, whole=False, position=1, reason=reason)
    if removal is None:
        reason = "the log is gone, and no record says that it was removed"
        return LogResult(org, events=0, whole=False, position=1, reason=reason)
    broken = min((found for each in kept if (found := each.difference(removal.head, removal.removed_at))), default=None)
    if broken is not None:
        return LogResult(org, removal.head.position, whole=False, position=broken.position, reason=broken.reason)
    return LogResult(org, removal.head.position, whole=True, removed_at=removal.removed_at)
