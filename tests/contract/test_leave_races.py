"""Sixteen clients at once on one leave, or on the days that it frees."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.support.client import Api, error_of
from tests.support.half_days import half_days
from tests.support.scenarios import decided_leave, leave_body, pending_leave
from tests.support.waiting import run_at_once

CLIENTS, ROUNDS = 16, 8
WEEK = {"startDate": "2099-03-02", "endDate": "2099-03-06"}
FREED = {"startDate": "2099-03-04", "endDate": "2099-03-06", "startPart": "second_half"}
CUT = {"endDate": "2099-03-04", "endPart": "first_half"}


@pytest.fixture
def clients(organization):
    return [organization.api() for _ in range(CLIENTS)]


def outcomes(responses):
    """How many responses there were of each status and code."""
    return Counter((response.status_code, response.json().get("error", {}).get("code")) for response in responses)


def posting(clients: list[Api], body: dict[str, Any]) -> Callable[[int], httpx.Response]:
    """The same request by every client."""
    return lambda number: clients[number].post("leaves", json=body)


def live_leaves(api, employee):
    """The employee's pending and approved leaves, after checking that no half day is in two of them."""
    leaves = api.read("leaves", employeeId=employee, status="pending,approved")
    taken = Counter(half for leave in leaves for half in half_days(leave))
    assert set(taken.values()) <= {1}
    return leaves


def test_of_16_requests_for_the_freed_days_one_is_accepted(api, clients):
    for turn in range(ROUNDS):
        leave = decided_leave(api, "approved", employeeId=f"e-{turn}", **WEEK)
        api.update(f"leaves/{leave['id']}", CUT)
        body = leave_body(employeeId=f"e-{turn}", **FREED)
        responses = run_at_once(CLIENTS, posting(clients, body))
        assert outcomes(responses) == {(201, None): 1, (409, "leave_overlap"): CLIENTS - 1}
        (won,) = (response.json()["data"]["id"] for response in responses if response.status_code == 201)
        for response in responses:
            if response.status_code == 409:
                assert error_of(response, 409, "leave_overlap")["conflictingId"] == won
        assert {each["id"] for each in live_leaves(api, f"e-{turn}")} == {leave["id"], won}


def test_requests_that_race_with_the_cut_find_the_days_taken_or_free_and_never_get_them_twice(api, clients):
    for turn in range(ROUNDS):
        leave = decided_leave(api, "approved", employeeId=f"e-{turn}", **WEEK)
        body = leave_body(employeeId=f"e-{turn}", **FREED)

        def work(number, path=f"leaves/{leave['id']}", body=body):
            if number == 0:
                return clients[0].patch(path, json=CUT)
            return clients[number].post("leaves", json=body)

        cut, *requests = run_at_once(CLIENTS, work)
        assert cut.status_code == 200, cut.text
        counted = outcomes(requests)
        assert counted[201, None] <= 1
        assert counted[201, None] + counted[409, "leave_overlap"] == CLIENTS - 1
        assert len(live_leaves(api, f"e-{turn}")) == 1 + counted[201, None]


def test_of_16_changes_onto_the_same_days_one_is_accepted(api, clients):
    leaves = [
        pending_leave(api, employeeId="asha", startDate=f"2099-05-{day:02d}", endDate=f"2099-05-{day:02d}")
        for day in range(1, CLIENTS + 1)
    ]
    for turn in range(ROUNDS):
        day = f"2099-06-{turn + 1:02d}"
        changes = {"startDate": day, "endDate": day}

        def work(number, changes=changes):
            return clients[number].patch(f"leaves/{leaves[number]['id']}", json=changes)

        responses = run_at_once(CLIENTS, work)
        assert outcomes(responses) == {(200, None): 1, (409, "leave_overlap"): CLIENTS - 1}
        assert len(live_leaves(api, "asha")) == CLIENTS


def test_cuts_and_cancellations_of_one_leave_take_their_turns(api, clients):
    for _ in range(ROUNDS):
        path = f"leaves/{decided_leave(api, 'approved', **WEEK)['id']}"

        def work(number, path=path):
            body = {"status": "cancelled"} if number == 7 else {"endDate": f"2099-03-0{2 + number % 4}"}
            return number, clients[number].patch(path, json=body)

        for number, response in run_at_once(CLIENTS, work):
            if number == 7:
                assert response.json()["data"]["status"] == "cancelled"
            elif response.status_code != 200:
                # It came after the cancellation, or after a cut to an earlier day.
                assert error_of(response, 422, response.json()["error"]["code"])["details"][0]["field"] == "endDate"
        leave, events = api.read(path), api.read(f"{path}/events")
        types = [event["type"] for event in events]
        assert types == [
            "leave.requested",
            "leave.approved",
            *["leave.shortened"] * (len(types) - 3),
            "leave.cancelled",
        ]
        assert [event["version"] for event in events] == list(range(1, leave["version"] + 1))


def test_an_approval_and_a_change_take_their_turns_and_the_later_one_sees_the_earlier(api, clients):
    for _ in range(ROUNDS):
        path = f"leaves/{pending_leave(api, **WEEK)['id']}"

        def work(number, path=path):
            body = {"status": "approved"} if number % 2 else {"type": "sick", "endDate": "2099-03-05"}
            return number, clients[number].patch(path, json=body)

        for number, response in run_at_once(CLIENTS, work):
            if number % 2:
                assert response.json()["data"]["status"] == "approved"
            elif response.status_code != 200:
                error = error_of(response, 422, "read_only_field")
                assert [detail["field"] for detail in error["details"]] == ["type"]
        leave = api.read(path)
        is_changed = leave["version"] == 3
        assert (leave["type"], leave["days"]) == (("sick", "4") if is_changed else ("earned", "5"))
        assert leave["status"] == "approved"
