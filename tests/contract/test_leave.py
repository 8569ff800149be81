"""`/leaves`: which requests are accepted, every transition of the table, notes, and overlaps."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from domain.calendar import day_in
from domain.leave import Leave
from tests.support.cases import all_cases
from tests.support.client import data_of, error_of
from tests.support.organization import Organization
from tests.support.scenarios import LEAVES, decided_leave, leave_body, pending_leave, where_it_is_noon

STEPS = Leave.transitions()
DAY = {"startDate": "2099-03-02", "endDate": "2099-03-02"}
ACTIONS = {
    "pending": ["update", "approve", "deny", "cancel"],
    "approved": ["cancel", "shorten"],
    "denied": [],
    "cancelled": [],
}


def test_a_new_leave_is_pending_with_location_and_etag(api):
    body = leave_body()
    response = api.post("leaves", json=body)
    leave = data_of(response, 201)
    assert response.headers["Location"].endswith(f"/api/v1/leaves/{leave['id']}")
    assert response.headers["ETag"] == '"1"'
    assert leave == {
        **body,
        "id": leave["id"],
        "status": "pending",
        "dayPart": "full",
        "startPart": "full",
        "endPart": "full",
        "days": "3",
        "decisionNote": None,
        "metadata": {},
        "decidedAt": None,
        "createdAt": leave["createdAt"],
        "updatedAt": leave["createdAt"],
        "version": 1,
        "availableActions": ["update", "approve", "deny", "cancel"],
    }


def test_all_endpoints_show_the_same_leave(api):
    leave = decided_leave(api, "approved")
    assert api.read(f"leaves/{leave['id']}") == leave
    assert api.read("leaves") == [leave]
    assert [event["type"] for event in api.read(f"leaves/{leave['id']}/events")] == [
        "leave.requested",
        "leave.approved",
    ]


@all_cases(
    ("start", "end", "part", "days"),
    [
        ("2099-01-01", "2099-01-01", "full", "1"),
        ("2099-01-01", "2099-01-01", "first_half", "0.5"),
        ("2099-01-01", "2099-01-01", "second_half", "0.5"),
        ("2096-02-28", "2096-03-01", "full", "3"),
        ("2098-01-01", "2099-01-01", "full", "366"),
        ("2020-01-01", "2020-01-05", "full", "5"),
        ("2099-12-31", "2099-12-31", "full", "1"),
        ("2099-12-31", "2099-12-31", "second_half", "0.5"),
        ("2000-01-01", "2000-01-01", "first_half", "0.5"),
    ],
)
def test_days_are_calendar_days_and_a_half_day_is_0_5(api, start, end, part, days):
    leave = pending_leave(api, startDate=start, endDate=end, dayPart=part)
    assert (leave["days"], leave["dayPart"]) == (days, part)
    assert api.read(f"leaves/{leave['id']}") == leave


@all_cases(
    ("changes", "field"),
    [
        ({"startDate": "2099-01-02", "endDate": "2099-01-01"}, "endDate"),
        ({"startDate": "2098-01-01", "endDate": "2099-01-02"}, "endDate"),
        ({"startDate": "2099-01-01", "endDate": "2099-01-02", "dayPart": "first_half"}, "dayPart"),
        ({"startDate": "2099-01-01", "endDate": "2099-01-02", "dayPart": "second_half"}, "dayPart"),
        ({"dayPart": "morning"}, "dayPart"),
        ({"type": "casual"}, "type"),
        ({"startDate": "2099-02-29"}, "startDate"),
        ({"employeeId": "no spaces"}, "employeeId"),
        ({"employeeId": "e" * 65}, "employeeId"),
        ({"reason": "x" * 2001}, "reason"),
        ({"status": "approved"}, "status"),
        ({"days": "1"}, "days"),
        ({"hours": 4}, "hours"),
        *(({name: None}, name) for name in ("employeeId", "type", "startDate", "endDate")),
    ],
)
def test_a_leave_with_a_wrong_field_is_refused(api, changes, field):
    codes = {"status": "read_only_field", "days": "read_only_field", "hours": "unknown_field"}
    error = error_of(api.post("leaves", json=leave_body(**changes)), 422, codes.get(field, "validation_failed"))
    assert [detail["field"] for detail in error["details"]] == [field]


@all_cases(("status", "target"), [*product(STEPS, STEPS)])
def test_a_transition_succeeds_only_when_the_table_allows_it(api, status, target):
    leave = LEAVES[status](api)
    response = api.patch(f"leaves/{leave['id']}", json={"status": target})
    if target == status:
        assert data_of(response, 200) == leave
    elif target in STEPS[status]:
        decided = data_of(response, 200)
        assert (decided["status"], decided["version"]) == (target, leave["version"] + 1)
        assert decided["decidedAt"] == decided["updatedAt"]
    else:
        assert error_of(response, 409, "invalid_transition")["allowed"] == list(STEPS[status])
        assert api.read(f"leaves/{leave['id']}") == leave


@all_cases("status", STEPS)
def test_the_available_actions_follow_from_the_status_alone(api, status):
    begun = LEAVES[status](api, startDate="2024-05-01", endDate="2024-05-02")
    assert begun["availableActions"] == ACTIONS[status]


@pytest.mark.parametrize(("days_ahead", "is_allowed"), [(-1, False), (0, False), (1, True)])
def test_an_approved_leave_is_cancelled_only_before_the_organizations_day_on_which_it_begins(
    service, owner, days_ahead, is_allowed
):
    zone = where_it_is_noon()
    organization = Organization(service.url, owner, time_zone=zone)
    api = organization.api()
    day = (day_in(zone, datetime.now(UTC)) + timedelta(days=days_ahead)).isoformat()
    leave = decided_leave(api, "approved", startDate=day, endDate=day)
    response = api.patch(f"leaves/{leave['id']}", json={"status": "cancelled"})
    if is_allowed:
        assert data_of(response, 200)["status"] == "cancelled"
    else:
        error = error_of(response, 409, "invalid_transition")
        assert error["allowed"] == []
        rule = "An approved leave can be cancelled until the day before it begins"
        assert error["message"] == f"{rule}; this one began on {day}. To end it earlier, PATCH its endDate."
    organization.close()


@all_cases("word", ["rejected", "APPROVED", "", None, True])
def test_an_unknown_status_is_a_wrong_field(api, word):
    response = api.patch(f"leaves/{pending_leave(api)['id']}", json={"status": word})
    assert error_of(response, 422, "validation_failed")["details"][0]["field"] == "status"


@all_cases("decision", ["approved", "denied", "cancelled"])
def test_a_decision_keeps_its_note(api, decision):
    leave = api.update(f"leaves/{pending_leave(api)['id']}", {"status": decision, "note": "As agreed"})
    assert (leave["status"], leave["decisionNote"]) == (decision, "As agreed")


def test_a_note_that_was_given_is_final_and_sending_it_again_changes_nothing(api):
    decision = {"status": "denied", "note": "Too late"}
    leave = api.update(f"leaves/{pending_leave(api)['id']}", decision)
    assert api.update(f"leaves/{leave['id']}", decision) == leave
    again = api.patch(f"leaves/{leave['id']}", json={"status": "denied", "note": "Sorry"})
    assert error_of(again, 422, "read_only_field")["details"][0]["field"] == "note"


@all_cases(("note", "kept"), [(None, "Enjoy"), ("Recalled", "Recalled"), ("", "Enjoy")])
def test_a_cancelled_leave_keeps_the_note_of_its_approval_unless_it_gets_its_own(api, note, kept):
    path = f"leaves/{pending_leave(api)['id']}"
    api.update(path, {"status": "approved", "note": "Enjoy"})
    cancelled = api.update(path, {"status": "cancelled", "note": note})
    assert cancelled["decisionNote"] == kept
    assert api.update(path, {"status": "cancelled", "note": note}) == cancelled


def test_a_note_without_a_decision_is_refused(api):
    response = api.patch(f"leaves/{pending_leave(api)['id']}", json={"note": "Hm"})
    assert error_of(response, 422, "validation_failed")["details"][0]["field"] == "status"


@all_cases(
    ("body", "code"),
    [
        ({"days": "1"}, "read_only_field"),
        ({"employeeName": "Ravi"}, "read_only_field"),
        ({"employeeId": "x"}, "read_only_field"),
        ({"decisionNote": "x"}, "read_only_field"),
        ({"colour": "red"}, "unknown_field"),
        ({"status": "approved", "note": "x" * 2001}, "validation_failed"),
    ],
)
def test_a_patch_refuses_what_no_request_changes(api, body, code):
    leave = pending_leave(api)
    error_of(api.patch(f"leaves/{leave['id']}", json=body), 422, code)
    assert api.read(f"leaves/{leave['id']}") == leave


def test_an_empty_patch_changes_nothing(api):
    leave = pending_leave(api)
    assert api.update(f"leaves/{leave['id']}", {}) == leave


MET = {
    "the same days": {},
    "the last day": {"startDate": "2099-03-03", "endDate": "2099-03-09"},
    "the first day": {"startDate": "2099-02-20", "endDate": "2099-03-01"},
    "a day within": {"startDate": "2099-03-02", "endDate": "2099-03-02"},
    "half a day within": {**DAY, "dayPart": "second_half"},
    "days around": {"startDate": "2099-01-01", "endDate": "2099-12-31", "type": "sick"},
}


@all_cases("days", MET)
@all_cases("status", ["pending", "approved"])
def test_a_leave_that_overlaps_a_pending_or_approved_one_is_refused(api, status, days):
    first = LEAVES[status](api)
    response = api.post("leaves", json=leave_body(employeeId=first["employeeId"], **MET[days]))
    assert error_of(response, 409, "leave_overlap")["conflictingId"] == first["id"]
    assert api.read("leaves", employeeId=first["employeeId"]) == [first]


@pytest.mark.parametrize("status", ["denied", "cancelled"])
def test_a_denied_or_cancelled_leave_frees_its_days(api, status):
    LEAVES[status](api, employeeId="asha")
    pending_leave(api, employeeId="asha")


def test_the_neighbouring_days_another_employee_and_another_organization_are_free(api, other_organization):
    pending_leave(api, employeeId="asha")
    pending_leave(api, employeeId="asha", startDate="2099-02-28", endDate="2099-02-28")
    pending_leave(api, employeeId="asha", startDate="2099-03-04", endDate="2099-03-04")
    pending_leave(api, employeeId="Asha")
    pending_leave(other_organization.api(), employeeId="asha")


@all_cases(("one", "other"), [*product(["full", "first_half", "second_half"], repeat=2)])
@all_cases("day", ["2099-03-02", "2099-12-31"])
def test_only_two_opposite_halves_of_a_day_do_not_overlap(api, one, other, day):
    days = {"startDate": day, "endDate": day}
    first = pending_leave(api, **days, dayPart=one)
    response = api.post("leaves", json=leave_body(employeeId=first["employeeId"], **days, dayPart=other))
    if {one, other} == {"first_half", "second_half"}:
        data_of(response, 201)
    else:
        assert error_of(response, 409, "leave_overlap")["conflictingId"] == first["id"]


def test_leaves_need_the_leaves_scopes(organization):
    reader, writer = organization.api(["leaves:read"]), organization.api(["leaves:write"])
    leave = pending_leave(writer)
    assert reader.read(f"leaves/{leave['id']}") == leave
    refused = reader.patch(f"leaves/{leave['id']}", json={"status": "approved"})
    assert error_of(refused, 403, "insufficient_scope")["requiredScope"] == "leaves:write"
    assert error_of(writer.get("leaves"), 403, "insufficient_scope")["requiredScope"] == "leaves:read"
    billing = organization.api(["billing:read", "billing:write"])
    assert error_of(billing.post("leaves", json=leave_body()), 403, "insufficient_scope")["keyScopes"] == [
        "billing:read",
        "billing:write",
    ]
