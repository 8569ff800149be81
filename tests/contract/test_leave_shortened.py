"""An approved leave that is cut short: what is left of it, what is refused, and that the freed days are free."""

from datetime import timedelta

import pytest

from tests.support.cases import all_cases
from tests.support.client import data_of, error_of
from tests.support.half_days import fields_of, half_days
from tests.support.organization import Organization
from tests.support.scenarios import LEAVES, decided_leave, leave_body, pending_leave, today, where_it_is_noon

WEEK = {"startDate": "2099-03-02", "endDate": "2099-03-06"}
LATE_START, EARLY_END = {"startPart": "second_half"}, {"endPart": "first_half"}
DAY = {"startDate": "2099-03-02", "endDate": "2099-03-02"}
MORNING, AFTERNOON = {**DAY, "dayPart": "first_half"}, {**DAY, "dayPart": "second_half"}


def approved(api, **fields):
    return decided_leave(api, "approved", **fields)


@all_cases(
    ("fields", "changes", "left"),
    [
        (WEEK, {"endDate": "2099-03-05"}, {**WEEK, "endDate": "2099-03-05"}),
        (WEEK, {"endDate": "2099-03-03"}, {**WEEK, "endDate": "2099-03-03"}),
        (WEEK, {"endDate": "2099-03-04", **EARLY_END}, {**WEEK, "endDate": "2099-03-04", **EARLY_END}),
        (WEEK, EARLY_END, {**WEEK, **EARLY_END}),
        (WEEK, {"endDate": "2099-03-06", **EARLY_END}, {**WEEK, **EARLY_END}),
        (WEEK, {"endDate": "2099-03-02"}, DAY),
        (WEEK, {"endDate": "2099-03-02", "endPart": "full"}, DAY),
        (WEEK, {"endDate": "2099-03-02", **EARLY_END}, MORNING),
        (WEEK | LATE_START, {"endDate": "2099-03-02"}, AFTERNOON),
        (WEEK | LATE_START, {"endDate": "2099-03-02", "endPart": None}, AFTERNOON),
        (WEEK | LATE_START, {"endDate": "2099-03-03"}, {**WEEK, **LATE_START, "endDate": "2099-03-03"}),
        (
            WEEK | LATE_START,
            {"endDate": "2099-03-03", **EARLY_END},
            WEEK | LATE_START | EARLY_END | {"endDate": "2099-03-03"},
        ),
        (WEEK | EARLY_END, {"endDate": "2099-03-04"}, {**WEEK, **EARLY_END, "endDate": "2099-03-04"}),
        (WEEK | EARLY_END, {"endDate": "2099-03-04", "endPart": "full"}, {**WEEK, "endDate": "2099-03-04"}),
        (WEEK | EARLY_END, {"endDate": "2099-03-02"}, MORNING),
        (WEEK | EARLY_END, {"endDate": "2099-03-02", "endPart": "full"}, DAY),
        (WEEK | LATE_START | EARLY_END, {"endDate": "2099-03-02", "endPart": "full"}, AFTERNOON),
        (DAY, EARLY_END, MORNING),
        (DAY, {"endDate": "2099-03-02", **EARLY_END}, MORNING),
    ],
)
def test_what_is_left_is_the_leave_up_to_its_new_end(api, fields, changes, left):
    leave = approved(api, **fields)
    path = f"leaves/{leave['id']}"
    shortened = api.update(path, changes)
    expected = fields_of(half_days(left))
    assert {name: shortened[name] for name in expected} == expected
    assert half_days(shortened) < half_days(leave)
    assert (shortened["status"], shortened["version"]) == ("approved", 3)
    assert (shortened["decidedAt"], shortened["decisionNote"]) == (leave["decidedAt"], leave["decisionNote"])
    *_, event = api.read(f"{path}/events")
    assert (event["type"], event["version"]) == ("leave.shortened", 3)
    assert leave | event["data"] | {"version": 3, "updatedAt": event["occurredAt"]} == shortened
    assert all(leave[name] != value for name, value in event["data"].items())
    assert api.read(path) == shortened == api.read(path, version=3)
    assert api.read(path, version=2) == leave
    assert api.update(path, changes) == shortened, "the same request again changes nothing"


