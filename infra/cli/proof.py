"""The part of `smartdhandha audit` that proves logs and carries them elsewhere: verify, seal, export, import."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from domain.calendar import instant
from infra.audit import replay
from infra.audit.export_import import export, import_
from infra.audit.seal import SealedHead, private_key, read_seal, seal
from infra.cli.base import as_json, on_database, org_option, organizations, progress, session, show
from infra.log.heads import get_head, get_positions


@click.command("verify")
@org_option
@click.option(
    "--seal", "seal_path", type=click.Path(path_type=Path), help="Also compare with the heads sealed in this file."
)
@click.option("--public-key", metavar="HEX", help="The seal must be signed with this key.")
@on_database
@as_json
def verify_command(org_id: str | None, seal_path: Path | None, public_key: str | None, json_output: bool) -> None:
    """Recompute the hash chain of each log; print the first broken position, and end with status 1 if there is one.

    \b
    Example: smartdhandha audit verify --seal heads-2026-03.json
    """
    sealed = read_seal(seal_path, public_key) if seal_path else None
    heads = {head.org: (head.position, bytes.fromhex(head.hash)) for head in sealed.heads} if sealed else {}
    results, broken = [], []
    with session() as here:
        orgs = organizations(here.conn, org_id)
        positions = get_positions(here.conn)
        with progress("verifying events", sum(positions.get(org, 0) for org in orgs)) as advance:
            for org in orgs:
                found = replay.verify_chain(here.conn, org, heads.get(org))
                position = get_head(here.conn, org).position
                advance(position)
                result = {"org": org, "events": position, "whole": found is None}
                if found is not None:
                    result |= {"position": found.position, "reason": found.reason}
                    broken.append(result)
                results.append(result)
        missing = [org for org in heads if org not in orgs] if org_id is None else []
    broken += [
        {"org": org, "events": 0, "whole": False, "position": 1, "reason": "the sealed log is gone"} for org in missing
    ]
    human = "\n".join(
        f"{r['org']}: whole, {r['events']} events"
        if r["whole"]
        else f"{r['org']}: broken at position {r['position']}: {r['reason']}"
        for r in [*(r for r in results if r["whole"]), *broken]
    )
    show(
        {"logs": [*results, *(r for r in broken if r not in results)], "whole": not broken},
        json_output,
        human or "There is no log.",
    )
    if broken:
        raise SystemExit(1)


@click.command("seal")
@click.option(
    "--key",
    "key_path",
    type=click.Path(path_type=Path),
    required=True,
    help="PEM file of an Ed25519 key; made if missing.",
)
@click.option("--out", "out_path", type=click.Path(path_type=Path), required=True, help="Where the seal is written.")
@org_option
@on_database
@as_json
def seal_command(key_path: Path, out_path: Path, org_id: str | None, json_output: bool) -> None:
    """Sign the heads of the logs. Keep seal and public key where whoever could alter the logs cannot.

    \b
    Example: smartdhandha audit seal --key ~/seal.pem --out heads-2026-03.json
    """
    with session() as here, here.conn.transaction():
        here.conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        heads = []
        for org in organizations(here.conn, org_id):
            head = get_head(here.conn, org)
            heads.append(SealedHead(org, head.position, head.chain_hash.hex()))
    made = seal(heads, instant(datetime.now(UTC)), private_key(key_path))
    _write(out_path, msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n")
    shown = {"file": str(out_path), "logs": len(heads), "publicKey": made.public_key}
    show(shown, json_output, f"{out_path}: {len(heads)} heads, signed with the public key {made.public_key}")


@click.command("export")
@click.option(
    "--out", "out_path", type=click.Path(path_type=Path), required=True, help="The file to write; - is standard output."
)
@org_option
@on_database
@as_json
def export_command(out_path: Path, org_id: str | None, json_output: bool) -> None:
    """Write a portable, verifiable copy of the logs as JSON Lines.

    \b
    Example: smartdhandha audit export --out logs.jsonl
    """
    with session() as here:
        orgs = organizations(here.conn, org_id)
        if str(out_path) == "-":
            export(here.conn, orgs, sys.stdout.buffer)
            return
        unfinished = out_path.with_name(f"{out_path.name}.unfinished")
        try:
            with unfinished.open("wb") as out:
                count = export(here.conn, orgs, out)
            unfinished.replace(out_path)
        except OSError as error:
            raise click.ClickException(f"{out_path} cannot be written: {error.strerror}.") from None
    shown = {"file": str(out_path), "organizations": len(orgs), "events": count}
    show(shown, json_output, f"{out_path}: {count} events of {len(orgs)} organizations")


@click.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@on_database
@as_json
def import_command(path: Path, json_output: bool) -> None:
    """Take a copy into this installation, checking every hash; then rebuild the projections.

    \b
    Example: smartdhandha audit import logs.jsonl && smartdhandha projections rebuild
    """
    with session() as here, path.open("rb") as lines:
        count, events = import_(here.conn, lines)
    shown = {"organizations": count, "events": events}
    show(shown, json_output, f"{events} events of {count} organizations; now run: smartdhandha projections rebuild")


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}.") from None
