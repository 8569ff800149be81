"""What is delivered to a webhook, and what can be asked for: tests, retries, replays, and events that are skipped."""

from contextlib import closing
from datetime import UTC, datetime
from functools import partial

import pytest

from infra.postgres.database import connect_as_table_owner
from tests.support.client import data_of, error_of
from tests.support.organization import Organization
from tests.support.receiver import Receiver
from tests.support.scenarios import draft_invoice
from tests.support.service import Service
from tests.support.waiting import wait_until


@pytest.fixture(scope="module")
def new_organization(new_database):
    """Return a function that makes an organization of a service with a sender."""
    database = new_database()
    with Service(database, SMARTDHANDHA_SENDERS="1") as service, connect_as_table_owner(database) as conn:
        yield lambda: Organization(service.url, conn)


@pytest.fixture
def delivering(new_organization):
    """A client of a service with a sender."""
    with closing(new_organization()) as organization:
        yield organization.api()


@pytest.fixture
def receiver():
    with Receiver() as running:
        yield running


@pytest.fixture
def path(delivering, receiver):
    """The path of a webhook to the receiver."""
    return f"webhooks/{delivering.create('webhooks', {'url': receiver.url, 'types': ['invoice.*']})['id']}"


def ended_test(api, path, **body):
    """Return a test that has ended before its response; the first ones may come before the sender has started."""
    send = partial(api.post, f"{path}/test", json=body)
    return data_of(wait_until(lambda: (response := send()).status_code == 200 and response), 200)


def deliveries(api, path, count, **params):
    return wait_until(lambda: len(found := api.read(f"{path}/deliveries", **params)) == count and found)


def test_a_test_posts_a_sample_and_says_how_it_ended(delivering, receiver, path):
    delivering.update(path, {"status": "paused"})
    tested = ended_test(delivering, path, type="leave.approved")
    assert set(tested) == {"id", "eventId", "type", "status", "nextAttemptAt", "attempts"}
    assert (tested["type"], tested["status"], tested["nextAttemptAt"]) == ("leave.approved", "delivered", None)
    (attempt,) = tested["attempts"]
    assert set(attempt) == {"at", "status", "durationMs", "error", "response"}
    assert (attempt["status"], attempt["response"]) == (200, "ok")
    (request,) = (each for each in receiver.requests if each.id == tested["eventId"])  # earlier tests may arrive, too
    assert request.payload["data"]["id"] == request.id
    assert request.payload["data"]["object"]["status"] == "approved"
    assert ended_test(delivering, path)["type"].startswith("invoice.")
    assert delivering.post(f"{path}/test").status_code in (200, 202)


def test_a_test_that_fails_changes_nothing_of_the_webhook(delivering, receiver, path):
    receiver.status = 410
    tested = ended_test(delivering, path)
    assert (tested["status"], tested["attempts"][0]["status"]) == ("failed", 410)
    webhook = delivering.read(path)
    assert (webhook["status"], webhook["failingSince"], webhook["lastError"]) == ("active", None, None)


def test_without_an_end_in_time_a_test_is_accepted(api):
    webhook = api.create("webhooks", {"url": "https://127.0.0.1/hooks"})
    tested = data_of(api.post(f"webhooks/{webhook['id']}/test", json={}), 202)
    assert (tested["status"], tested["attempts"]) == ("pending", [])
    assert api.read(f"webhooks/{webhook['id']}/deliveries") == [tested]
    assert api.read(f"webhooks/{webhook['id']}/deliveries", status="delivered,failed") == []


def test_a_sample_needs_a_scope_of_the_webhook(organization):
    api = organization.api(["leaves:read"])
    path = f"webhooks/{api.create('webhooks', {'url': 'https://127.0.0.1/hooks'})['id']}"
    error_of(api.post(f"{path}/test", json={"type": "invoice.paid"}), 403, "insufficient_scope")
    error_of(api.post(f"{path}/replay", json={"after": 0, "types": ["invoice.*"]}), 403, "insufficient_scope")
    for body in ({"type": "invoice.*"}, {"type": "x"}, {"kind": "leave.approved"}):
        error_of(api.post(f"{path}/test", json=body), 422, "unknown_field" if "kind" in body else "validation_failed")


def test_a_failing_delivery_is_shown_and_attempted_again_on_request(delivering, receiver, path):
    receiver.status, receiver.body = 500, b"x" * 5000
    draft_invoice(delivering)
    (failing,) = wait_until(lambda: (found := delivering.read(f"{path}/deliveries")) and found[0]["attempts"] and found)
    assert (failing["status"], failing["attempts"][0]["response"]) == ("pending", "x" * 1024)
    assert failing["nextAttemptAt"] > failing["attempts"][0]["at"]
    webhook = delivering.read(path)
    assert (webhook["behind"], webhook["lastError"]) == (1, "HTTP 500") and webhook["failingSince"]
    receiver.status = 200
    retried = data_of(delivering.post(f"{path}/deliveries/{failing['id']}/retry"), 202)
    assert retried["id"] == failing["id"]
    (delivered,) = deliveries(delivering, path, 1, status="delivered")
    assert delivered["id"] == failing["id"]
    again = data_of(delivering.post(f"{path}/deliveries/{failing['id']}/retry", json={}), 202)
    assert again["id"] > failing["id"] and again["eventId"] == failing["eventId"]
    assert [each["id"] for each in deliveries(delivering, path, 2, status="delivered")] == [again["id"], failing["id"]]
    assert len(set(receiver.ids)) == 1
    error_of(delivering.post(f"{path}/deliveries/dlv_none/retry"), 404, "not_found")
    error_of(delivering.post(f"{path}/deliveries/{failing['id']}/retry", json={"x": 1}), 422, "unknown_field")


