"""`smartdhandha deliver`: delivers events to webhooks, without the API."""

from __future__ import annotations

import os

import click

from infra.cli.base import json_option, kept_database
from infra.cli.output import note, show
from infra.identity.upgrade import upgrade
from infra.postgres.database import connect_as_table_owner
from infra.server.address import check_metrics_address
from infra.server.service_user import continue_as, find_service_user, warn
from infra.settings import load
from infra.telemetry import logs
from infra.telemetry.metrics_folder import metrics_folder, start_exporter
from infra.webhooks.of_settings import secret_keys
from infra.webhooks.process import run_sender


@click.command("deliver")
@click.option("--parent", type=int, hidden=True, help="Stop when this process is not the parent any more.")
@click.option("--slot", type=int, default=0, hidden=True, help="The number of this sender among those of its parent.")
@json_option
def deliver_command(parent: int | None, slot: int, json_output: bool) -> None:
    """Deliver events to webhooks until Ctrl-C. Several senders, also on several machines, share the work.

    `serve` runs a sender, too, unless SMARTDHANDHA_SENDERS=0. Give all of them the same settings, also
    SMARTDHANDHA_SECRET_KEY, SMARTDHANDHA_BIND, SMARTDHANDHA_PUBLIC_URL, SMARTDHANDHA_ADDRESS_HEADER and
    SMARTDHANDHA_SIGNUP: the last four say whether webhooks may lead to this machine.

    \b
    Example: smartdhandha deliver
    """
    settings = load(os.environ)
    logs.set_up(settings.log_level)
    if parent is not None:  # the parent has prepared the database, and serves the metrics
        assert settings.database_url is not None
        run_sender(settings, settings.database_url, settings.secret_key, parent, slot)
        return
    notes: list[str] = []
    user = find_service_user(settings.user, notes.append)
    with kept_database(settings, user and user.gid) as (logins, _):
        with connect_as_table_owner(logins.owner) as conn:
            upgrade(conn, note)
        keys = secret_keys(settings)
        warn(notes)
        continue_as(user)
        check_metrics_address(settings)
        with metrics_folder(settings):
            if settings.metrics_bind is not None:
                start_exporter(settings.metrics_bind, logins.owner)
            show({"status": "delivering"}, json_output, "Delivers events to webhooks. Press Ctrl-C to stop.")
            run_sender(settings, logins.owner, keys)
