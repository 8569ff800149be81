"""The address of a mail as SMTP takes it."""

from __future__ import annotations

from typing import NamedTuple

import idna

from domain.reading import InvalidValue
from domain.reading.mail_address import parse_mail_address


class Recipient(NamedTuple):
    """An address, with its domain in ASCII."""

    address: str
    needs_utf8: bool
    """Whether the part before the @ has other letters than ASCII, which only some servers take (SMTPUTF8)."""


def recipient_of(address: str) -> Recipient:
    """Return the recipient with this address. Raises InvalidValue if no mail can be sent to it."""
    local, _, domain = parse_mail_address(address).rpartition("@")
    try:
        encoded = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        raise InvalidValue("has no valid domain") from None
    return Recipient(f"{local}@{encoded}", not local.isascii())
