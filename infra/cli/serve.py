"""`smartdhandha serve`: prepares the database, and serves the API until Ctrl-C."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import replace

import click
from psycopg import Connection

from infra.audit.proofs.log_keys import try_first_key
from infra.cli.banner import banner
from infra.cli.base import json_option, kept_database
from infra.cli.output import note, show
from infra.identity.demo import create_demo, get_demo_owner
from infra.identity.sandbox import prepare_sandbox
from infra.identity.setup.codes import make_setup_code
from infra.identity.upgrade import upgrade
from infra.postgres.database import Row, connect_as_table_owner
from infra.postgres.logins import Logins, check_application, revoke_temporary
from infra.postgres.readiness.standby import check_standby
from infra.server.address import check_addresses
from infra.server.application import serve
from infra.server.service_user import find_service_user, warn
from infra.settings import Settings, SettingsError, load
from infra.settings.secret_box import SecretBox
from infra.telemetry import logs
from infra.webhooks.of_settings import secret_keys
from infra.worker.mail.outbox import turn_mails

logger = logging.getLogger("smartdhandha.server")

_OWNER_ALONE = (
    "SMARTDHANDHA_APP_DATABASE_URL is not set, so the server processes log in as the owner of the tables: an SQL "
    'injection could read and change everything. See "Database log-ins" in docs/operations.md.'
)

_NO_KEY = (
    "SMARTDHANDHA_REQUIRE_SECOND_FACTOR needs a key for the secrets of second factors: set SMARTDHANDHA_SECRET_KEY, "
    "because the data folder cannot hold one"
)


@click.command("serve")
@click.option("--bind", metavar="HOST:PORT", help="Where to listen (default: SMARTDHANDHA_BIND or 127.0.0.1:8000).")
@click.option("--workers", type=click.IntRange(1, 64), help="Server processes (default: SMARTDHANDHA_WORKERS or 2).")
@click.option(
    "--worker/--no-worker", default=None, help="Run the background worker too (default: SMARTDHANDHA_WORKER)."
)
@click.option(
    "--demo/--no-demo",
    default=None,
    help="Create a demo organization and key in an empty database (default: only in the bundled PostgreSQL).",
)
@json_option
def serve_command(
    bind: str | None, workers: int | None, worker: bool | None, demo: bool | None, json_output: bool
) -> None:
    """Serve the API until Ctrl-C.

    \b
    Example: smartdhandha serve --bind 127.0.0.1:8080 --workers 4
    """
    settings = _settings(bind, workers, worker)
    check_addresses(settings)  # before the database is started
    wants_demo = settings.database_url is None if demo is None else demo
    notes: list[str] = []
    user = find_service_user(settings.user, notes.append)
    with kept_database(settings, user and user.gid) as (logins, keep_database):
        with connect_as_table_owner(logins.owner) as conn:
            upgrade(conn, note)
            _check_logins(conn, logins)
            logs.set_up(settings.log_level)
            turn_mails(conn, settings.smtp_url is not None)
            made, owner = create_demo(conn) if wants_demo else None, get_demo_owner(conn)
            code = make_setup_code(conn)
        warn(notes)
        keys = _secret_keys(settings)
        if keys:
            with connect_as_table_owner(logins.owner) as conn:
                try_first_key(conn, SecretBox(keys))
                if settings.sandbox:
                    prepare_sandbox(conn, keys[0])
        serve(
            replace(settings, secret_key=tuple(keys)),
            logins,
            lambda address: show(*banner(address, made, json_output, settings.public_url, owner, code)),
            keep_database,
            user,
            keys if settings.senders else (),
        )


def _secret_keys(settings: Settings) -> Sequence[str]:
    """Return the keys for secrets of webhooks and second factors. Without a folder that can hold them, none: then no
    sender runs, and no webhook and no factor can be made. Raises SettingsError if factors are required."""
    try:
        return secret_keys(settings)
    except OSError as error:
        if settings.require_second_factor != "none":
            raise SettingsError([f"{_NO_KEY} ({error})."]) from None
        logger.warning(
            "webhooks cannot be created and get no events, and no second factor can be added: set "
            "SMARTDHANDHA_SECRET_KEY (%s)",
            error,
        )
        return ()


def _check_logins(conn: Connection[Row], logins: Logins) -> None:
    """Check the application's log-ins. If there is none, print a warning. Raises UnfitLogin and DatabaseUnreachable."""
    revoke_temporary(conn)
    if logins.application is None:
        note(_OWNER_ALONE)
    else:
        check_application(conn, logins.application)
    check_standby(conn, logins)


def _settings(bind: str | None, workers: int | None, worker: bool | None) -> Settings:
    """Return the settings. An option has priority over the environment variable of the same name."""
    environ = dict(os.environ)
    if bind:
        environ["SMARTDHANDHA_BIND"] = bind
    if workers:
        environ["SMARTDHANDHA_WORKERS"] = str(workers)
    if worker is not None:
        environ["SMARTDHANDHA_WORKER"] = str(worker)
    return load(environ)
