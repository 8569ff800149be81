"""The client of the SMTP server: encryption, log-in, and what its answers mean."""

import ssl
import threading

import pytest
from aiosmtpd.smtp import AuthResult

from infra.settings.mail import SmtpServer
from infra.worker.mail.answer import Outcome
from infra.worker.mail.client import NO_UTF8, MailClient, ServerUnavailable
from infra.worker.mail.envelope import Recipient
from tests.support.certificates import write_certificates
from tests.support.mail_sink import MailSink, ScriptedServer
from tests.support.mails import MAILBOX, client_of

pytestmark = pytest.mark.process
ASHA = Recipient("asha@example.in", needs_utf8=False)
MESSAGE = b"Subject: Hello\r\n\r\n.a line that begins with a dot\r\n"
GREETED = ("220 hello", "250 hello")
ANNOUNCED = (*GREETED, "250 sender", "250 recipient", "354 go on")


def attempt(client, recipient=ASHA, message=MESSAGE):
    try:
        client.open()
        return client.send(recipient, message)
    finally:
        client.close()


def test_a_mail_arrives_as_it_was_written(sink):
    assert attempt(client_of(sink.port)).outcome is Outcome.SENT
    (mail,) = sink.mails
    assert (mail.sender, mail.recipient, mail.raw) == (MAILBOX.address, ASHA.address, MESSAGE)


def test_one_connection_takes_several_mails(sink):
    client = client_of(sink.port)
    client.open()
    assert [client.send(ASHA, MESSAGE).outcome for _ in range(3)] == [Outcome.SENT] * 3
    client.close()
    assert len(sink.mails) == 3


@pytest.fixture
def certificates(tmp_path, monkeypatch):
    """A certificate for this machine, whose authority the system trusts."""
    ca, server = write_certificates(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server)
    trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusted.load_verify_locations(ca)
    return context, trusted


def client_with_tls(sink, security, trusted=None, **account):
    client = MailClient(SmtpServer("localhost", sink.port, security, **account), MAILBOX.address)
    if trusted is not None:
        client._tls = trusted
    return client


def accept(server, session, envelope, mechanism, data):
    is_right = (data.login, data.password) == (b"asha", b"plum tractor")
    return AuthResult(success=is_right, handled=is_right)


def test_starttls_comes_before_the_password(certificates):
    context, trusted = certificates
    with MailSink(tls_context=context, require_starttls=True, authenticator=accept, auth_required=True) as sink:
        account = {"user": "asha", "password": "plum tractor"}
        assert attempt(client_with_tls(sink, "starttls", trusted, **account)).outcome is Outcome.SENT
        wrong = client_with_tls(sink, "starttls", trusted, user="asha", password="pear tractor")
        with pytest.raises(ServerUnavailable, match="535"):
            wrong.open()


def test_a_server_without_starttls_gets_neither_password_nor_mail(sink):
    client = client_with_tls(sink, "starttls", user="asha", password="plum tractor")
    with pytest.raises(ServerUnavailable, match="STARTTLS"):
        client.open()
    assert not sink.mails


def test_tls_from_the_first_byte(certificates):
    context, trusted = certificates
    with MailSink(ssl_context=context) as sink:
        # The controller checks its server without TLS, which fails, and reports that when it ends.
        assert attempt(client_with_tls(sink, "tls", trusted)).outcome is Outcome.SENT


def test_a_certificate_of_an_unknown_authority_is_refused(certificates):
    context, _ = certificates
    with MailSink(tls_context=context) as sink, pytest.raises(ServerUnavailable, match=r"(?i)certificate"):
        client_with_tls(sink, "starttls").open()


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("550 5.1.1 <asha@example.in>: no such user", Outcome.REFUSED),
        ("553 mailbox name not allowed", Outcome.REFUSED),
        ("450 4.2.1 come back later", Outcome.POSTPONED),
        ("421 4.3.2 leaving", Outcome.POSTPONED),
    ],
)
def test_what_the_server_says_to_the_recipient(sink, said, outcome):
    sink.answer = lambda address: said
    answer = attempt(client_of(sink.port))
    assert answer.outcome is outcome and answer.text.startswith(said[:3])
    assert "asha" not in answer.text, "the answer is kept, so it has no address"


