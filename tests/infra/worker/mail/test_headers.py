"""No name, address or subject can add a header, a recipient or a command of SMTP to a mail.

Seen red with an encoded word in a name, from which a header of its own was made.
"""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from api.pages.mails.letters import Letter
from commands.accounts.api_key import RecordKeyUse
from commands.command import Actor, Context
from infra.identity.keys import create_key
from infra.log.command_bus import execute_on
from infra.worker.mail.envelope import recipient_of
from infra.worker.mail.message import make_message
from tests.support.cases import all_cases
from tests.support.console import new_user
from tests.support.mail_sink import MailSink
from tests.support.mails import MAILBOX, RunningMailSender, add_reset, mail_of, organization_with_mails
from tests.support.waiting import wait_until

INJECTION = "\r\nBcc: victim@example.com\r\n\r\nPlease pay"
HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Content-Type",
    "MIME-Version",
}


@pytest.fixture
def sender(own_database, sink):
    with RunningMailSender(own_database, sink.port) as running:
        yield running


@all_cases(
    "address",
    [
        f"asha@example.in{INJECTION}",
        "asha@example.in\nBcc: victim@example.com",
        "asha@example.in,victim@example.com",
        "asha@example.in> ORCPT=rfc822;victim@example.com",
        "<asha@example.in>\r\nRCPT TO:<victim@example.com>",
        '"asha\r\nBcc: victim@example.com"@example.in',
        "asha@example.in\u2028Bcc: victim@example.com",
        "asha@[127.0.0.1]",
        "@example.com:asha@example.in",
        "asha;victim@example.com",
        "asha@example..in",
        "asha@-example.in",
        f"{'a' * 65}@example.in",
        "asha",
        "asha@\u0600.in",
        "=?utf-8?q?asha=0D=0ABcc:_victim@example.com?=@example.in",
        "=?utf-8?q?asha=0D=0ABcc:_victim?=@example.in",
    ],
)
def test_no_mail_is_sent_to_what_is_no_address(conn, org_id, sink, sender, address):
    user = add_reset(conn, org_id, address)
    wait_until(lambda: mail_of(conn, user.id)["status"] == "refused")
    assert not sink.mails and mail_of(conn, user.id)["result"].startswith("the address ")


@all_cases(
    ("address", "arrives_at"),
    [
        ("asha+books@example.in", "asha+books@example.in"),
        ("o'neil_x@sub.example-1.in", "o'neil_x@sub.example-1.in"),
        ("asha@भारत.in", "asha@xn--h2brj9c.in"),
        ("asha@localhost", "asha@localhost"),
    ],
)
def test_other_addresses_are_sent_to(conn, org_id, sink, sender, address, arrives_at):
    user = add_reset(conn, org_id, address)
    wait_until(lambda: mail_of(conn, user.id)["status"] == "sent")
    (mail,) = sink.to(arrives_at)
    assert mail.message["To"] == arrives_at


def test_a_mail_is_written_in_ascii():
    """Not every server takes other bytes."""
    letter = Letter("Café", "Café\n", "<p>Café</p>\n")
    assert make_message(uuid4(), datetime.now(UTC), MAILBOX, recipient_of("asha@example.in"), letter).isascii()


@pytest.mark.parametrize("address", ["आशा@example.in", "日@भारत.in"])
def test_an_address_in_another_script_is_sent_to_a_server_that_takes_it(conn, org_id, own_database, address):
    """Seen red while such an address ended the process of the sender."""
    with MailSink(enable_SMTPUTF8=True) as able, RunningMailSender(own_database, able.port):
        user = add_reset(conn, org_id, address)
        wait_until(lambda: mail_of(conn, user.id)["status"] == "sent")
        (mail,) = able.mails
    assert mail.recipient == mail.message["To"] == recipient_of(address).address


def test_other_servers_get_no_mail_to_an_address_in_another_script_and_the_next_one(conn, org_id, own_database):
    with MailSink(enable_SMTPUTF8=False) as unable, RunningMailSender(own_database, unable.port):
        user, other = add_reset(conn, org_id, "आशा@example.in"), add_reset(conn, org_id)
        wait_until(lambda: unable.to(other.email))
        wait_until(lambda: mail_of(conn, user.id)["status"] == "refused")
    assert [mail.recipient for mail in unable.mails] == [other.email]
    assert "SMTPUTF8" in mail_of(conn, user.id)["result"]


@all_cases(
    "name",
    [
        f"Acme{INJECTION}",
        "Acme\nBcc: victim@example.com",
        "Acme\r\n Bcc: victim@example.com",
        "Acme\u2028Bcc: victim@example.com",
        "=?utf-8?q?Acme=0D=0ABcc:_victim@example.com?=",
        f"{'A long name of a key ' * 9}\r\nBcc: victim@example.com",
        "Acme\x85Bcc: victim@example.com",
        "आशा ट्रेडर्स\r\nBcc: victim@example.com",
    ],
)
def test_a_name_adds_no_header(conn, sink, sender, name):
    org_id, before = organization_with_mails(conn, name), len(sink.mails)
    user = new_user(conn, org_id).user
    key = create_key(conn, org_id, name[:64], ("billing:read",), 10, None).row["id"]
    conn.execute("UPDATE api_keys SET name = %s WHERE id = %s", (name, key))
    context = Context(org_id=org_id, actor=Actor("worker", "test"), request_id="req_1")
    execute_on(conn, RecordKeyUse(id=key, used=10), context)
    (mail,) = wait_until(lambda: sink.to(user.email))
    assert {*mail.message.keys()} == HEADERS and mail.message["To"] == user.email
    head = mail.raw.partition(b"\r\n\r\n")[0]
    assert b"\nBcc" not in head and b"\nbcc" not in head.lower()
    assert "victim" not in "".join(line for line in mail.text().splitlines() if line.startswith("Bcc"))
    assert [each.recipient for each in sink.mails[before:]] == [user.email]
