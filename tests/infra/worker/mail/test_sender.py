"""The sender: what it sends, what it keeps of a mail, and what it does when the server or the database fails."""

import json
import re

import pytest

from commands.accounts.mail import MailKind
from commands.accounts.people import InvitePerson
from commands.command import Actor, Context
from domain.accounts.people import people_id
from infra.identity.keys import create_key
from infra.identity.organizations import create_organization, get_test_organization
from infra.log.command_bus import execute_on
from infra.worker.mail.answer import Answer, Outcome
from infra.worker.mail.message import make_message
from infra.worker.mail.outbox import claim, enqueue, record_answer
from infra.worker.mail.schedule import LEASE, delay_after
from infra.worker.mails import forget_mails
from tests.support.console import new_user
from tests.support.mail_sink import ScriptedServer
from tests.support.mails import MAILBOX, ORIGIN, RunningMailSender, add_reset, kinds, mail_of, make_mails_due
from tests.support.waiting import wait_until

FACTS = {"at": "2026-11-27T10:00:00Z", "network": "192.0.2.1"}


@pytest.fixture
def sender(own_database, sink):
    with RunningMailSender(own_database, sink.port) as running:
        yield running


def refusals(conn):
    sql = "SELECT object_id, details ->> 'reason' FROM security_events WHERE kind = 'mail.refused'"
    return conn.execute(sql).fetchall()


def test_a_mail_has_its_headers_and_both_forms(conn, org_id, sink, sender):
    user = add_reset(conn, org_id)
    (mail,) = wait_until(lambda: sink.to(user.email))
    assert mail.sender == MAILBOX.address
    assert mail.message["From"] == f"{MAILBOX.name} <{MAILBOX.address}>" and mail.message["To"] == user.email
    assert mail.message["Auto-Submitted"] == "auto-generated" and mail.message["Date"]
    assert re.fullmatch(r"<[0-9a-f-]{36}@example\.in>", mail.id)
    assert [part.get_content_type() for part in mail.message.iter_parts()] == ["text/plain", "text/html"]
    assert f"{ORIGIN}/password/" in mail.text() and f"{ORIGIN}/password/" in mail.text("html")


def test_a_mail_is_in_the_language_that_its_user_chose(conn, org_id, sink, sender):
    user, other = (new_user(conn, org_id, "viewer").user for _ in range(2))
    conn.execute("UPDATE users SET language = 'hi' WHERE user_id = %s", (user.id,))
    for each in (user, other):
        enqueue(conn, MailKind.PASSWORD_CHANGED, each.id, FACTS)
    (hindi,), (english,) = wait_until(lambda: sink.to(user.email)), wait_until(lambda: sink.to(other.email))
    assert (hindi.subject, english.subject) == ("आपका पासवर्ड बदल दिया गया", "Your password was changed")


def test_of_a_sent_mail_only_its_trace_is_kept(conn, org_id, sink, sender):
    user = add_reset(conn, org_id)
    wait_until(lambda: mail_of(conn, user.id)["status"] == "sent")
    row = mail_of(conn, user.id)
    assert (row["kind"], row["address"], row["facts"], row["attempts"]) == ("password_reset", None, b"{}", 1)
    assert row["result"].startswith("250") and user.email not in str(row)


