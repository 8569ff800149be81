"""The settings of mails: the SMTP server that takes them, and the address that they come from."""

from __future__ import annotations

import ipaddress
import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal, NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from domain.reading import InvalidValue
from domain.reading.mail_address import parse_mail_address
from infra.settings.parsers import MayBeSecret

Security = Literal["tls", "starttls", "none"]

_PORTS = {"smtp": 587, "smtps": 465}
_FORM = (
    "must be smtp://USER:PASSWORD@HOST:PORT or smtps://…, such as smtps://smtp.example.in; in the password, write %40 "
    "for @ and %2F for /"
)
_STARTTLS = "starttls"
_MAILBOX_FORM = "must be an ASCII address, perhaps after a name, such as Acme <no-reply@example.in>"
_MAILBOX = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]+)>|(?P<alone>[^<>\s]+)")


@dataclass(frozen=True)
class SmtpServer:
    """The server that takes the mails, and how it is reached."""

    host: str
    port: int
    security: Security
    """`tls` from the first byte, `starttls` before anything secret is sent, or `none`."""
    user: str | None = None
    password: str | None = field(default=None, repr=False)


class Mailbox(NamedTuple):
    """The address that mails come from, and the name that mail programs show."""

    name: str
    address: str


def parse_smtp_url(text: str) -> SmtpServer:
    """Return the server of a URL. Messages do not show the URL, because it may contain a password.

    smtps:// uses TLS from the first byte, smtp:// STARTTLS, without which nothing is sent. `?starttls=no` allows a
    server without it; a password is then sent only to this machine.
    """
    parts = _split(text)
    security = _security(parts)
    user, password = (None if part is None else unquote(part) for part in (parts.username, parts.password))
    if (user is None) != (password is None):
        raise MayBeSecret("must have a password after the user, or neither: smtp://USER:PASSWORD@HOST")
    host = parts.hostname or ""
    if security == "none" and password is not None and not _is_loopback(host):
        raise MayBeSecret("must not send a password without encryption to another machine: leave out starttls=no")
    return SmtpServer(host, parts.port or _PORTS[parts.scheme], security, user, password)


def parse_mail_from(text: str) -> Mailbox:
    """Return the address that mails come from, and the name before it; an empty name if there is none."""
    found = _MAILBOX.fullmatch(text)
    if found is None or not text.isprintable():
        raise InvalidValue(_MAILBOX_FORM)
    address: str = found["address"] or found["alone"]
    if not address.isascii():
        raise InvalidValue(_MAILBOX_FORM)
    with suppress(InvalidValue):
        return Mailbox((found["name"] or "").strip().strip('"'), parse_mail_address(address))
    raise InvalidValue(_MAILBOX_FORM)


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        is_valid = parts.scheme in _PORTS and parts.hostname and parts.port != 0
    except ValueError:
        raise MayBeSecret(_FORM) from None
    if not is_valid or parts.path not in ("", "/") or parts.fragment or not text.isprintable() or " " in text:
        raise MayBeSecret(_FORM)
    return parts


def _security(parts: SplitResult) -> Security:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.scheme == "smtps" and not options:
        return "tls"
    if parts.scheme == "smtp" and options in ({}, {_STARTTLS: "yes"}):
        return "starttls"
    if parts.scheme == "smtp" and options == {_STARTTLS: "no"}:
        return "none"
    raise MayBeSecret("can only have the option starttls=no, after smtp://HOST?")


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"
