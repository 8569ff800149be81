"""The process of the sender of mails: `smartdhandha mail`, alone or as a child of `smartdhandha serve`."""

from __future__ import annotations

import signal
from datetime import UTC, datetime
from uuid import uuid4

from api.pages.mails.letters import write_letter
from commands.accounts.mail import MailKind
from infra.settings import Settings
from infra.telemetry.metrics_folder import make_mail_metrics
from infra.worker.mail.answer import Answer
from infra.worker.mail.client import MailClient
from infra.worker.mail.envelope import recipient_of
from infra.worker.mail.message import make_message
from infra.worker.mail.sender import MailSender, OnOutcome


def run_mail_sender(settings: Settings, conninfo: str, parent: int | None = None) -> None:
    """Send mails until SIGINT or SIGTERM, or until the process `parent` has ended."""
    assert settings.mail_from is not None
    assert settings.public_url is not None
    sender = MailSender(conninfo, _client(settings), settings.mail_from, settings.public_url, _counter("mail"), parent)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sender.stop())
    sender.run()


def send_test(settings: Settings, address: str) -> Answer:
    """Send a test mail, and return the server's answer. Raises InvalidValue for the address, and ServerUnavailable."""
    assert settings.mail_from is not None
    assert settings.public_url is not None
    client, recipient = _client(settings), recipient_of(address)
    letter = write_letter(MailKind.TEST, settings.public_url, {})
    client.open()
    try:
        message = make_message(uuid4(), datetime.now(UTC), settings.mail_from, recipient, letter)
        return client.send(recipient, message)
    finally:
        client.close()


def _client(settings: Settings) -> MailClient:
    assert settings.smtp_url is not None
    assert settings.mail_from is not None
    return MailClient(settings.smtp_url, settings.mail_from.address)


def _counter(slot: str) -> OnOutcome:
    """Return a function that counts attempts in the metrics; without metrics, one that does nothing."""
    metrics = make_mail_metrics(slot)
    return (lambda _: None) if metrics is None else metrics.count
