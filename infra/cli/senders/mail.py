"""`smartdhandha mail`: sends the mails of the outbox, without the API; or a test mail."""

from __future__ import annotations

import os

import click

from infra.cli.base import checked_option, json_option, kept_database
from infra.cli.output import note, show
from infra.identity.upgrade import upgrade
from infra.postgres.database import connect_as_table_owner
from infra.server.address import check_metrics_address
from infra.server.service_user import continue_as, find_service_user, warn
from infra.settings import Settings, load
from infra.telemetry import logs
from infra.telemetry.metrics_folder import metrics_folder, start_exporter
from infra.worker.mail.answer import Outcome
from infra.worker.mail.client import ServerUnavailable
from infra.worker.mail.outbox import turn_mails
from infra.worker.mail.process import run_mail_sender, send_test


@click.command("mail")
@click.option("--test", "address", metavar="ADDRESS", help="Send a test mail to this address now, and end.")
@click.option("--parent", type=int, hidden=True, help="Stop when this process is not the parent any more.")
@json_option
def mail_command(address: str | None, parent: int | None, json_output: bool) -> None:
    """Send mails until Ctrl-C, to the server in SMARTDHANDHA_SMTP_URL.

    `serve` does so, too, if it is set. Several senders, also on several machines, share the work.

    \b
    Example: smartdhandha mail --test asha@example.in
    """
    settings = load(os.environ)
    logs.set_up(settings.log_level)
    if settings.smtp_url is None:
        raise click.UsageError("SMARTDHANDHA_SMTP_URL is not set, so no mails can be sent.")
    if address is not None:
        _test(settings, address, json_output)
    elif parent is not None:  # the parent has prepared the database, and serves the metrics
        assert settings.database_url is not None
        run_mail_sender(settings, settings.database_url, parent)
    else:
        _run(settings, json_output)


def _test(settings: Settings, address: str, json_output: bool) -> None:
    with checked_option("--test"):
        try:
            answer = send_test(settings, address)
        except ServerUnavailable as error:
            raise click.ClickException(f"The mail server cannot be reached, or refuses the service: {error}") from None
    if answer.outcome is not Outcome.SENT:
        raise click.ClickException(f"The mail server has not taken the mail: {answer.text}")
    show({"status": "sent", "answer": answer.text}, json_output, f"The mail server has taken the mail: {answer.text}")


def _run(settings: Settings, json_output: bool) -> None:
    notes: list[str] = []
    user = find_service_user(settings.user, notes.append)
    with kept_database(settings, user and user.gid) as (logins, _):
        with connect_as_table_owner(logins.owner) as conn:
            upgrade(conn, note)
            turn_mails(conn, True)
        warn(notes)
        continue_as(user)
        check_metrics_address(settings)
        with metrics_folder(settings):
            if settings.metrics_bind is not None:
                start_exporter(settings.metrics_bind, logins.owner)
            show({"status": "sending"}, json_output, "Sends mails. Press Ctrl-C to stop.")
            run_mail_sender(settings, logins.owner)
