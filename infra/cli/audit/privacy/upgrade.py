"""`smartdhandha privacy upgrade`: rewrites a log so that personal values can be erased from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from domain.accounts.security_event import SecurityEventKind
from infra.audit.privacy.upgrade import Rewritten, upgrade_log
from infra.audit.proofs.log_keys import get_signer
from infra.cli.accounts.removal import save_new_copy
from infra.cli.audit.new_file import check_new
from infra.cli.audit.prove import secret_box
from infra.cli.base import database_option, json_option, session
from infra.cli.output import note, show
from infra.identity.keys import ACTOR
from infra.identity.security_events import operator, operator_transaction
from infra.log.heads import get_organization

WARNING = (
    "All hashes of the log change, and with them the ids of its events; positions become one higher. Seals, "
    "checkpoints and proofs that were made so far stay valid for the exported old log alone: keep that file with them."
)


@click.command("upgrade")
@click.option("--org", "org_id", metavar="ID", required=True, help="The organization, live or of test mode.")
@click.option("--confirm", "name", metavar="NAME", help="The name of the organization, as it is listed.")
@click.option(
    "--export",
    "path",
    type=click.Path(path_type=Path),
    required=True,
    help="A new file for a copy of the old log, in the format of `audit export`. Nothing is rewritten without it.",
)
@database_option
@json_option
def upgrade_command(org_id: str, name: str | None, path: Path, json_output: bool) -> None:
    """Rewrite a log of format 1 in format 2, in which personal values can be erased. It cannot be undone.

    All hashes of the log change, and with them the ids of its events; positions become one higher. Seals, checkpoints
    and proofs that were made so far stay valid for the exported old log alone. The first event of the new log says how
    the old one ended, and who has rewritten it. Requests of the organization wait meanwhile.

    \b
    Example: smartdhandha privacy upgrade --org org_01J… --confirm "Sharma Textiles" --export old-log.jsonl
    """
    with session() as (conn, _):
        listed = get_organization(conn, org_id).name
        if (name or "").strip() != listed:
            raise click.UsageError(f"{WARNING} If you want this, repeat the name with --confirm {listed!r}.")
        check_new(path)
        note(f"Warning: {WARNING}")
        signer = get_signer(conn, secret_box())
        with operator_transaction(conn) as record:
            done = upgrade_log(
                conn, org_id, signer, lambda orgs: save_new_copy(conn, orgs, path, "rewritten"), operator().id, ACTOR
            )
            record(SecurityEventKind.LOG_REWRITTEN, org_id, None, **_facts(done))
    result = {"file": str(path), **_facts(done)}
    lines = [
        f"{org_id} has a log of format 2 now, of {done.new.position} events. The old log: {path}",
        "Seals, checkpoints and proofs that were made before are valid for that file alone.",
    ]
    show(result, json_output, lines)


def _facts(done: Rewritten) -> dict[str, Any]:
    return {
        "copyHash": done.copy_hash,
        "old": {"position": done.old.position, "chainHash": done.old.chain_hash.hex()},
        "new": {"position": done.new.position, "chainHash": done.new.chain_hash.hex()},
    }
