"""A service with its sender: from the command line to the receiver, through kills, with metrics and a log."""

import json

import httpx
import psutil
import pytest

from commands.invoice import DraftInvoice
from domain.webhook import MAX_WEBHOOKS
from infra.worker.deliveries import forget_deliveries
from tests.support.command_line import run
from tests.support.ports import free_address
from tests.support.postgres import tables_containing
from tests.support.receiver import Receiver
from tests.support.scenarios import invoice_body
from tests.support.senders import KEY, RunningSender, is_sender, new_webhook, shown
from tests.support.service import Service
from tests.support.waiting import wait_until


def create(env, books, url, *options, status=0):
    words = ("webhook", "create", "--org", books.id, "--url", url, *options)
    return run(*words, *([] if status else ["--json"]), env=env, status=status)


def sending(database, **options):
    """Return a service with one sender."""
    return Service(database, SMARTDHANDHA_SECRET_KEY=KEY, SMARTDHANDHA_SENDERS="1", **options)


def senders(service):
    return [each for each in service.children() if is_sender(each)]


def test_a_service_delivers_what_the_command_line_asks_for(conn, books, env, own_database, tmp_path):
    metrics, log = free_address(), tmp_path / "log"
    with Receiver() as receiver:
        made = json.loads(create(env, books, receiver.url, "--type", "invoice.*").out)
        with sending(own_database, log=log, SMARTDHANDHA_METRICS_BIND=metrics) as service:
            books.do(DraftInvoice, invoice_body())
            wait_until(lambda: len(receiver.requests) == 1)

            wait_until(lambda: counted(metrics, 1))  # so the killed sender has recorded it
            (killed,) = senders(service)
            killed.kill()
            books.do(DraftInvoice, invoice_body())
            wait_until(lambda: len(receiver.requests) == 2)
            (again,) = senders(service)
            assert again.pid != killed.pid
            page = wait_until(lambda: counted(metrics, 2))
            assert "smartdhandha_webhook_lag_seconds_count 2.0" in page and made["secret"] not in page
        wait_until(lambda: not psutil.pid_exists(again.pid))

    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    attempts = [line for line in lines if line["logger"] == "smartdhandha.webhooks" and line["message"] == "delivery"]
    assert [(line["status"], line["attempt"], line["webhook"]) for line in attempts] == [(200, 1, made["id"])] * 2
    assert made["secret"] not in log.read_text()
    assert tables_containing(conn, made["secret"]) == set()


def counted(metrics, count):
    text = httpx.get(f"http://{metrics}/metrics", trust_env=False).text
    return text if f'smartdhandha_webhook_attempts_total{{outcome="taken"}} {count}.0' in text else ""


def test_a_sender_ends_when_its_service_is_killed(own_database):
    with sending(own_database) as service:
        (sender,) = wait_until(lambda: senders(service))
        service.process.kill()
        wait_until(lambda: not psutil.pid_exists(sender.pid))


def test_the_command_line_lists_pauses_resumes_rotates_and_deletes(books, env):
    made = json.loads(create(env, books, "https://127.0.0.1/hooks", "--description", "Zapier", "--ordered").out)
    for command, status in (("pause", "paused"), ("resume", "active")):
        assert json.loads(run("webhook", command, made["id"], "--json", env=env).out)["status"] == status
    rotated = json.loads(run("webhook", "rotate", made["id"], "--overlap", "1h", "--json", env=env).out)
    assert rotated["secret"].startswith("whsec_") and rotated["secret"] != made["secret"]
    (row,) = json.loads(run("webhook", "list", "--org", books.id, "--json", env=env).out)
    assert (row["id"], row["status"], row["ordered"], row["types"]) == (made["id"], "active", True, None)
    assert not {"secret", "secretId", "previousSecretId"} & set(row)
    run("webhook", "delete", made["id"], env=env)
    assert json.loads(run("webhook", "list", "--org", books.id, "--json", env=env).out) == []
    assert "There is no webhook" in run("webhook", "resume", made["id"], env=env, status=1).err


@pytest.mark.parametrize(
    ("url", "options", "message"),
    [
        ("https://10.0.0.1/", [], "url must not lead to a private, local or reserved address"),
        ("http://example.com/", [], "url must begin with https://"),
        ("https://me:secret@example.com/", [], "url must not contain credentials"),
        ("https://127.0.0.1/", ["--type", "invoice.snet"], "types[0] must be a type of event"),
        ("https://127.0.0.1/", ["--scope", "leaves:read", "--type", "bill.paid"], "needs the scope billing:read"),
    ],
)
def test_what_is_wrong_is_refused_with_its_field(books, env, url, options, message):
    assert message in create(env, books, url, *options, status=1).err


def test_the_same_url_and_types_make_one_webhook_and_an_organization_has_at_most_100(conn, books, env):
    url = "https://127.0.0.1/hooks"
    made = json.loads(create(env, books, url, "--type", "bill.paid").out)
    assert made["id"] in create(env, books, url, "--type", "bill.paid", status=1).err
    for number in range(1, MAX_WEBHOOKS):
        new_webhook(conn, books.id, f"{url}/{number}")
    assert "which is the most" in create(env, books, f"{url}/more", status=1).err


def test_old_deliveries_and_what_belongs_to_deleted_webhooks_is_deleted(conn, books, env, own_database):
    with Receiver() as receiver, RunningSender(own_database):
        kept = new_webhook(conn, books.id, receiver.url).row["id"]
        deleted = new_webhook(conn, books.id, f"{receiver.url}/2").row["id"]
        for _ in range(2):
            books.do(DraftInvoice, invoice_body())
        wait_until(lambda: len(receiver.requests) == 4)
        run("webhook", "delete", deleted, env=env)
        wait_until(lambda: shown(conn, books.id)["pending"] == 0)
    conn.execute(
        "UPDATE webhook_deliveries SET created_at = created_at - interval '31 days' WHERE webhook_id = %s "
        "AND position = (SELECT min(position) FROM webhook_deliveries)",
        (kept,),
    )
    conn.execute("UPDATE webhook_secrets SET created_at = created_at - interval '2 days'")
    assert (
        forget_deliveries(conn) == 5
    )  # two deliveries, the cursor and the secret of one, and the old one of the other
    assert forget_deliveries(conn) == 0