def test_the_token_of_a_link_is_nowhere_but_in_the_mail(conn, org_id, sink, sender, caplog):
    user = add_reset(conn, org_id)
    (mail,) = wait_until(lambda: sink.to(user.email))
    token = mail.link().rpartition("/")[2]
    wait_until(lambda: mail_of(conn, user.id)["status"] == "sent")
    tables = [name for (name,) in conn.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    for table in tables:
        assert token not in str(conn.execute(f"SELECT t::text FROM {table} t").fetchall()), table
    assert token not in caplog.text
    assert conn.execute("SELECT email FROM find_link(sha256(%s))", (token.encode(),)).fetchone() == (user.email,)


def test_a_refused_mail_is_not_tried_again_and_shown(conn, org_id, sink, sender):
    sink.answer = lambda address: f"550 5.1.1 <{address}> unknown"
    user = add_reset(conn, org_id)
    wait_until(lambda: mail_of(conn, user.id)["status"] == "refused")
    row = mail_of(conn, user.id)
    assert (row["address"], row["result"], row["attempts"]) == (None, "550 5.1.1 <…> unknown", 1)
    assert refusals(conn) == [(user.id, "550 5.1.1 <…> unknown")]
    assert sender.outcomes == ["refused"]


def test_a_postponed_mail_is_sent_later_with_the_same_message_id(conn, org_id, sink, sender):
    ids = []

    def postpone(mail):
        ids.append(mail.id)
        return "451 later" if len(ids) == 1 else None

    sink.on_mail = postpone
    user = add_reset(conn, org_id)
    wait_until(lambda: sender.outcomes == ["postponed"])
    row = mail_of(conn, user.id)
    assert (row["status"], row["due"], row["is_claimed"]) == ("queued", False, False)
    make_mails_due(conn)
    wait_until(lambda: sender.outcomes == ["postponed", "sent"])
    assert len(set(ids)) == 1 and len(ids) == 2


def test_waits_grow():
    waits = [delay_after(Outcome.POSTPONED, attempts) for attempts in range(1, 12)]
    assert waits == sorted(waits) and waits[0].total_seconds() == 60 and waits[-1].total_seconds() == 4 * 3600
    assert not delay_after(Outcome.INTERRUPTED, 9)


def test_while_there_is_no_server_no_mail_is_tried(conn, org_id, own_database, sink):
    sink.stop()
    with RunningMailSender(own_database, sink.port) as sender:
        user = add_reset(conn, org_id)
        wait_until(lambda: sender._sender._pause > 0)
        assert mail_of(conn, user.id)["attempts"] == 0
        sink.start()
        wait_until(lambda: sender.outcomes == ["sent"])
    assert mail_of(conn, user.id)["attempts"] == 1


def test_a_mail_of_unknown_end_is_sent_again_and_marked(conn, org_id, own_database, sink, caplog):
    user = add_reset(conn, org_id)
    answers = ("220 hello", "250 hello", "250 sender", "250 recipient", "354 go on")
    with ScriptedServer(*answers, hangs=False) as server, RunningMailSender(own_database, server.port) as sender:
        wait_until(lambda: sender.outcomes == ["unknown"])
    assert mail_of(conn, user.id)["is_claimed"], "nobody knows whether it was sent"
    make_mails_due(conn)
    with caplog.at_level("INFO", "smartdhandha.mail"), RunningMailSender(own_database, sink.port) as sender:
        wait_until(lambda: sender.outcomes == ["sent"])
    (line,) = [record.facts for record in caplog.records if getattr(record, "facts", {}).get("outcome") == "sent"]
    assert line["mayBeTwice"] and line["user"] == user.id and user.email not in str(line)


def test_an_answer_that_could_not_be_stored_is_stored_first(conn, org_id, own_database, sink):
    """The connection to the database is lost between the server's answer and its storage."""
    cut = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
    """
    sink.on_mail = lambda mail: conn.execute(cut) and None
    user = add_reset(conn, org_id)
    with RunningMailSender(own_database, sink.port) as sender:
        wait_until(lambda: sender.outcomes == ["sent"])
        sink.on_mail = lambda mail: None
        other = add_reset(conn, org_id)
        wait_until(lambda: sink.to(other.email))
    assert len(sink.to(user.email)) == 1 and mail_of(conn, user.id)["status"] == "sent"


def test_a_mail_about_something_that_is_gone_is_given_up(conn, org_id, sink, sender):
    user = new_user(conn, org_id).user
    enqueue(conn, MailKind.KEY_LEAKED, user.id, {"object": "key_unknown"})
    wait_until(lambda: mail_of(conn, user.id)["status"] == "refused")
    assert not sink.mails


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        (MailKind.KEY_LEAKED, "UPDATE memberships SET role = 'viewer' WHERE user_id = %s"),
        (MailKind.KEY_LEAKED, "UPDATE memberships SET status = 'removed' WHERE user_id = %s"),
        (MailKind.PASSWORD_CHANGED, "UPDATE users SET removed_at = now() WHERE user_id = %s"),
    ],
)
def test_a_mail_that_waits_is_not_sent_to_whom_it_concerns_no_more(conn, org_id, own_database, sink, kind, change):
    user, key = new_user(conn, org_id).user, create_key(conn, org_id, "Zapier", ("billing:read",), 10, None).row["id"]
    enqueue(conn, kind, user.id, {"object": key} if kind is MailKind.KEY_LEAKED else FACTS)
    conn.execute(change, (user.id,))
    with RunningMailSender(own_database, sink.port):
        wait_until(lambda: mail_of(conn, user.id)["status"] == "refused")
    assert not sink.mails and mail_of(conn, user.id)["address"] is None


@pytest.mark.parametrize("status", ["active", "removed"])
def test_an_invitation_that_was_accepted_or_withdrawn_meanwhile_is_not_sent(conn, org_id, own_database, sink, status):
    user, other = new_user(conn, org_id).user, create_organization(conn, "Other Traders").id
    context = Context(org_id=other, actor=Actor("cli", "test"), request_id="req_1")
    execute_on(conn, InvitePerson(id=people_id(other), user_id=user.id, role="viewer"), context)
    conn.execute("UPDATE memberships SET status = %s WHERE org_id = %s", (status, other))
    with RunningMailSender(own_database, sink.port):
        wait_until(lambda: mail_of(conn, user.id)["status"] == "refused")
    assert not sink.mails
    assert conn.execute("SELECT count(*) FROM user_links WHERE purpose = 'invitation'").fetchone() == (0,)


def test_a_mail_about_test_mode_goes_to_a_manager_of_the_live_organization(conn, org_id, sink, sender):
    user, sibling = new_user(conn, org_id).user, get_test_organization(conn, org_id)
    key = create_key(conn, sibling, "Zapier", ("billing:read",), 10, None).row["id"]
    facts = json.dumps({"object": key})
    conn.execute("SELECT add_mail('key_leaked', %s, %s, %s, %s)", (sibling, user.id, user.email, facts))
    wait_until(lambda: sink.to(user.email))


def test_a_mail_that_cannot_be_written_keeps_no_other_from_being_sent(conn, org_id, sink, sender, monkeypatch):
    """Seen red while an address with letters of other scripts ended the process of the sender."""
    make = make_message

    def fail(id, at, mailbox, recipient, letter):
        if recipient.address.startswith("unwritable"):
            raise ValueError("no such message")
        return make(id, at, mailbox, recipient, letter)

    monkeypatch.setattr("infra.worker.mail.sender.make_message", fail)
    unwritable, other = add_reset(conn, org_id, "unwritable@example.in"), add_reset(conn, org_id)
    wait_until(lambda: sink.to(other.email))
    row = wait_until(lambda: mail_of(conn, unwritable.id)["result"] and mail_of(conn, unwritable.id))
    assert (row["status"], row["due"]) == ("queued", False) and "cannot be written" in row["result"]


def test_two_senders_share_the_mails(conn, org_id, own_database, sink):
    users = [add_reset(conn, org_id) for _ in range(12)]
    with RunningMailSender(own_database, sink.port) as one, RunningMailSender(own_database, sink.port) as two:
        wait_until(lambda: len(one.outcomes + two.outcomes) == len(users))
    assert sorted(mail.recipient for mail in sink.mails) == sorted(user.email for user in users)


def test_a_claimed_mail_is_claimed_by_nobody_else_until_its_claim_ends(conn, org_id):
    add_reset(conn, org_id)
    first = claim(conn, LEASE)
    assert first is not None and claim(conn, LEASE) is None
    make_mails_due(conn)
    again = claim(conn, LEASE)
    assert again is not None and again.id == first.id and again.may_be_sent and not first.may_be_sent


def test_an_answer_that_comes_too_late_changes_nothing(conn, org_id):
    """Another sender has sent the mail after the claim had ended."""
    user = add_reset(conn, org_id)
    late = claim(conn, LEASE)
    make_mails_due(conn)
    again = claim(conn, LEASE)
    assert late is not None and again is not None
    record_answer(conn, again, Answer(Outcome.SENT, "250 taken"))
    for outcome in (Outcome.REFUSED, Outcome.POSTPONED, Outcome.UNKNOWN):
        record_answer(conn, late, Answer(outcome, "late"))
    row = mail_of(conn, user.id)
    assert (row["status"], row["result"], refusals(conn)) == ("sent", "250 taken", [])


def test_after_two_days_a_mail_is_given_up_and_shown(conn, org_id):
    user, fresh = add_reset(conn, org_id), add_reset(conn, org_id)
    conn.execute("UPDATE mails SET queued_at = now() - interval '49 hours' WHERE user_id = %s", (user.id,))
    assert forget_mails(conn) == 1
    assert mail_of(conn, user.id)["status"] == "expired" and mail_of(conn, user.id)["address"] is None
    assert refusals(conn) == [(user.id, "not sent within 2 days; last answer: none")]
    assert kinds(conn) == kinds(conn, fresh.id) == ["password_reset"]


def test_a_mail_that_is_being_sent_is_not_given_up(conn, org_id):
    user = add_reset(conn, org_id)
    conn.execute("UPDATE mails SET queued_at = now() - interval '49 hours'")
    assert claim(conn, LEASE) is not None
    assert forget_mails(conn) == 0 and mail_of(conn, user.id)["status"] == "queued"


def test_traces_are_deleted_after_ninety_days(conn, org_id, sink, sender):
    user = add_reset(conn, org_id)
    wait_until(lambda: mail_of(conn, user.id)["status"] == "sent")
    conn.execute("UPDATE mails SET queued_at = now() - interval '89 days'")
    assert forget_mails(conn) == 0
    conn.execute("UPDATE mails SET queued_at = now() - interval '91 days'")
    assert forget_mails(conn) == 1
    assert conn.execute("SELECT count(*) FROM mails").fetchone() == (0,)
