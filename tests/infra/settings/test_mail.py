"""The settings of mails: what is accepted, and a clear sentence for each mistake, without the password."""

import pytest

from infra.settings import SettingsError, load
from infra.settings.mail import Mailbox, SmtpServer
from tests.support.cases import all_cases

OTHERS = {"SMARTDHANDHA_MAIL_FROM": "no-reply@example.in", "SMARTDHANDHA_PUBLIC_URL": "https://books.example.in"}


def problems(**environ):
    with pytest.raises(SettingsError) as refused:
        load(environ)
    return refused.value.problems


@all_cases(
    ("text", "server"),
    [
        ("smtp://mail.example.in", SmtpServer("mail.example.in", 587, "starttls")),
        ("smtps://mail.example.in", SmtpServer("mail.example.in", 465, "tls")),
        ("smtp://mail.example.in:25/", SmtpServer("mail.example.in", 25, "starttls")),
        ("smtp://mail.example.in?starttls=yes", SmtpServer("mail.example.in", 587, "starttls")),
        ("smtp://mail.example.in:25?starttls=no", SmtpServer("mail.example.in", 25, "none")),
        ("smtps://a%40b:p%2Fw%3A@mail.example.in", SmtpServer("mail.example.in", 465, "tls", "a@b", "p/w:")),
        ("smtp://a:b@127.0.0.1?starttls=no", SmtpServer("127.0.0.1", 587, "none", "a", "b")),
        ("smtp://a:b@[::1]:2525?starttls=no", SmtpServer("::1", 2525, "none", "a", "b")),
    ],
)
def test_servers_that_are_accepted(text, server):
    assert load({"SMARTDHANDHA_SMTP_URL": text, **OTHERS}).smtp_url == server


@all_cases(
    ("text", "said"),
    [
        ("mail.example.in", "must be smtp://"),
        ("http://mail.example.in", "must be smtp://"),
        ("smtp://", "must be smtp://"),
        ("smtp://mail.example.in/x", "must be smtp://"),
        ("smtp://mail.example.in:0", "must be smtp://"),
        ("smtp://mail.example.in:99999", "must be smtp://"),
        ("smtp://mail example.in", "must be smtp://"),
        ("smtp://u:hunter/word@mail.example.in", "write %40 for @ and %2F for /"),
        ("smtp://user@mail.example.in", "must have a password after the user"),
        ("smtp://mail.example.in?tls=no", "can only have the option starttls=no"),
        ("smtps://mail.example.in?starttls=no", "can only have the option starttls=no"),
        ("smtp://u:hunter@mail.example.in?starttls=no", "must not send a password without encryption"),
    ],
)
def test_servers_that_are_refused(text, said):
    (problem,) = problems(SMARTDHANDHA_SMTP_URL=text, **OTHERS)
    assert problem.startswith("SMARTDHANDHA_SMTP_URL ") and said in problem and "hunter" not in problem


def test_the_password_is_not_shown():
    assert "hunter" not in repr(load({"SMARTDHANDHA_SMTP_URL": "smtp://u:hunter@mail.example.in", **OTHERS}))


@all_cases(
    ("text", "mailbox"),
    [
        ("no-reply@example.in", Mailbox("", "no-reply@example.in")),
        ("Acme <no-reply@example.in>", Mailbox("Acme", "no-reply@example.in")),
        ('"Acme, Inc." <no-reply@example.in>', Mailbox("Acme, Inc.", "no-reply@example.in")),
        ("स्मार्टधंधा <no-reply@example.in>", Mailbox("स्मार्टधंधा", "no-reply@example.in")),
    ],
)
def test_senders_that_are_accepted(text, mailbox):
    assert load({"SMARTDHANDHA_MAIL_FROM": text}).mail_from == mailbox


@all_cases(
    "text", ["no-reply", "a@b.in, c@d.in", "Acme <x>", "<>", "आशा@example.in", "Acme\r\nBcc: x@example.in <a@b.in>"]
)
def test_senders_that_are_refused(text):
    (problem,) = problems(SMARTDHANDHA_MAIL_FROM=text)
    assert problem.startswith("SMARTDHANDHA_MAIL_FROM must be an ")


def test_a_server_needs_a_sender_and_an_origin():
    sender, origin = problems(SMARTDHANDHA_SMTP_URL="smtp://mail.example.in")
    assert sender.startswith("SMARTDHANDHA_SMTP_URL needs SMARTDHANDHA_MAIL_FROM, too:")
    assert origin.startswith("SMARTDHANDHA_SMTP_URL needs SMARTDHANDHA_PUBLIC_URL, too:")
