"""A mail as bytes: its headers, and its text in both forms."""

from __future__ import annotations

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from uuid import UUID

from api.pages.mails.letters import Letter
from infra.settings.mail import Mailbox
from infra.worker.mail.envelope import Recipient

_ASCII = SMTP.clone(cte_type="7bit")
"""Writes a mail in ASCII, which every server takes."""
_HEADER_NAME = re.compile(rb"^([!-9;-~]+):", re.MULTILINE)
"""Matches the name of a header; a line that continues one begins with a blank."""


def make_message(id: UUID, at: datetime, sender: Mailbox, recipient: Recipient, letter: Letter) -> bytes:
    """Return the bytes of a mail. Each attempt to send it has the same Message-ID and date.

    No value can add a header. The subject is one line, and the addresses were checked; what Python has made of them is
    checked again, because some of its versions write the line breaks that an encoded word (`=?utf-8?q?…?=`) stands for.
    Raises ValueError.
    """
    message = EmailMessage(policy=SMTPUTF8 if recipient.needs_utf8 else _ASCII)
    message["From"] = _address(sender.address, sender.name)
    message["To"] = _address(recipient.address)
    message["Subject"] = letter.subject.replace("=?", "= ?")  # no encoded words of others
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{id}@{sender.address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # so that no program answers to it (RFC 3834)
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    written = message.as_bytes()
    names = [name.decode() for name in _HEADER_NAME.findall(written.partition(b"\r\n\r\n")[0])]
    if names != message.keys():
        raise ValueError(f"the message would have the headers {names}")
    return written


def _address(address: str, name: str = "") -> Address:
    """Return an address that was checked. It is not parsed again: Python refuses letters of other scripts."""
    local, _, domain = address.rpartition("@")
    return Address(name, local, domain)
