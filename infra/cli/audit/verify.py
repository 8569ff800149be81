"""`smartdhandha audit verify` and `audit seal`: verify that no log was altered, and sign the heads of the logs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec
from psycopg import Connection

from domain.accounts.mode import is_live
from domain.accounts.security_event import SecurityEventKind
from domain.calendar import instant
from domain.text import counted
from infra.audit import replay
from infra.audit.copies.import_logs import is_import_running
from infra.audit.seal import SealedHead, private_key, read_seal, seal
from infra.cli.base import (
    database_option,
    json_option,
    org_option,
    select_organizations,
    session,
    unknown_organization,
)
from infra.cli.output import show
from infra.cli.progress import progress
from infra.identity.security_events import record_as_operator
from infra.log.heads import get_head
from infra.log.reading.presence import Presence, list_presences
from infra.log.records import Head
from infra.postgres.database import Row


class LogResult(msgspec.Struct, omit_defaults=True):
    """The result of verifying one organization's log. `position` and `reason` are None if the log is intact."""

    org: str
    events: int
    whole: bool
    position: int | None = None
    reason: str | None = None

    def __str__(self) -> str:
        if self.whole:
            return f"{self.org}: intact, {counted(self.events, 'event')}"
        return f"{self.org}: broken at position {self.position}: {self.reason}"


@click.command("verify")
@org_option
@click.option(
    "--seal", "seal_path", type=click.Path(path_type=Path), help="Also compare with the heads in this seal file."
)
@click.option("--public-key", metavar="HEX", help="The public key that the seal must be signed with.")
@database_option
@json_option
def verify_command(org_id: str | None, seal_path: Path | None, public_key: str | None, json_output: bool) -> None:
    """Recompute the hash chain of each log. Print the first broken position, and exit with status 1 if there is one.

    \b
    Example: smartdhandha audit verify --seal heads-2026-03.json
    """
    sealed = _sealed_heads(seal_path, public_key)
    with session() as (conn, _):
        present = _present(conn, org_id)
        results = _verify(conn, present, sealed)
    orgs = {each.org_id for each in present}
    results += [_missing(org) for org in sealed if org not in orgs and org_id is None]
    broken = [result for result in results if not result.whole]
    intact = [result for result in results if result.whole]
    lines = [str(result) for result in (*intact, *broken)]
    show({"logs": results, "whole": not broken}, json_output, lines or "There are no logs.")
    if broken:
        raise SystemExit(1)


@click.command("seal")
@click.option(
    "--key",
    "key_path",
    type=click.Path(path_type=Path),
    required=True,
    help="PEM file of an Ed25519 key; created if it does not exist.",
)
@click.option("--out", "out_path", type=click.Path(path_type=Path), required=True, help="The file to write.")
@org_option
@database_option
@json_option
def seal_command(key_path: Path, out_path: Path, org_id: str | None, json_output: bool) -> None:
    """Sign the heads of the logs. Logs of test mode have none, because their keys may empty them.

    Keep the seal and the public key where people who can alter the logs cannot change them.

    \b
    Example: smartdhandha audit seal --key ~/seal.pem --out heads-2026-03.json
    """
    if org_id is not None and not is_live(org_id):
        raise click.UsageError("A log of test mode has no seal, because keys of test mode may empty it.")
    with session() as (conn, _):
        with conn.transaction():
            conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            heads = [_sealed_head(conn, org) for org in select_organizations(conn, org_id) if is_live(org)]
        signed = seal(heads, instant(datetime.now(UTC)), private_key(key_path))
        kind, public_key = SecurityEventKind.LOG_SEALED, signed.public_key
        record_as_operator(conn, kind, org_id, organizations=len(heads), publicKey=public_key)
    try:
        out_path.write_bytes(msgspec.json.format(msgspec.json.encode(signed), indent=2) + b"\n")
    except OSError as error:
        raise click.ClickException(f"Cannot write {out_path}: {error.strerror}.") from None
    result = {"file": str(out_path), "logs": len(heads), "publicKey": signed.public_key}
    show(result, json_output, f"{out_path}: {len(heads)} heads, signed with the public key {signed.public_key}")


def _sealed_heads(path: Path | None, public_key: str | None) -> Mapping[str, Head]:
    if path is None:
        return {}
    heads = [head for head in read_seal(path, public_key).heads if is_live(head.org)]
    return {head.org: Head(head.position, bytes.fromhex(head.hash)) for head in heads}


def _present(conn: Connection[Row], org_id: str | None) -> list[Presence]:
    """Return what there is of this organization; for None, of all. Raises UsageError for an unknown organization."""
    present = list_presences(conn, org_id)
    if org_id is not None:
        return present or unknown_organization(org_id)
    if any(each.is_unfinished_import for each in present) and is_import_running(conn):
        return [each for each in present if not each.is_unfinished_import]
    return present


def _verify(conn: Connection[Row], present: list[Presence], sealed: Mapping[str, Head]) -> list[LogResult]:
    results = []
    with progress("verifying events", sum(each.events for each in present)) as advance:
        for each in present:
            broken = replay.verify_log(conn, each, sealed.get(each.org_id))
            advance(each.events)
            result = LogResult(each.org_id, each.events if each.head is None else each.head, whole=broken is None)
            if broken is not None:
                result.position, result.reason = broken
            results.append(result)
    return results


def _missing(org: str) -> LogResult:
    return LogResult(org, events=0, whole=False, position=1, reason="the sealed log is gone")


def _sealed_head(conn: Connection[Row], org: str) -> SealedHead:
    head = get_head(conn, org)
    return SealedHead(org, head.position, head.chain_hash.hex())
