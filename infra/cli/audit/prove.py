"""`smartdhandha audit prove` and `audit checkpoint`: the proof of one event, and the signed root of a log's tree."""

from __future__ import annotations

import click

from infra.audit.proofs.log_keys import get_signer
from infra.audit.proofs.trees import find_event, get_size, make_checkpoint, make_proof
from infra.cli.base import (
    Session,
    database_option,
    json_option,
    load_settings,
    org_option,
    select_organizations,
    session,
)
from infra.cli.output import show_json, standard_output
from infra.postgres.wire import wire_of
from infra.settings.secret_box import SecretBox
from infra.webhooks.of_settings import secret_keys


def secret_box() -> SecretBox:
    """Return what decrypts the key that signs. Raises ClickException if the folder with its key cannot be used."""
    try:
        return SecretBox(secret_keys(load_settings()))
    except OSError as error:
        raise click.ClickException(f"There is no SMARTDHANDHA_SECRET_KEY, and no file with one: {error}.") from None


@click.command("prove")
@click.argument("id", metavar="ID")
@org_option
@database_option
@json_option
def prove_command(id: str, org_id: str | None, json_output: bool) -> None:
    """Print the proof that the event ID (evt_…) is in its log. Anybody can check the file with `audit check`.

    The file has the content of this event, and of other events only hashes.

    \b
    Example: smartdhandha audit prove evt_1f2e… > evt_1f2e.tlog-proof
    """
    with session() as here:
        _print("proof", _proof(here, id, org_id), json_output)


@click.command("checkpoint")
@click.option("--org", "org_id", metavar="ID", required=True, help="The organization.")
@database_option
@json_option
def checkpoint_command(org_id: str, json_output: bool) -> None:
    """Print the signed checkpoint of a log: its size, and the root of the tree over its hashes.

    Keep it where nobody who could change the log can reach it, and compare it later with `audit consistency`.

    \b
    Example: smartdhandha audit checkpoint --org org_01J… > 2026-03.checkpoint
    """
    with session() as (conn, _):
        select_organizations(conn, org_id)
        wire, signer = wire_of(conn), get_signer(conn, secret_box())
        note = make_checkpoint(wire, org_id, get_size(wire, org_id), signer)
        _print("checkpoint", note, json_output)


def _proof(here: Session, id: str, org_id: str | None) -> str:
    wire = wire_of(here.conn)
    for org in select_organizations(here.conn, org_id):
        event = find_event(wire, org, id)
        if event is not None:
            return make_proof(wire, org, event, get_size(wire, org), get_signer(here.conn, secret_box()))
    raise click.ClickException(f"There is no event {id!r}. `smartdhandha audit log --json` and GET /events show ids.")


def _print(name: str, text: str, json_output: bool) -> None:
    """Print the text as it is: its signature covers each of its bytes."""
    if json_output:
        show_json({name: text})
        return
    with standard_output() as out:
        out.write(text.encode())