@pytest.mark.parametrize(("said", "outcome"), [("554 5.7.1 spam", Outcome.REFUSED), ("451 later", Outcome.POSTPONED)])
def test_what_the_server_says_to_the_message(sink, said, outcome):
    sink.on_mail = lambda mail: said
    assert attempt(client_of(sink.port)).outcome is outcome


def test_after_a_refusal_the_next_mail_is_sent(sink):
    sink.answer = lambda address: None if address == ASHA.address else "550 no"
    client = client_of(sink.port)
    client.open()
    assert client.send(Recipient("other@example.in", needs_utf8=False), MESSAGE).outcome is Outcome.REFUSED
    assert client.send(ASHA, MESSAGE).outcome is Outcome.SENT
    client.close()


def test_a_refused_sender_is_no_reason_to_give_a_mail_up():
    with ScriptedServer(*GREETED, "550 5.7.1 sender refused", "250 reset", hangs=False) as server:
        assert attempt(client_of(server.port)).outcome is Outcome.POSTPONED


def test_a_connection_that_is_closed_between_mails_is_no_failure_of_the_next_one():
    with ScriptedServer(*ANNOUNCED, "250 taken", hangs=False) as server:
        client = client_of(server.port)
        client.open()
        assert client.send(ASHA, MESSAGE).outcome is Outcome.SENT
        assert client.send(ASHA, MESSAGE).outcome is Outcome.INTERRUPTED


def test_a_server_that_hangs_before_the_mail_has_not_taken_it():
    with ScriptedServer(*GREETED, "250 sender", hangs=True) as server:
        assert attempt(client_of(server.port, step_seconds=2)).outcome is Outcome.POSTPONED


def test_a_server_that_hangs_after_the_mail_may_have_taken_it():
    with ScriptedServer(*ANNOUNCED, hangs=True) as server:
        assert attempt(client_of(server.port, step_seconds=2, message_seconds=1)).outcome is Outcome.UNKNOWN


def test_the_answer_to_a_message_may_take_longer_than_other_answers(sink):
    """Who gives up sooner sends twice: the server may have taken the mail."""

    def take_time(mail):
        threading.Event().wait(3)

    sink.on_mail = take_time
    assert attempt(client_of(sink.port, step_seconds=2, message_seconds=30)).outcome is Outcome.SENT


def test_a_server_that_closes_after_the_mail_may_have_taken_it():
    with ScriptedServer(*ANNOUNCED, hangs=False) as server:
        assert attempt(client_of(server.port)).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("lines", [(), ("554 no service",), ("220 hello", "500 no"), ("nonsense",)])
def test_a_server_that_does_not_talk_smtp_is_unavailable(lines):
    with ScriptedServer(*lines, hangs=False) as server, pytest.raises(ServerUnavailable):
        client_of(server.port, step_seconds=2).open()


def test_a_server_that_never_greets_is_unavailable():
    with ScriptedServer(hangs=True) as server, pytest.raises(ServerUnavailable, match="timed out"):
        client_of(server.port, step_seconds=2).open()


def test_no_server_is_unavailable(sink):
    sink.stop()
    with pytest.raises(ServerUnavailable, match="refused"):
        client_of(sink.port).open()
    sink.start()


def test_letters_of_all_scripts_before_the_at_need_smtputf8(sink):
    recipient = Recipient("आशा@example.in", needs_utf8=True)
    with ScriptedServer(*GREETED, hangs=False) as server:
        assert attempt(client_of(server.port), recipient) == (Outcome.REFUSED, NO_UTF8)
    with MailSink(enable_SMTPUTF8=True) as able:
        assert attempt(client_of(able.port), recipient).outcome is Outcome.SENT
        assert able.mails[0].recipient == "आशा@example.in"
