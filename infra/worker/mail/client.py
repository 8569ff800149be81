"""Sends mails to the SMTP server: one connection for mails that follow each other, with limits of time."""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from typing import Any

from infra.settings.mail import SmtpServer
from infra.worker.mail.answer import Answer, Outcome, answer
from infra.worker.mail.envelope import Recipient

STEP_SECONDS = 30.0
"""How long the server may take for each step before the message."""
MESSAGE_SECONDS = 600.0
"""How long it may take to answer to the whole message (RFC 5321, section 4.5.3.2.6). A client that gives up sooner
sends mails twice, because the server may already have taken them."""

_GO_ON, _GOODBYE, _PERMANENT = 354, 421, 500
_LINE_WITH_DOT = re.compile(rb"^\.", re.MULTILINE)
NO_UTF8 = "the mail server takes no addresses with other letters than ASCII (SMTPUTF8)"


class ServerUnavailable(Exception):
    """There is no connection to the server, or it refuses this service: nothing is said about a mail."""


class MailClient:
    """A connection to the SMTP server. `sender` is the address that mails come from."""

    def __init__(
        self,
        server: SmtpServer,
        sender: str,
        step_seconds: float = STEP_SECONDS,
        message_seconds: float = MESSAGE_SECONDS,
    ) -> None:
        self._server, self._sender = server, sender
        self._step_seconds, self._message_seconds = step_seconds, message_seconds
        self._tls = ssl.create_default_context()
        self._smtp: smtplib.SMTP | None = None
        self._taken = 0

    def open(self) -> None:
        """Connect and log in, unless there is a connection. Raises ServerUnavailable."""
        if self._smtp is not None:
            return
        try:
            self._smtp, self._taken = self._connect(), 0
        except (OSError, smtplib.SMTPException) as error:
            raise ServerUnavailable(_reason(error)) from None

    def close(self) -> None:
        """Take leave of the server, if there is a connection."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()
            smtp.close()

    def send(self, recipient: Recipient, message: bytes) -> Answer:
        """Send a message to one recipient on the open connection. Afterwards, the connection may be closed."""
        assert self._smtp is not None, "open() comes first"
        if recipient.needs_utf8 and not self._smtp.has_extn("smtputf8"):
            return Answer(Outcome.REFUSED, NO_UTF8)
        try:
            refusal = self._announce(self._smtp, recipient)
        except (OSError, smtplib.SMTPException) as error:
            return self._lost(Outcome.INTERRUPTED if self._taken else Outcome.POSTPONED, error)
        if refusal is not None:
            return refusal
        try:
            return self._hand_over(self._smtp, message)
        except (OSError, smtplib.SMTPException) as error:
            return self._lost(Outcome.UNKNOWN, error)

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        options: dict[str, Any] = {
            "local_hostname": self._sender.rpartition("@")[2],
            "timeout": self._step_seconds,
        }
        if server.security == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, context=self._tls, **options)
        else:
            smtp = smtplib.SMTP(server.host, server.port, **options)
        try:
            if server.security == "starttls":
                smtp.starttls(context=self._tls)
            smtp.ehlo_or_helo_if_needed()
            if server.user is not None and server.password is not None:
                smtp.login(server.user, server.password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _announce(self, smtp: smtplib.SMTP, recipient: Recipient) -> Answer | None:
        """Say who sends, and to whom. Return None if the server now waits for the message."""
        smtp.command_encoding = "utf-8" if recipient.needs_utf8 else "ascii"
        code, said = smtp.mail(self._sender, ["SMTPUTF8", "BODY=8BITMIME"] if recipient.needs_utf8 else [])
        if not _is_taken(code):  # this is about the sender, so it is no reason to give the mail up
            return self._not_taken(code, said, is_final=False)
        code, said = smtp.rcpt(recipient.address)
        if _is_taken(code):
            code, said = smtp.docmd("DATA")
            if code == _GO_ON:
                return None
        return self._not_taken(code, said, is_final=code >= _PERMANENT)

    def _hand_over(self, smtp: smtplib.SMTP, message: bytes) -> Answer:
        """Send the message, and wait for the server's answer."""
        assert smtp.sock is not None
        smtp.sock.settimeout(self._message_seconds)
        smtp.send(_LINE_WITH_DOT.sub(b"..", message.rstrip(b"\r\n")) + b"\r\n.\r\n")
        code, said = smtp.getreply()
        smtp.sock.settimeout(self._step_seconds)
        if code < 0:
            raise smtplib.SMTPServerDisconnected("the answer cannot be read")
        if not _is_taken(code):
            return self._not_taken(code, said, is_final=code >= _PERMANENT)
        self._taken += 1
        return answer(Outcome.SENT, code, said)

    def _not_taken(self, code: int, said: bytes, *, is_final: bool) -> Answer:
        """Return the answer of a server that has not taken the mail, and begin anew for the next one."""
        if code == _GOODBYE:
            outcome = Outcome.INTERRUPTED if self._taken else Outcome.POSTPONED
            self.close()
            return answer(outcome, code, said)
        if self._smtp is not None:
            try:
                self._smtp.rset()
            except (OSError, smtplib.SMTPException):
                self.close()
        return answer(Outcome.REFUSED if is_final else Outcome.POSTPONED, code, said)

    def _lost(self, outcome: Outcome, error: Exception) -> Answer:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()
        return answer(outcome, None, _reason(error))


def _is_taken(code: int) -> bool:
    return 200 <= code < 300


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
    return str(error) or type(error).__name__
