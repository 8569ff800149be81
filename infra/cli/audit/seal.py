"""`smartdhandha audit seal`: signs the heads of the logs."""

from __future__ import annotations

from pathlib import Path

import click

from domain.accounts.mode import is_live
from domain.accounts.security_event import SecurityEventKind
from domain.calendar import instant
from domain.text import counted
from infra.audit.proofs.log_keys import get_signer
from infra.audit.seal import Seal
from infra.audit.seal_keys import file_signer
from infra.cli.audit.new_file import write_for_owner
from infra.cli.audit.prove import secret_box
from infra.cli.base import database_option, json_option, org_option, select_organizations, session
from infra.cli.output import show
from infra.identity.security_events import record_as_operator
from infra.log.heads import get_head
from infra.postgres.database import get_now


@click.command("seal")
@click.option(
    "--key",
    "key_path",
    type=click.Path(path_type=Path),
    help="PEM file of an Ed25519 key, which signs instead of the installation's; created if it does not exist.",
)
@click.option("--out", "out_path", type=click.Path(path_type=Path), required=True, help="The file to write.")
@org_option
@database_option
@json_option
def seal_command(key_path: Path | None, out_path: Path, org_id: str | None, json_output: bool) -> None:
    """Sign the heads of the logs. Logs of test mode have none, because their keys may empty them.

    Keep the seal and the public key where people who can alter the logs cannot change them.

    \b
    Example: smartdhandha audit seal --out 2026-03.seal
    """
    if org_id is not None and not is_live(org_id):
        raise click.UsageError("A log of test mode has no seal, because keys of test mode may empty it.")
    with session() as (conn, _):
        signer = get_signer(conn, secret_box()) if key_path is None else file_signer(key_path)
        with conn.transaction():
            conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            heads = {org: get_head(conn, org) for org in select_organizations(conn, org_id) if is_live(org)}
            made = Seal(instant(get_now(conn)), heads)
        public_key = str(signer.verifier)
        kind = SecurityEventKind.LOG_SEALED
        record_as_operator(conn, kind, org_id, organizations=len(heads), publicKey=public_key)
    write_for_owner(out_path, signer.sign_text(str(made)))
    result = {"file": str(out_path), "logs": len(heads), "publicKey": public_key}
    show(result, json_output, f"{out_path}: {counted(len(heads), 'head')}, signed with the public key {public_key}")
