"""For 24 hours a request with its Idempotency-Key is replayed; once the worker has deleted the response, it is new."""

from datetime import timedelta

import pytest

from infra.worker.tasks import RETRIES_RETENTION, forget_retries
from tests.contract.test_retries import KEY, WRITES, last_position, send, what_counts
from tests.support.client import data_of, error_of
from tests.support.scenarios import draft_invoice

KEPT = {"0 min": 0, "1 h": 60, "12 h": 12 * 60, "23 h": 23 * 60, "23 h 59 min": 24 * 60 - 1}
GONE = {"26 h": 26 * 60, "two days": 48 * 60, "a year": 365 * 24 * 60}
AGAIN = {
    "POST invoices": (201, 1),
    "POST bills": (409, 0),
    "POST leaves": (409, 0),
    "PATCH an invoice": (200, 0),
    "PATCH a bill": (200, 0),
    "PATCH a leave": (200, 0),
    "POST payments of an invoice": (201, 1),
    "POST payments of a bill": (201, 1),
}
"""What each request gets when it is sent once more as a new one, and how many events that records."""


@pytest.fixture
def make_older(owner, organization):
    """Return a function that moves the time of the stored response back by minutes and runs the worker's task."""

    def make(minutes):
        older = "UPDATE idempotency_keys SET created_at = created_at - make_interval(mins => %s) WHERE org_id = %s"
        assert owner.execute(older, (minutes, organization.id)).rowcount == 1
        while forget_retries(owner):
            pass

    return make


@pytest.mark.parametrize("minutes", KEPT.values(), ids=KEPT)
@pytest.mark.parametrize("name", WRITES)
def test_within_24_hours_a_request_is_replayed(api, make_older, name, minutes):
    write = WRITES[name](api)
    first, position = send(api, write), last_position(api)
    make_older(minutes)
    again = send(api, write)
    assert what_counts(again) == what_counts(first)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert last_position(api) == position


@pytest.mark.parametrize("minutes", GONE.values(), ids=GONE)
@pytest.mark.parametrize("name", WRITES)
def test_after_the_worker_has_deleted_the_response_the_request_is_new(api, make_older, name, minutes):
    write = WRITES[name](api)
    send(api, write)
    position = last_position(api)
    make_older(minutes)
    again = send(api, write)
    status, events = AGAIN[name]
    assert again.status_code == status and "Idempotent-Replayed" not in again.headers
    assert last_position(api) == position + events


def test_a_key_can_be_used_for_another_request_only_after_its_response_was_deleted(api, make_older):
    path = f"invoices/{draft_invoice(api)['id']}"
    data_of(api.patch(path, json={"notes": "first"}, headers=KEY), 200)
    make_older(24 * 60 - 1)
    error_of(api.patch(path, json={"notes": "second"}, headers=KEY), 422, "idempotency_key_reused")
    make_older(2 + RETRIES_RETENTION // timedelta(minutes=1) - 24 * 60)
    assert data_of(api.patch(path, json={"notes": "second"}, headers=KEY), 200)["notes"] == "second"