@all_cases(
    ("fields", "changes"),
    [
        (WEEK, {"endDate": "2099-03-06"}),
        (WEEK, {"endDate": "2099-03-06", "endPart": "full"}),
        (WEEK, {"endPart": None}),
        (WEEK | EARLY_END, EARLY_END),
        (MORNING, EARLY_END),
        (MORNING, {"endDate": "2099-03-02"}),
        (AFTERNOON, {"endDate": "2099-03-02"}),
        (AFTERNOON, {"endPart": "full"}),
        (AFTERNOON, {"endDate": "2099-03-02", "endPart": None}),
        (DAY, {"endPart": "full"}),
        (DAY, {}),
    ],
)
def test_a_cut_that_changes_nothing_makes_no_event(api, fields, changes):
    leave = approved(api, **fields)
    assert api.update(f"leaves/{leave['id']}", changes) == leave


LONGER = "an approved leave can only be cut short; request the additional days as another leave"
NOTHING_LEFT = "must leave at least half a day: the leave begins in the second half of 2099-03-02; send endPart full"


@all_cases(
    ("fields", "changes", "field", "message"),
    [
        (WEEK, {"endDate": "2099-03-07"}, "endDate", f"must not be after 2099-03-06: {LONGER}"),
        (WEEK, {"endDate": "2099-03-07", **EARLY_END}, "endDate", f"must not be after 2099-03-06: {LONGER}"),
        (DAY, {"endDate": "2099-03-03"}, "endDate", f"must not be after 2099-03-02: {LONGER}"),
        (WEEK | EARLY_END, {"endPart": "full"}, "endPart", f"must stay first_half: {LONGER}"),
        (WEEK | EARLY_END, {"endPart": None}, "endPart", f"must stay first_half: {LONGER}"),
        (MORNING, {"endPart": "full"}, "endPart", f"must stay first_half: {LONGER}"),
        (MORNING, {"endPart": None}, "endPart", f"must stay first_half: {LONGER}"),
        (MORNING, {"endPart": ""}, "endPart", f"must stay first_half: {LONGER}"),
        (MORNING, {"endDate": "2099-03-02", "endPart": "full"}, "endPart", f"must stay first_half: {LONGER}"),
        (MORNING, {"endDate": "2099-03-03", "endPart": "full"}, "endDate", f"must not be after 2099-03-02: {LONGER}"),
        (WEEK, {"endDate": "2099-03-01"}, "endDate", "must not be before startDate (2099-03-02)"),
        (DAY, {"endDate": "2098-12-31"}, "endDate", "must not be before startDate (2099-03-02)"),
        (WEEK | LATE_START, {"endDate": "2099-03-02", **EARLY_END}, "endPart", NOTHING_LEFT),
        (WEEK | LATE_START | EARLY_END, {"endDate": "2099-03-02"}, "endDate", NOTHING_LEFT),
        (AFTERNOON, EARLY_END, "endPart", NOTHING_LEFT),
        (WEEK, {"endPart": "second_half"}, "endPart", "must be one of: full, first_half"),
        (WEEK, {"endDate": "2099-02-30"}, "endDate", "must be a calendar date, YYYY-MM-DD"),
        (WEEK, {"endDate": None}, "endDate", None),
        (
            WEEK,
            {"endDate": "2099-03-03", "note": "Back"},
            "status",
            "is required with a note; send the decision with its note",
        ),
    ],
)
def test_an_end_that_is_no_earlier_end_of_the_leave_is_refused(api, fields, changes, field, message):
    leave = approved(api, **fields)
    error = error_of(api.patch(f"leaves/{leave['id']}", json=changes), 422, "validation_failed")
    assert [detail["field"] for detail in error["details"]] == [field]
    assert message in (None, error["details"][0]["message"])
    assert api.read(f"leaves/{leave['id']}") == leave


