"""`smartdhandha audit check`: checks the proof of one event from its file alone.

This command needs neither a database nor a network, and imports nothing that could reach them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import msgspec

from domain.calendar import instant
from infra.audit.proofs.verifier_keys import read_keys
from infra.cli.output import show
from infra.log.proofs.event_proof import ProvenEvent, check_event
from infra.log.proofs.merkle import WrongProof
from infra.log.proofs.personal import whole_state
from projections.views.events import event_id

key_option = click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="KEY",
    help="A public key of the log: NAME+ID+KEY, or a file with such keys, such as the output of "
    "`smartdhandha audit keys --json`.",
)


@click.command("check")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@key_option
@click.option("--json", "json_output", is_flag=True, help="Print JSON.")
def check_command(path: Path, keys: tuple[str, ...], json_output: bool) -> None:
    """Check the proof of an event, without the service: only this file and a public key are read.

    Say what is proven, and print the event. The exit status is 1 if it is not proven.

    \b
    Example: smartdhandha audit check evt_1f….tlog-proof --key log-keys.json
    """
    if not keys:
        raise click.UsageError("Name the public keys that you trust with --key; otherwise anybody could have signed.")
    try:
        found = check_event(path.read_bytes().decode(), read_keys(keys))
        result = result_of(found)
    except WrongProof as wrong:
        raise click.ClickException(f"Not proven: {wrong}.") from None
    except UnicodeDecodeError:
        raise click.ClickException("Not proven: the file is not text.") from None
    show(result, json_output, [_sentence(found), "", *_lines(result["event"])])


def _sentence(found: ProvenEvent) -> str:
    event, (checkpoint, signers) = found.event, found.proven
    signed = " and ".join(f"{signer.name} (key {signer.id.hex()})" for signer in signers)
    return (
        f"Proven: the event {event_id(event.chain_hash)}, with the content below, was at position {event.position} in "
        f"the log of {found.org_id}, whose checkpoint of size {checkpoint.size} was signed by {signed}."
    )


def result_of(found: ProvenEvent) -> dict[str, Any]:
    """Return what is proven, as the command prints it in JSON. Raises WrongProof for a content that is no JSON."""
    event, (checkpoint, signers) = found.event, found.proven
    place = {
        "id": event_id(event.chain_hash),
        "organization": found.org_id,
        "position": event.position,
        "type": event.name,
        "object": event.originator_id,
        "version": event.originator_version,
        "recordedAt": instant(event.recorded_at),
    }
    # What the metadata says of itself never replaces what the proof says of the event.
    metadata = {name: value for name, value in _decoded(event.metadata).items() if name not in (*place, "data")}
    return {
        "proven": True,
        "event": {**place, **metadata, "data": _decoded(whole_state(event))},
        "checkpoint": {"origin": checkpoint.origin, "size": checkpoint.size, "root": checkpoint.root.hex()},
        "signedBy": [str(signer) for signer in signers],
    }


def _decoded(text: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.MsgspecError as error:
        raise WrongProof(f"the content of the event cannot be read: {error}") from None


def _lines(event: Mapping[str, Any]) -> list[str]:
    return [f"{name}: {value if isinstance(value, str | int) else _encoded(value)}" for name, value in event.items()]


def _encoded(value: Any) -> str:
    return msgspec.json.encode(value).decode()