def test_a_replay_sends_events_once_more_with_the_same_ids(delivering, receiver, path):
    error_of(delivering.get(f"{path}/replay"), 404, "not_found")
    for _ in range(3):
        draft_invoice(delivering)
    first = deliveries(delivering, path, 3, status="delivered")
    wait_until(lambda: delivering.read(path)["behind"] == 0)
    replay = data_of(delivering.post(f"{path}/replay", json={"after": 0, "types": ["invoice.drafted"]}), 202)
    assert set(replay) == {"id", "status", "types", "events", "delivered", "failed", "createdAt", "endedAt"}
    assert (replay["types"], replay["events"]) == (["invoice.drafted"], 3)
    ended = wait_until(lambda: (found := delivering.read(f"{path}/replay"))["status"] == "finished" and found)
    assert (ended["id"], ended["delivered"], ended["failed"]) == (replay["id"], 3, 0) and ended["endedAt"]
    assert sorted(receiver.ids[3:]) == sorted(each["eventId"] for each in first)
    assert delivering.read(path)["status"] == "active"


def test_it_begins_at_the_head_gets_what_events_shows_and_a_day_is_sent_once_more(delivering, receiver):
    day = datetime.now(UTC).strftime("%Y-%m-%dT00:00:00Z")
    draft_invoice(delivering)
    path = f"webhooks/{delivering.create('webhooks', {'url': receiver.url, 'types': ['invoice.*']})['id']}"
    draft_invoice(delivering)
    (delivered,) = wait_until(lambda: receiver.requests)
    before, event = delivering.read("events", include="object")
    assert delivered.payload == {"type": event["type"], "timestamp": event["occurredAt"], "data": event}
    assert delivered.id == event["id"] and delivered.headers["webhook-timestamp"].isdigit()

    wait_until(lambda: delivering.read(path)["behind"] == 0)
    assert data_of(delivering.post(f"{path}/replay", json={"since": day}), 202)["events"] == 2
    wait_until(lambda: delivering.read(f"{path}/replay")["status"] == "finished")
    assert receiver.ids == [event["id"], *receiver.ids[1:]]
    assert sorted(receiver.ids[1:]) == sorted([before["id"], event["id"]])
    webhook = delivering.read(path)
    assert (webhook["status"], webhook["failingSince"]) == ("active", None)


def test_a_webhook_has_one_replay_at_a_time_and_it_can_be_cancelled(delivering, path):
    draft_invoice(delivering)
    deliveries(delivering, path, 1, status="delivered")
    delivering.update(path, {"status": "paused"})
    body = {"since": "2020-01-01T00:00:00Z"}
    replay = data_of(delivering.post(f"{path}/replay", json=body), 202)
    error = error_of(delivering.post(f"{path}/replay", json=body), 409, "replay_running")
    assert error["conflictingId"] == replay["id"]
    cancelled = data_of(delivering.delete(f"{path}/replay"), 200)
    assert (cancelled["id"], cancelled["status"]) == (replay["id"], "cancelled")
    assert data_of(delivering.delete(f"{path}/replay"), 200) == cancelled


@pytest.mark.parametrize("body", [{}, {"after": 1, "since": "2026-01-01T00:00:00Z"}, {"after": -1}, {"since": "x"}])
def test_a_replay_begins_at_a_position_or_at_a_time(api, body):
    path = f"webhooks/{api.create('webhooks', {'url': 'https://127.0.0.1/hooks'})['id']}"
    error_of(api.post(f"{path}/replay", json=body), 422, "validation_failed")


def test_from_now_skips_what_was_not_delivered_and_says_how_much(delivering, receiver, path):
    receiver.status = 500
    draft_invoice(delivering)
    wait_until(lambda: delivering.read(path)["lastError"])
    delivering.update(path, {"status": "paused"})
    receiver.status = 200
    for _ in range(2):
        draft_invoice(delivering)
    active = delivering.update(path, {"status": "active", "from": "now"})
    assert (active["status"], active["skipped"]) == ("active", 3)
    (skipped,) = delivering.read(f"{path}/deliveries")
    assert (skipped["status"], skipped["nextAttemptAt"]) == ("failed", None)
    draft_invoice(delivering)
    deliveries(delivering, path, 1, status="delivered")
    assert len(receiver.requests) == 2