@all_cases("status", ["approved", "denied", "cancelled"])
@all_cases(
    "change",
    [
        {"startDate": "2099-03-03"},
        {"startPart": "second_half"},
        {"dayPart": "full"},
        {"type": "sick"},
        {"reason": None},
        {"endDate": "2099-03-02"},
        {"endPart": "first_half"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_field_that_the_status_does_not_let_change_is_read_only(api, status, change):
    leave = LEAVES[status](api, **WEEK)
    response = api.patch(f"leaves/{leave['id']}", json=change)
    if status == "approved" and set(change) <= {"endDate", "endPart"}:
        assert data_of(response, 200)["version"] == 3
    else:
        (detail,) = error_of(response, 422, "read_only_field")["details"]
        assert (detail["field"], leave) == (*change, api.read(f"leaves/{leave['id']}"))


@pytest.fixture
def noon(service, owner):
    """The API of an organization in whose time zone it is about noon, and the day there."""
    zone = where_it_is_noon()
    organization = Organization(service.url, owner, time_zone=zone)
    yield organization.api(), today(zone)
    organization.close()


@all_cases(
    ("first", "last", "changes", "new_end", "is_allowed"),
    [
        (-40, 10, {}, -31, True),
        (-40, 10, {}, -32, False),
        (-40, 10, {"endPart": "first_half"}, -31, True),
        (-40, -31, {"endPart": "first_half"}, None, True),
        (-40, -32, {"endPart": "first_half"}, None, False),
        (-35, -33, {}, -34, False),
        (-10, -2, {}, -6, True),
        (-3, 5, {}, -1, True),
        (0, 0, {"endPart": "first_half"}, None, True),
        (-31, -29, {}, -31, True),
        (3, 9, {}, 3, True),
        (-60, -50, {}, -50, True),
    ],
)
def test_the_new_end_is_at_most_31_days_ago(noon, first, last, changes, new_end, is_allowed):
    api, day = noon
    start, end = day + timedelta(first), day + timedelta(last)
    leave = approved(api, startDate=start.isoformat(), endDate=end.isoformat())
    if new_end is not None:
        changes = {**changes, "endDate": (day + timedelta(new_end)).isoformat()}
    response = api.patch(f"leaves/{leave['id']}", json=changes)
    if is_allowed:
        assert data_of(response, 200)["endDate"] == changes.get("endDate", leave["endDate"])
    else:
        (detail,) = error_of(response, 422, "validation_failed")["details"]
        assert detail["field"] == ("endPart" if new_end is None else "endDate")
        assert "31 days" in detail["message"]


def test_a_leave_that_has_begun_is_cut_short_where_it_cannot_be_cancelled(noon):
    api, day = noon
    leave = approved(api, startDate=(day - timedelta(2)).isoformat(), endDate=(day + timedelta(4)).isoformat())
    path = f"leaves/{leave['id']}"
    error_of(api.patch(path, json={"status": "cancelled"}), 409, "invalid_transition")
    assert api.update(path, {"endDate": day.isoformat()})["days"] == "3"
    assert api.read(path)["availableActions"] == ["cancel", "shorten"]


def test_the_freed_days_can_be_requested_again_and_the_others_cannot(api):
    leave = approved(api, employeeId="asha", **WEEK)
    api.update(f"leaves/{leave['id']}", {"endDate": "2099-03-04", **EARLY_END})
    taken = {"employeeId": "asha", "startDate": "2099-03-04", "endDate": "2099-03-06"}
    error = error_of(api.post("leaves", json=leave_body(**taken)), 409, "leave_overlap")
    assert error["conflictingId"] == leave["id"]
    assert pending_leave(api, **taken, **LATE_START)["days"] == "2.5"


def test_a_shortened_leave_leaves_the_list_of_the_days_that_it_freed(api):
    leave = approved(api, **WEEK)
    api.update(f"leaves/{leave['id']}", {"endDate": "2099-03-03"})
    assert api.read("leaves", dateFrom="2099-03-04") == []
    assert [each["id"] for each in api.read("leaves", dateFrom="2099-03-03", dateTo="2099-03-03")] == [leave["id"]]


def test_a_leave_can_be_cut_again_and_cancelled_afterwards(api):
    path = f"leaves/{approved(api, **WEEK)['id']}"
    for end, left in (("2099-03-05", "4"), ("2099-03-03", "2"), ("2099-03-02", "1")):
        assert api.update(path, {"endDate": end})["days"] == left
    assert api.update(path, EARLY_END)["dayPart"] == "first_half"
    assert api.update(path, {"status": "cancelled"})["status"] == "cancelled"
    assert [event["type"] for event in api.read(f"{path}/events")][2:] == ["leave.shortened"] * 4 + ["leave.cancelled"]


def test_a_cut_is_refused_in_the_order_of_the_contract(api):
    leave = approved(api, **WEEK)
    stale = {"If-Match": '"1"'}
    error_of(api.patch("leaves/leave_0", json={"endDate": "2099-03-07"}, headers=stale), 404, "not_found")
    path = f"leaves/{leave['id']}"
    error_of(api.patch(path, json={"endDate": "2099-03-07"}, headers=stale), 422, "validation_failed")
    error_of(api.patch(path, json={"endDate": "2099-03-03"}, headers=stale), 412, "precondition_failed")
    assert api.update(path, {"endDate": "2099-03-03"}, headers={"If-Match": '"2"'})["days"] == "2"


def test_a_retried_cut_replays_the_first_response(api):
    path, retry = f"leaves/{approved(api, **WEEK)['id']}", {"Idempotency-Key": "cut-1"}
    first = api.patch(path, json={"endDate": "2099-03-03"}, headers=retry)
    api.update(path, {"endDate": "2099-03-02"})
    again = api.patch(path, json={"endDate": "2099-03-03"}, headers=retry)
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")
