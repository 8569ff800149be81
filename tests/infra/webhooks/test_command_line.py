"""`smartdhandha webhook`: tests a receiver, shows what was sent, and sends it again."""

import json

import pytest

from tests.support.command_line import run
from tests.support.receiver import Receiver
from tests.support.senders import RunningSender, draft_invoice, new_webhook
from tests.support.waiting import wait_until

COMMAND = "infra.cli.accounts.webhook.deliveries"


@pytest.fixture
def webhook(conn, books, receiver):
    return new_webhook(conn, books.id, receiver.url).row["id"]


@pytest.fixture
def ask(env, webhook):
    """Run a command on the webhook; return its JSON."""

    def asked(command, *options, status=0):
        return json.loads(run("webhook", command, webhook, *options, "--json", env=env, status=status).out)

    return asked


def test_a_receiver_is_tested_broken_mended_and_gets_events_once_more(books, receiver, own_database, ask, env, webhook):
    with RunningSender(own_database):
        tested = ask("test", "--type", "leave.approved")
        assert (tested["status"], tested["attempts"][0]["status"]) == ("delivered", 200)
        assert receiver.ids == [tested["eventId"]]

        receiver.status, receiver.body = 500, b"no table named invoices"
        assert ask("test", status=1)["status"] == "failed"
        assert "no table named invoices" in run("webhook", "test", webhook, env=env, status=1).out
        draft_invoice(books)
        (failing,) = wait_until(lambda: [each for each in ask("deliveries", "--status", "pending") if each["attempts"]])
        assert ask("show")["lastError"] == "HTTP 500"

        receiver.status = 200
        assert ask("retry", failing["id"])["id"] == failing["id"]
        wait_until(lambda: ask("deliveries", "--status", "pending") == [])
        replay = ask("replay", "--after", "0", "--type", "invoice.*")
        assert replay["events"] == 1
        ended = wait_until(lambda: (found := ask("replay-status"))["status"] == "finished" and found)
        assert (ended["id"], ended["delivered"]) == (replay["id"], 1)
        assert receiver.ids.count(failing["eventId"]) == 3
        assert ask("deliveries", "--limit", "1")[0]["eventId"] == failing["eventId"]
        assert run("webhook", "deliveries", webhook, env=env).out.count(failing["eventId"]) == 2


def test_without_a_sender_a_test_says_what_is_missing_and_a_replay_waits(
    conn, books, own_database, ask, env, webhook, monkeypatch
):
    monkeypatch.setattr(f"{COMMAND}._WAIT_SECONDS", 0.1)
    tested = run("webhook", "test", webhook, env=env, status=1)
    assert "pending" in tested.out and "SMARTDHANDHA_SENDERS" in tested.err
    with Receiver() as other, RunningSender(own_database):
        new_webhook(conn, books.id, other.url)
        draft_invoice(books)
        wait_until(lambda: other.requests and ask("show")["behind"] == 0)
    replay = ask("replay", "--since", "24h")
    assert "has not ended" in run("webhook", "replay", webhook, "--after", "0", env=env, status=1).err
    assert ask("replay-cancel") | {"endedAt": None} == replay | {"status": "cancelled"}


def test_a_webhook_that_goes_on_from_now_says_what_it_skips(books, ask, env, webhook):
    run("webhook", "pause", webhook, env=env)
    for _ in range(2):
        draft_invoice(books)
    assert "2 events are skipped" in run("webhook", "resume", webhook, "--from", "now", env=env).out
    assert (ask("show")["status"], ask("show")["behind"], ask("resume")["skipped"]) == ("active", 0, None)


@pytest.mark.parametrize(
    ("command", "options", "status", "message"),
    [
        ("test", ["--type", "invoice.gone"], 2, "'invoice.gone' is not one of"),
        ("replay", [], 2, "Give either --since or --after."),
        ("replay", ["--since", "24h", "--after", "1"], 2, "Give either --since or --after."),
        ("replay", ["--since", "soon"], 2, "--since"),
        ("replay", ["--after", "0", "--type", "invoice.gone"], 1, "types[0] must be a type of event"),
        ("replay-status", [], 1, "no replay"),
        ("replay-cancel", [], 1, "no replay"),
        ("retry", ["dlv_none"], 1, "There is no delivery"),
        ("deliveries", ["--status", "lost"], 2, "'lost' is not one of"),
    ],
)
def test_what_is_wrong_is_refused_with_what_to_do(env, webhook, command, options, status, message):
    assert message in run("webhook", command, webhook, *options, env=env, status=status).err


@pytest.mark.parametrize("command", ["show", "test", "deliveries", "replay-status", "replay-cancel", "resume"])
def test_an_unknown_webhook_is_named(env, command):
    assert "There is no webhook with the id 'whk_none'" in run("webhook", command, "whk_none", env=env, status=1).err


def test_a_sample_needs_a_scope_of_the_webhook(conn, books, env):
    made = new_webhook(conn, books.id, "https://127.0.0.1/leaves", scopes=("leaves:read",))
    refused = run("webhook", "test", made.row["id"], "--type", "invoice.paid", env=env, status=1)
    assert "needs the scope billing:read" in refused.err
