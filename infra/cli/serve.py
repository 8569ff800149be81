"""`smartdhandha serve`: prepares the database, and serves the API until Ctrl-C."""

from __future__ import annotations

import os

import click

from infra.cli.banner import banner
from infra.cli.base import json_option, kept_database
from infra.cli.output import note, show
from infra.identity.demo import create_demo, get_demo_owner
from infra.postgres.database import connect_as_table_owner
from infra.postgres.migrate import migrate
from infra.server.address import check_addresses
from infra.server.application import serve
from infra.settings import Settings, load


@click.command("serve")
@click.option("--bind", metavar="HOST:PORT", help="Where to listen (default: SMARTDHANDHA_BIND or 127.0.0.1:8000).")
@click.option("--workers", type=click.IntRange(1, 64), help="Server processes (default: SMARTDHANDHA_WORKERS or 2).")
@click.option(
    "--worker/--no-worker", default=None, help="Run the background worker too (default: SMARTDHANDHA_WORKER)."
)
@click.option("--demo/--no-demo", default=True, help="Create a demo organization and key in an empty database.")
@json_option
def serve_command(bind: str | None, workers: int | None, worker: bool | None, demo: bool, json_output: bool) -> None:
    """Serve the API until Ctrl-C.

    \b
    Example: smartdhandha serve --bind 127.0.0.1:8080 --workers 4
    """
    settings = _settings(bind, workers, worker)
    check_addresses(settings)  # before the database is started
    with kept_database(settings) as (conninfo, keep_database):
        with connect_as_table_owner(conninfo) as conn:
            migrate(conn, note)
            made, owner = create_demo(conn) if demo else None, get_demo_owner(conn)
        serve(
            settings,
            conninfo,
            lambda address: show(*banner(address, made, json_output, settings.public_url, owner)),
            keep_database,
        )


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
