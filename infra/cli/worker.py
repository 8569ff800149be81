"""`smartdhandha worker`: runs the background worker without the API."""

from __future__ import annotations

import os
import signal

import click

from infra.cli.base import json_option, kept_database
from infra.cli.output import note, show
from infra.identity.upgrade import upgrade
from infra.postgres.database import connect_as_table_owner
from infra.server.address import check_metrics_address
from infra.server.service_user import continue_as, find_service_user, warn
from infra.settings import Settings, load
from infra.telemetry import logs
from infra.telemetry.metrics_folder import metrics_folder, start_exporter
from infra.worker.leader import BackgroundWorker, run_round
from infra.worker.tasks import tasks_keeping


@click.command("worker")
@click.option("--once", is_flag=True, help="Run every task once, report what was done, and exit.")
@json_option
def worker_command(once: bool, json_output: bool) -> None:
    """Run the background worker. It marks overdue documents, expires keys, adds to sums and deletes old records.

    One worker is the leader, the others wait to replace it. `serve` runs one too, unless SMARTDHANDHA_WORKER=false.

    \b
    Example: smartdhandha worker
    """
    settings = load(os.environ)
    logs.set_up(settings.log_level)
    notes: list[str] = []
    user = None if once else find_service_user(settings.user, notes.append)
    with kept_database(settings, user and user.gid) as (logins, _):
        with connect_as_table_owner(logins.owner) as conn:
            upgrade(conn, note)
            if once:
                done = run_round(conn, tasks=tasks_keeping(settings.trace_days))
                show(done, json_output, [f"{name}: {count} done" for name, count in done.items()])
                return
        warn(notes)
        continue_as(user)
        _run_until_signal(settings, logins.owner)


def _run_until_signal(settings: Settings, conninfo: str) -> None:
    worker = BackgroundWorker(conninfo, tasks_keeping(settings.trace_days))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: worker.stop())
    check_metrics_address(settings)
    with metrics_folder(settings):
        if settings.metrics_bind is not None:
            start_exporter(settings.metrics_bind, conninfo)
        worker.run()
