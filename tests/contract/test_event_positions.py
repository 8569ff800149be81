"""Positions as bookmarks: the end of the log is told to a consumer that is beyond it, and nothing else is repeated."""

import pytest

from tests.support.cases import all_cases
from tests.support.client import error_of
from tests.support.scenarios import MAKERS, draft_invoice, paid_invoice, pending_leave


def head_of(api):
    return api.get("events", params={"order": "desc", "limit": 1}).json()["data"][0]["position"]


@all_cases("beyond", [1, 2, 100, 5001, 10**12, 10**18, 2**63, 2**64, 10**30])
@all_cases("params", [{}, {"type": "bill.paid"}, {"limit": 1}, {"order": "asc"}, {"include": "object"}])
def test_a_position_beyond_the_end_of_the_log_is_refused_and_the_end_is_named(api, beyond, params):
    draft_invoice(api)
    head = head_of(api)
    error = error_of(api.get("events", params={"after": head + beyond, **params}), 400, "position_beyond_log")
    assert error["head"] == head
    assert [(detail["field"], detail["code"]) for detail in error["details"]] == [("after", "position_beyond_log")]
    assert str(head + beyond) in error["message"] and str(head) in error["message"]


@all_cases("collection", MAKERS)
@all_cases("beyond", [1, 7, 10**15, 10**18 - 1, 2**63 - 1, 10**40])
def test_the_events_of_an_object_refuse_it_too(api, collection, beyond):
    path = f"{collection}/{MAKERS[collection](api)['id']}/events"
    head = head_of(api)
    assert error_of(api.get(path, params={"after": head + beyond}), 400, "position_beyond_log")["head"] == head
    page = api.get(path, params={"after": head}).json()
    assert (page["data"], page["pagination"]["nextAfter"]) == ([], head)


def test_the_end_itself_is_a_good_position_and_stays_where_it_is(api):
    paid_invoice(api)
    head = head_of(api)
    page = api.get("events", params={"after": head}).json()
    assert (page["data"], page["pagination"]["nextAfter"], page["pagination"]["hasMore"]) == ([], head, False)
    draft_invoice(api)
    assert [event["position"] for event in api.read("events", after=head)] == [head + 1]


def test_an_empty_log_ends_where_the_events_of_its_keys_end(organization):
    api = organization.api()
    head = api.get("events").json()["pagination"]["nextAfter"]
    assert api.get("events", params={"after": head}).status_code == 200
    assert error_of(api.get("events", params={"after": head + 1}), 400, "position_beyond_log")["head"] == head


def test_a_key_that_sees_nothing_learns_the_same_end(organization, api):
    draft_invoice(api)
    other = organization.api(scopes=["leaves:read"])
    head = head_of(api) + 1  # the new key is an event of its own
    assert other.get("events", params={"after": head}).json()["data"] == []
    assert error_of(other.get("events", params={"after": head + 1}), 400, "position_beyond_log")["head"] == head


@pytest.mark.parametrize("before", [0, 1, 10**6, 10**17, 10**18, 2**63, 2**64, 10**30])
def test_a_descending_page_may_begin_anywhere_because_nothing_is_missed_below(api, before):
    pending_leave(api)
    page = api.get("events", params={"order": "desc", "before": before, "limit": 100}).json()
    assert page["data"] == [event for event in api.read("events", limit=100)[::-1] if event["position"] < before]
    assert page["pagination"]["nextBefore"] <= head_of(api) + 1


@all_cases("value", ["-1", "1.0", "+1", "1e3", "१", "", " 1", "0x1", "1_0", "²", "inf"])
def test_what_is_no_position_is_an_invalid_parameter(api, value):
    error = error_of(api.get("events", params={"after": value}), 400, "invalid_parameter")
    assert [detail["field"] for detail in error["details"]] == ["after"]


BOUNDARIES = [27_767, 27_768, 30_000, 32_767, 32_768, 2_147_478_648, 2_147_483_647, 2_147_483_648]
"""Positions at which a number, or its sum with the number of positions that a page searches, needs more bytes."""


@pytest.mark.parametrize("after", BOUNDARIES)
def test_a_consumer_passes_every_size_of_number(organization, owner, after):
    """Seen red with `position <= after::smallint + 5000`: the sum overflows from 27 768 on, so consumers were stuck."""
    api = organization.api()
    draft_invoice(api)
    set_position = "UPDATE org_log SET position = %s WHERE org_id = %s"
    head = head_of(api)
    owner.execute(set_position, (after + 10_000, organization.id))
    try:
        page = api.get("events", params={"after": after}).json()
        assert page["data"] == [] and after < page["pagination"]["nextAfter"] <= after + 10_000, page
    finally:
        owner.execute(set_position, (head, organization.id))
