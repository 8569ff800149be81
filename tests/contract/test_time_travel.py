"""`asOf` and `version`: an object as it was, in the present shape."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

import pytest

from tests.support.cases import all_cases
from tests.support.client import Api, error_of
from tests.support.organization import Organization
from tests.support.scenarios import MAKERS, draft_invoice, paid_invoice, pay_bill, pay_invoice, sent_invoice


def life_of_an_invoice(api):
    """The responses to twenty requests; each request records one event."""
    states = [draft_invoice(api)]
    path = f"invoices/{states[0]['id']}"
    changes = [{"notes": "a"}, {"items": [{"description": "Work", "quantity": 3, "unitPrice": "33.35", "taxRate": 18}]}]
    changes += [{"currency": "KWD"}, {"currency": "INR", "clientName": None}, {"dueDate": "2026-01-31", "notes": None}]
    changes += [{"dueDate": "2099-01-31"}, {"status": "sent"}, {"notes": "sent"}, {"dueDate": "2099-06-30"}]
    states += [api.update(path, body) for body in changes]
    return states + [pay_invoice(api, states[0], f"{rupees}.{rupees:02d}") for rupees in range(1, 11)]


def life_of_a_bill(api):
    states = [MAKERS["bills"](api)]
    path = f"bills/{states[0]['id']}"
    states += [api.update(path, body) for body in ({"notes": "a"}, {"status": "open"}, {"notes": "b"})]
    return [*states, pay_bill(api, states[0], "1.00"), pay_bill(api, states[0], "2.00")]


def life_of_a_leave(api):
    states = [MAKERS["leaves"](api)]
    steps = ({"status": "approved", "note": "Enjoy"}, {"status": "cancelled"})
    return [*states, *(api.update(f"leaves/{states[0]['id']}", body) for body in steps)]


LIVES = {"invoices": life_of_an_invoice, "bills": life_of_a_bill, "leaves": life_of_a_leave}


def moved(timestamp, **span):
    """The timestamp some time later."""
    return (datetime.fromisoformat(timestamp) + timedelta(**span)).astimezone(UTC).isoformat().replace("+00:00", "Z")


class Life(NamedTuple):
    """What happened to an object."""

    api: Api
    path: str
    states: list[dict[str, Any]]
    """The answers that the API has given about it, one for each event."""


@pytest.fixture(scope="module", params=LIVES)
def life(request, service, owner):
    """The life of an object, which the tests only look at."""
    organization = Organization(service.url, owner)
    api = organization.api()
    states = LIVES[request.param](api)
    yield Life(api, f"{request.param}/{states[0]['id']}", states)
    organization.close()


def test_as_of_each_event_the_object_is_what_the_api_returned_then(life):
    api, path, states = life
    for event, state in zip(api.read(f"{path}/events"), states, strict=True):
        assert api.read(path, asOf=event["occurredAt"]) == state


def test_each_version_is_what_the_api_returned_then(life):
    api, path, states = life
    for version, state in enumerate(states, 1):
        assert api.read(path, version=version) == state
        assert api.get(path, params={"version": version}).headers["ETag"] == f'"{version}"'


def test_the_twenty_states_of_an_invoice_add_up(api):
    states = life_of_an_invoice(api)
    path = f"invoices/{states[0]['id']}"
    events = api.read(f"{path}/events")
    assert len(events) == 20
    for event in events:
        past = api.read(path, asOf=event["occurredAt"])
        paid = sum((Decimal(payment["amount"]) for payment in past["payments"]), Decimal(0))
        lines = sum(Decimal(item["totalAmount"]) for item in past["items"])
        assert past["version"] == event["version"]
        assert lines == Decimal(past["totalAmount"]) == Decimal(past["subTotal"]) + Decimal(past["taxTotal"])
        assert paid == Decimal(past["amountPaid"]) == Decimal(past["totalAmount"]) - Decimal(past["balanceDue"])
        assert len(past["payments"]) == max(0, event["version"] - 10)


def test_between_two_events_the_state_after_the_earlier_one_is_returned(life):
    api, path, states = life
    for earlier, later in pairwise(states):
        assert api.read(path, asOf=moved(later["updatedAt"], microseconds=-1)) == earlier


def test_before_its_first_event_there_is_no_object(life):
    api, path, states = life
    error_of(api.get(path, params={"asOf": moved(states[0]["createdAt"], microseconds=-1)}), 404, "not_found")
    error = error_of(api.get(path, params={"asOf": "2000-01-01T00:00:00Z"}), 404, "not_found")
    assert "had no version at 2000-01-01T00:00:00.000000Z" in error["message"]
    assert states[0]["createdAt"] in error["message"]


@all_cases("name", ["asOf", "version"])
def test_a_future_moment_is_refused(life, name):
    api, path, states = life
    future = {"asOf": moved(states[-1]["updatedAt"], hours=1), "version": states[-1]["version"] + 1}
    error_of(api.get(path, params={name: future[name]}), 400, "invalid_parameter")


def test_events_of_one_commit_share_their_instant_and_have_versions_of_their_own(api):
    invoice = paid_invoice(api)
    path = f"invoices/{invoice['id']}"
    recorded, paid = api.read(f"{path}/events")[-2:]
    assert recorded["occurredAt"] == paid["occurredAt"]
    assert api.read(path, asOf=recorded["occurredAt"]) == invoice
    between = api.read(path, version=recorded["version"])
    assert (between["status"], between["balanceDue"], between["paidAt"]) == ("paid", "0.00", invoice["paidAt"])
    assert between["version"] == invoice["version"] - 1


def test_an_instant_can_have_any_utc_offset(api):
    invoice = draft_invoice(api)
    api.update(f"invoices/{invoice['id']}", {"notes": "later"})
    there = (datetime.fromisoformat(invoice["createdAt"]) + timedelta(hours=5, minutes=30)).replace(tzinfo=None)
    for text in (f"{there.isoformat()}+05:30", invoice["createdAt"].lower(), f"{invoice['createdAt'][:-1]}+00:00"):
        assert api.read(f"invoices/{invoice['id']}", asOf=text) == invoice


def test_a_known_past_version_is_answered_with_304(api):
    path = f"invoices/{sent_invoice(api)['id']}"
    for status, known in ((304, '"1"'), (200, '"2"')):
        assert api.get(path, params={"version": 1}, headers={"If-None-Match": known}).status_code == status


def test_as_of_and_version_together_are_refused(life):
    api, path, states = life
    error = error_of(api.get(path, params={"asOf": states[0]["createdAt"], "version": 1}), 400, "invalid_parameter")
    assert {detail["field"] for detail in error["details"]} == {"asOf", "version"}


@all_cases(
    ("name", "value"),
    [
        *(("asOf", text) for text in ("", "now", "2026-01-01", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z")),
        *(("asOf", text) for text in ("2026-01-01T25:00:00Z", "0001-01-01T00:00:00+14:00", "1767225600")),
        *(("version", text) for text in ("", "0", "-1", "1.0", "x", "\u0661", "9" * 19)),
    ],
)
def test_a_malformed_moment_is_refused(api, name, value):
    path = f"invoices/{draft_invoice(api)['id']}"
    error = error_of(api.get(path, params={name: value}), 400, "invalid_parameter")
    assert [detail["field"] for detail in error["details"]] == [name]


@pytest.mark.parametrize("collection", MAKERS)
def test_the_past_of_an_unknown_object_is_not_found(api, other_organization, collection):
    resource = MAKERS[collection](api)
    for params in ({"version": 1}, {"asOf": resource["createdAt"]}):
        error_of(other_organization.api().get(f"{collection}/{resource['id']}", params=params), 404, "not_found")
        error_of(api.get(f"{collection}/x", params=params), 404, "not_found")
        for other in set(MAKERS) - {collection}:
            error_of(api.get(f"{other}/{resource['id']}", params=params), 404, "not_found")
