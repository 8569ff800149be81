"""`smartdhandha listen`: posts new events to a local server, from the API with a key or from the log without one."""

import base64
import hashlib
import hmac
import json
from urllib.parse import urlsplit

import pytest

from commands.invoice import DraftInvoice
from infra.audit.security_events import SecurityEventFilter, list_security_events
from infra.postgres.database import connect_as_table_owner
from tests.support.books import Books
from tests.support.command_line import environment, run, run_process, without_log
from tests.support.listening import listening, next_line
from tests.support.ports import free_address
from tests.support.postgres import database_settings
from tests.support.receiver import Receiver
from tests.support.scenarios import draft_bill, draft_invoice, invoice_body
from tests.support.senders import RunningSender, new_webhook
from tests.support.waiting import wait_until

SECRET = "whsec_" + base64.b64encode(b"a secret for tests").decode()


@pytest.fixture
def receiver():
    with Receiver() as running:
        yield running


@pytest.fixture
def log_env(shared_database):
    return environment(**database_settings(shared_database), WEBHOOK_SECRET=SECRET)


@pytest.fixture
def key_env(service, organization):
    def make(**key):
        return environment(
            SMARTDHANDHA_API_KEY=organization.new_key(**key).raw, SMARTDHANDHA_URL=service.url, WEBHOOK_SECRET=SECRET
        )

    return make


def is_genuine(delivered):
    signed = f"{delivered.id}.{delivered.headers['webhook-timestamp']}.".encode() + delivered.body
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return delivered.headers["webhook-signature"] == f"v1,{expected}"


def test_the_log_gives_what_a_webhook_receives(own_database, receiver):
    env = environment(**database_settings(own_database), WEBHOOK_SECRET=SECRET)
    with connect_as_table_owner(own_database) as conn, Receiver() as other:
        books = Books(conn)
        books.do(DraftInvoice, invoice_body())  # before it listens
        new_webhook(conn, books.id, other.url)
        with listening(env, "--org", books.id, "--forward-to", receiver.url, "--json") as process:
            books.do(DraftInvoice, invoice_body())
            (trace,) = list_security_events(conn, SecurityEventFilter(org_id=books.id, kinds=["log.exported"]))
            assert trace.details == {"to": urlsplit(receiver.url).netloc} and trace.actor_type == "operator"
            shown = json.loads(next_line(process))
        with RunningSender(own_database):
            wait_until(lambda: other.requests)
    (delivered,), (same,) = receiver.requests, other.requests
    assert is_genuine(delivered)
    assert (delivered.id, delivered.body) == (same.id, same.body)
    assert (shown["eventId"], shown["type"], shown["status"], shown["error"]) == (
        delivered.id,
        "invoice.drafted",
        200,
        None,
    )


def test_on_the_machine_of_the_service_the_test_of_a_webhook_is_shown_too(own_database, receiver):
    env = environment(**database_settings(own_database), WEBHOOK_SECRET=SECRET)
    with connect_as_table_owner(own_database) as conn, Receiver() as other, RunningSender(own_database):
        books = Books(conn)
        webhook = new_webhook(conn, books.id, other.url).row["id"]
        run("webhook", "test", webhook, env=env)  # before it listens
        with listening(env, "--org", books.id, "--forward-to", receiver.url, "--json") as process:
            tested = json.loads(run("webhook", "test", webhook, "--type", "bill.paid", "--json", env=env).out)
            shown = json.loads(next_line(process))
            books.do(DraftInvoice, invoice_body())
            assert json.loads(next_line(process))["type"] == "invoice.drafted"
        # The sender takes its own time: it may send this one later than `listen` does, or after the other one.
        same = wait_until(lambda: [each for each in other.requests if each.id == tested["eventId"]])[0]
    assert (shown["eventId"], shown["type"], shown["status"]) == (tested["eventId"], "bill.paid", 200)
    assert is_genuine(receiver.requests[0]) and receiver.requests[0].body == same.body


def test_a_key_gives_the_events_of_its_scopes_and_types_and_each_time_costs_a_credit(api, key_env, receiver):
    options = ("--forward-to", receiver.url, "--every", "1", "--type", "invoice.*")
    with listening(key_env(scopes=("billing:read",)), *options) as process:
        draft_bill(api)
        invoice = draft_invoice(api)
        line = next_line(process)
    (delivered,) = receiver.requests
    assert is_genuine(delivered)
    assert delivered.payload["data"]["object"]["id"] == invoice["id"]
    assert [delivered.payload["type"], delivered.id, "200"] == line.split()[1:4]


def test_it_says_what_a_day_costs_before_it_asks(key_env, receiver):
    with listening(key_env(), "--forward-to", receiver.url, until="credits a day") as process:
        assert process.stderr is not None and "position" in process.stderr.readline()


def test_it_begins_after_a_position_and_shows_a_failure_once(api, key_env, receiver):
    receiver.status = 500
    for _ in range(3):
        draft_invoice(api)
    first = str(api.read("events")[0]["position"])
    options = ("--forward-to", receiver.url, "--after", first, "--every", "1")
    with listening(key_env(), *options, until="a day") as process:
        lines = [next_line(process) for _ in range(2)]
    assert [line.split()[3] for line in lines] == ["500", "500"]
    assert len(receiver.requests) == len(set(receiver.ids)) == 2


def test_without_a_receiver_it_says_so_and_goes_on(api, key_env):
    target = f"http://{free_address()}/hooks"
    draft_invoice(api)
    with listening(key_env(), "--forward-to", target, "--after", "0", "--every", "1", until="a day") as process:
        assert "the URL cannot be reached" in next_line(process)


@pytest.mark.process
def test_without_a_service_it_asks_again(receiver):
    address = free_address()
    env = environment(SMARTDHANDHA_API_KEY="sd_live_x", WEBHOOK_SECRET=SECRET)
    options = ("--url", f"http://{address}", "--forward-to", receiver.url)
    with listening(env, *options, until=f"The service at http://{address} cannot be reached"):
        pass


def test_it_stops_with_the_sentence_of_the_api_when_no_credit_is_left(key_env, receiver):
    done = run_process("listen", "--forward-to", receiver.url, "--every", "1", env=key_env(limit=1), status=1)
    assert "credits" in done.err.splitlines()[-1] and "Error: " in done.err


def test_its_own_secret_is_shown_and_signs(api, key_env, receiver):
    env = key_env() | {"WEBHOOK_SECRET": ""}
    draft_invoice(api)
    with listening(env, "--forward-to", receiver.url, "--after", "0", until="WEBHOOK_SECRET=whsec_") as process:
        next_line(process)
    assert not is_genuine(receiver.requests[0])


@pytest.mark.parametrize(
    ("options", "settings", "message"),
    [
        ([], {}, "Set SMARTDHANDHA_API_KEY to an API key."),
        (["--type", "invoice.gone"], {}, "is no type of event. The types are invoice.*, "),
        (["--org", "org_unknown"], {}, "organization"),
        (["--url", "ftp://127.0.0.1"], {}, "must be an http or https URL"),
        ([], {"WEBHOOK_SECRET": "secret"}, "WEBHOOK_SECRET must be whsec_ and then base64."),
    ],
)
def test_wrong_input_is_refused(log_env, options, settings, message):
    done = run(
        "listen",
        "--forward-to",
        "http://127.0.0.1:1/",
        *options,
        env=log_env | settings,
        status=1 if "--org" in options else 2,
    )
    assert message in without_log(done.err)
