"""An SMTP server that keeps the mails that it is sent, and one that misbehaves."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, NamedTuple

from aiosmtpd.controller import Controller

from tests.support.ports import free_port

FROM = "SmartDhandha <no-reply@example.in>"
_LINK = re.compile(r"https?://[^/\s]+(/\S+)")


class ReceivedMail(NamedTuple):
    """A mail as it arrived: who sends and gets it by SMTP, and the message."""

    sender: str
    recipient: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        message = message_from_bytes(self.raw, policy=default)
        assert isinstance(message, EmailMessage)
        return message

    @property
    def id(self) -> str:
        return str(self.message["Message-ID"])

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    def text(self, form: str = "plain") -> str:
        """Return the text in one of its forms, `plain` or `html`."""
        part = self.message.get_body((form,))
        assert part is not None
        return str(part.get_content())

    def link(self) -> str:
        """Return the path of the first link."""
        found = _LINK.search(self.text())
        assert found is not None
        return found[1]


class MailSink:
    """An SMTP server on a port of this machine, which can be stopped and started again. It keeps the mails.

    `answer` may return what the server says to a recipient, such as "550 unknown"; None takes it. `on_mail` is called
    with each mail before the server has answered. Other `options` are those of aiosmtpd.
    """

    def __init__(self, **options: Any) -> None:
        self.mails: list[ReceivedMail] = []
        self.answer: Callable[[str], str | None] = lambda address: None
        self.on_mail: Callable[[ReceivedMail], str | None] = lambda mail: None
        self.port, self._options = free_port(), options

    def __enter__(self) -> MailSink:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self._controller = Controller(_Handler(self), "127.0.0.1", self.port, **self._options)
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop(no_assert=True)

    @property
    def env(self) -> dict[str, Any]:
        """The settings of a service that sends its mails here."""
        return mail_settings(self.port)

    def to(self, address: str) -> list[ReceivedMail]:
        return [mail for mail in self.mails if mail.recipient == address]


class _Handler:
    def __init__(self, sink: MailSink) -> None:
        self._sink = sink

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        refusal = self._sink.answer(address)
        if refusal is not None:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        mail = ReceivedMail(envelope.mail_from, envelope.rcpt_tos[0], envelope.original_content)
        refusal = self._sink.on_mail(mail)
        if refusal is not None:
            return refusal
        self._sink.mails.append(mail)
        return "250 taken"


class ScriptedServer:
    """A server that says `lines` to each client, one after each line of the client, and then hangs or closes.

    After a line that begins with 354 it waits for the whole message. It counts its connections.
    """

    def __init__(self, *lines: str, hangs: bool) -> None:
        self._lines, self._hangs = lines, hangs
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> ScriptedServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while not self._ended.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            with client, client.makefile("rwb") as stream:
                self._talk(stream)

    def _talk(self, stream: Any) -> None:
        try:
            for number, line in enumerate(self._lines):
                if number and not _read_turn(stream, self._lines[number - 1]):
                    return
                stream.write(f"{line}\r\n".encode())
                stream.flush()
            while self._hangs and not self._ended.is_set() and stream.readline():
                pass
        except OSError:
            return


def _read_turn(stream: Any, said: str) -> bytes:
    """Read what the client sends after the server has said this; return the last line, or nothing at the end."""
    line: bytes = stream.readline()
    while said.startswith("354") and line not in (b".\r\n", b""):
        line = stream.readline()
    return line


def mail_settings(port: int, public_url: str = "http://127.0.0.1:8000") -> dict[str, Any]:
    """Return the settings of a service that sends its mails to this port."""
    return {
        "SMARTDHANDHA_SMTP_URL": f"smtp://127.0.0.1:{port}?starttls=no",
        "SMARTDHANDHA_MAIL_FROM": FROM,
        "SMARTDHANDHA_PUBLIC_URL": public_url,
    }
