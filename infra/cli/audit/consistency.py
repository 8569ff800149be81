"""`smartdhandha audit consistency`: whether a log has only grown from one checkpoint to another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from infra.audit.proofs.log_keys import list_keys
from infra.audit.proofs.trees import make_consistency
from infra.audit.proofs.verifier_keys import read_keys
from infra.cli.audit.check import key_option
from infra.cli.audit.new_file import write_for_owner
from infra.cli.base import database_option, json_option, session
from infra.cli.output import show
from infra.log.proofs.checkpoints import Checkpoint
from infra.log.proofs.merkle import WrongProof, check_consistency
from infra.log.proofs.notes import VerifierKey, decode_base64, encode_base64
from infra.log.proofs.proof_files import open_checkpoint
from infra.postgres.wire import wire_of

_FORMAT = "smartdhandha-consistency-1"
_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("consistency")
@click.argument("old", type=_file)
@click.argument("new", type=_file)
@key_option
@click.option("--proof", "proof_path", type=_file, help="Read the proof from this file, and not from the database.")
@click.option("--save", "save_path", type=click.Path(path_type=Path), help="Also write the proof to this file.")
@database_option
@json_option
def consistency_command(
    old: Path, new: Path, keys: tuple[str, ...], proof_path: Path | None, save_path: Path | None, json_output: bool
) -> None:
    """Check that the log of the checkpoint NEW begins with all events of the checkpoint OLD, unchanged.

    Without --key, the public keys are those of the database. With --proof and --key, no database is needed.

    \b
    Example: smartdhandha audit consistency 2026-03.checkpoint 2026-04.checkpoint
    """
    known = read_keys(keys)
    if proof_path is not None and not known:
        raise click.UsageError("With --proof, name the public keys that you trust with --key.")
    try:
        if proof_path is not None:
            pair = _open(old, new, known)
            path = _read(proof_path)
        else:
            with session() as (conn, _):
                pair = _open(old, new, known or [key.verifier for key in list_keys(conn)])
                path = list(make_consistency(wire_of(conn), pair[0].org_id, pair[0].size, pair[1].size))
        check_consistency(pair[0].size, pair[0].root, pair[1].size, pair[1].root, path)
    except WrongProof as wrong:
        raise click.ClickException(f"Not consistent: {wrong}.") from None
    except UnicodeDecodeError:
        raise click.ClickException("Not consistent: one of the files is not text.") from None
    if save_path is not None:
        _save(save_path, path)
    first, second = pair
    result = {"consistent": True, "origin": first.origin, "old": first.size, "new": second.size}
    show(
        result,
        json_output,
        f"Consistent: the log {first.origin} of size {second.size} begins with the {first.size} events of the older "
        "checkpoint, unchanged and in the same order.",
    )


def _open(old: Path, new: Path, keys: Sequence[VerifierKey]) -> tuple[Checkpoint, Checkpoint]:
    first, second = (open_checkpoint(path.read_text(encoding="utf-8"), keys).checkpoint for path in (old, new))
    if first.origin != second.origin:
        raise WrongProof(f"the checkpoints are of different logs, {first.origin} and {second.origin}")
    return first, second


def _read(path: Path) -> list[bytes]:
    first, *lines = path.read_text(encoding="utf-8").splitlines() or [""]
    hashes = [decode_base64(line) for line in lines]
    if first != _FORMAT or None in hashes:
        raise WrongProof(f"{path} is no proof of consistency")
    return [hash for hash in hashes if hash is not None]


def _save(path: Path, hashes: Sequence[bytes]) -> None:
    write_for_owner(path, "".join(f"{line}\n" for line in (_FORMAT, *map(encode_base64, hashes))))
