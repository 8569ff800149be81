"""`smartdhandha setup-code`: a new code with which somebody sets up the first organization of one's own."""

from __future__ import annotations

import click

from domain.accounts.user.setup_code import LIFETIME, MAX_TRIES
from domain.calendar import instant
from infra.cli.accounts.user import local_origin
from infra.cli.banner import SETUP_PATH, setup_lines
from infra.cli.base import json_option, load_settings, session
from infra.cli.output import show
from infra.identity.setup.codes import make_setup_code
from infra.postgres.database import get_now


@click.command("setup-code")
@json_option
def setup_code_command(json_output: bool) -> None:
    """Print a new code with which somebody sets up the first organization on the page /setup.

    The code before stops working. Once there is an organization of one's own, there are no codes any more.

    \b
    Example: smartdhandha setup-code
    """
    with session() as (conn, _):
        code, expires_at = make_setup_code(conn), instant(get_now(conn) + LIFETIME)
    if code is None:
        raise click.ClickException(
            "There is an organization of your own already, so no code is needed. Log in to it, or create another one: "
            "smartdhandha org create --help"
        )
    settings = load_settings()
    address = f"{settings.public_url or local_origin(settings.bind)}{SETUP_PATH}"
    facts = {"setupUrl": address, "setupCode": code, "expiresAt": expires_at, "tries": MAX_TRIES}
    show(facts, json_output, setup_lines(address, code))
