"""`smartdhandha audit keys` and `audit rotate-key`: the keys of the installation that sign checkpoints and proofs."""

from __future__ import annotations

import click

from domain.accounts.security_event import SecurityEventKind
from infra.audit.proofs.log_keys import list_keys, make_first_key, make_key
from infra.cli.audit.prove import secret_box
from infra.cli.base import database_option, json_option, session
from infra.cli.output import show
from infra.identity.security_events import record_as_operator


@click.command("keys")
@database_option
@json_option
def keys_command(json_output: bool) -> None:
    """Print the public keys of all logs, the newest first. The first call makes one. `audit check --key` takes them.

    \b
    Example: smartdhandha audit keys --json > log-keys.json
    """
    with session() as (conn, _):
        if not list_keys(conn):
            make_first_key(conn, secret_box())
        keys = list_keys(conn)
    show({"keys": [key.facts for key in keys]}, json_output, [str(key.verifier) for key in keys])


@click.command("rotate-key")
@database_option
@json_option
def rotate_key_command(json_output: bool) -> None:
    """Make a new key that signs from now on, and delete the private key before it. Its public key stays known.

    \b
    Example: smartdhandha audit rotate-key
    """
    with session() as (conn, _):
        key = make_key(conn, secret_box())
        record_as_operator(conn, SecurityEventKind.LOG_KEY_ROTATED, None, keyId=key.verifier.id.hex())
    show(key.facts, json_output, f"{key.verifier} signs from now on.")
