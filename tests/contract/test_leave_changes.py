"""A pending leave that is changed: its days, their parts, its type and reason."""

from tests.support.cases import all_cases
from tests.support.client import error_of
from tests.support.half_days import fields_of, half_days
from tests.support.scenarios import decided_leave, pending_leave

DAYS = {"startDate": "2099-03-02", "endDate": "2099-03-04"}
DAY = {"startDate": "2099-03-02", "endDate": "2099-03-02"}
NEXT_DAYS = {"startDate": "2099-03-03", "endDate": "2099-03-06"}
FAR, PAST = {"startDate": "2099-05-01", "endDate": "2099-05-09"}, {"startDate": "2020-05-01", "endDate": "2020-05-09"}
LATE_START, EARLY_END = {"startPart": "second_half"}, {"endPart": "first_half"}


@all_cases(
    ("fields", "changes", "expected"),
    [
        (DAYS, {"startDate": "2099-03-01"}, {"startDate": "2099-03-01", "endDate": "2099-03-04"}),
        (DAYS, {"endDate": "2099-04-04"}, {"startDate": "2099-03-02", "endDate": "2099-04-04"}),
        (DAYS, FAR, FAR),
        (DAYS, PAST, PAST),
        (DAYS, LATE_START | EARLY_END, DAYS | LATE_START | EARLY_END),
        (DAYS | LATE_START, {"startPart": None}, DAYS),
        (DAYS | EARLY_END, {"endPart": None, "startPart": "second_half"}, DAYS | LATE_START),
        (DAYS | EARLY_END, NEXT_DAYS, NEXT_DAYS | EARLY_END),
        (DAYS | LATE_START, {"endDate": "2099-03-02"}, DAY | {"dayPart": "second_half"}),
        (DAYS | EARLY_END, {"endDate": "2099-03-02"}, DAY | {"dayPart": "first_half"}),
        (DAYS | LATE_START | EARLY_END, {"endDate": "2099-03-02", "dayPart": "full"}, DAY),
        (DAYS | LATE_START, {"endDate": "2099-03-02", "dayPart": "first_half"}, DAY | {"dayPart": "first_half"}),
        (DAYS | EARLY_END, {"endDate": "2099-03-02", "startPart": "full", "endPart": "full"}, DAY),
        (DAY | {"dayPart": "first_half"}, {"dayPart": None}, DAY),
        (DAY, {"dayPart": "second_half"}, DAY | {"dayPart": "second_half"}),
        (DAY | {"dayPart": "second_half"}, {"endDate": "2099-03-04", "dayPart": None, **LATE_START}, DAYS | LATE_START),
    ],
)
def test_days_and_parts_of_a_pending_leave_can_be_changed(api, fields, changes, expected):
    leave = pending_leave(api, **fields)
    path = f"leaves/{leave['id']}"
    updated = api.update(path, changes)
    days = fields_of(half_days(expected))
    assert {name: updated[name] for name in days} == days
    assert (updated["status"], updated["version"], updated["decidedAt"]) == ("pending", 2, None)
    _, event = api.read(f"{path}/events")
    assert event["type"] == "leave.updated"
    assert leave | event["data"] | {"version": 2, "updatedAt": event["occurredAt"]} == updated
    assert all(leave[name] != value for name, value in event["data"].items())
    assert api.read(path) == updated == api.read(path, version=2)
    assert api.read(path, version=1) == leave
    assert api.update(path, changes) == updated, "the same request again changes nothing"


@all_cases(
    ("changes", "expected"),
    [
        ({"type": "sick"}, {"type": "sick"}),
        ({"reason": "Moving house"}, {"reason": "Moving house"}),
        ({"reason": ""}, {"reason": ""}),
        ({"reason": None}, {"reason": None}),
        ({"type": "sick", "reason": None, "note": None}, {"type": "sick", "reason": None}),
    ],
)
def test_type_and_reason_of_a_pending_leave_can_be_changed(api, changes, expected):
    leave = pending_leave(api)
    updated = api.update(f"leaves/{leave['id']}", changes)
    assert updated == leave | expected | {"version": 2, "updatedAt": updated["updatedAt"]}
    assert api.read(f"leaves/{leave['id']}/events")[1]["data"] == expected


@all_cases(
    "changes",
    [
        {},
        DAYS,
        {"type": "earned", "reason": "A wedding"},
        {"dayPart": "full", "startPart": None, "endPart": "full"},
        {"dayPart": None},
        {"endDate": "2099-03-04"},
    ],
)
def test_a_change_to_what_is_there_makes_no_event(api, changes):
    leave = pending_leave(api, **DAYS)
    assert api.update(f"leaves/{leave['id']}", changes) == leave


@all_cases(
    ("fields", "changes", "refused"),
    [
        (DAYS, {"endDate": "2099-03-01"}, ["endDate"]),
        (DAYS, {"startDate": "2099-03-05"}, ["endDate"]),
        (DAYS, {"endDate": "2100-03-04"}, ["endDate"]),
        (DAYS, {"dayPart": "first_half"}, ["dayPart"]),
        (DAY, LATE_START, ["startPart"]),
        (DAY, EARLY_END, ["endPart"]),
        (DAY | {"dayPart": "first_half"}, {"endDate": "2099-03-03"}, ["dayPart"]),
        (DAYS, {"endDate": "2099-03-02", **EARLY_END}, ["endPart"]),
        (DAYS | LATE_START | EARLY_END, {"endDate": "2099-03-02"}, ["startPart", "endPart"]),
        (DAYS, {"type": None}, ["type"]),
        (DAYS, {"startDate": None, "endDate": None}, ["startDate", "endDate"]),
        (DAYS, {"type": "casual", "dayPart": "second_half"}, ["type", "dayPart"]),
        (DAYS, {"reason": "x" * 2001}, ["reason"]),
        (DAYS, {"reason": "New", "note": "Hm"}, ["status"]),
    ],
)
def test_a_change_to_what_no_leave_can_be_is_refused(api, fields, changes, refused):
    leave = pending_leave(api, **fields)
    error = error_of(api.patch(f"leaves/{leave['id']}", json=changes), 422, "validation_failed")
    assert [detail["field"] for detail in error["details"]] == refused
    assert api.read(f"leaves/{leave['id']}") == leave


@all_cases("status", ["pending", "approved", "denied", "cancelled"])
@all_cases(
    "change",
    [
        {"startDate": "2099-03-03"},
        {"endDate": "2099-03-03"},
        {"dayPart": "full"},
        {"startPart": "full"},
        {"endPart": None},
        {"type": "sick", "reason": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_status_together_with_a_change_is_refused(api, status, change):
    leave = pending_leave(api, **DAYS)
    error = error_of(api.patch(f"leaves/{leave['id']}", json={"status": status, **change}), 422, "validation_failed")
    (detail,) = error["details"]
    assert detail["field"] == "status"
    assert detail["message"].startswith(f"must not be sent together with {', '.join(change)};")
    assert api.read(f"leaves/{leave['id']}") == leave


@all_cases(
    "changes",
    [
        {"endDate": "2099-03-10"},
        {"startDate": "2099-03-10", "endDate": "2099-03-12"},
        {"startDate": "2099-02-01", "endDate": "2099-04-01"},
        {"startDate": "2099-03-12", "endDate": "2099-03-12", "dayPart": "first_half"},
        {"endDate": "2099-03-10", "endPart": "first_half"},
    ],
)
@all_cases("status", ["pending", "approved"])
def test_a_change_onto_another_leave_of_the_employee_is_refused_and_names_it(api, status, changes):
    there = pending_leave(api, startDate="2099-03-10", endDate="2099-03-12", endPart="first_half")
    if status == "approved":
        there = api.update(f"leaves/{there['id']}", {"status": "approved"})
    leave = pending_leave(api, employeeId=there["employeeId"], **DAYS)
    response = api.patch(f"leaves/{leave['id']}", json=changes)
    assert error_of(response, 409, "leave_overlap")["conflictingId"] == there["id"]
    assert api.read(f"leaves/{leave['id']}") == leave


def test_a_change_may_touch_another_leave_at_noon_and_stay_on_its_own_days(api):
    pending_leave(api, employeeId="asha", startDate="2099-03-10", endDate="2099-03-12", startPart="second_half")
    leave = pending_leave(api, employeeId="asha", **DAYS)
    updated = api.update(f"leaves/{leave['id']}", {"startDate": "2099-03-04", "endDate": "2099-03-10", **EARLY_END})
    assert updated["days"] == "6.5"
    pending_leave(api, employeeId="asha", startDate="2099-03-02", endDate="2099-03-03")


def test_a_changed_leave_is_found_by_its_new_days_type_and_reason(api):
    leave = pending_leave(api, **DAYS)
    changes = {"startDate": "2099-06-01", "endDate": "2099-06-02", "type": "sick", "reason": "Surgery"}
    updated = api.update(f"leaves/{leave['id']}", changes)
    for params in ({"dateFrom": "2099-06-02"}, {"type": "sick"}, {"search": "surge"}):
        assert api.read("leaves", **params) == [updated]
    for params in ({"dateTo": "2099-05-31"}, {"type": "earned"}, {"search": "wedding"}):
        assert api.read("leaves", **params) == []


def test_a_changed_leave_is_decided_on_as_it_then_is(api):
    leave = pending_leave(api, **DAYS)
    api.update(f"leaves/{leave['id']}", {"endDate": "2099-03-03", **EARLY_END})
    decided = api.update(f"leaves/{leave['id']}", {"status": "approved", "note": "Enjoy"})
    assert (decided["days"], decided["version"], decided["decisionNote"]) == ("1.5", 3, "Enjoy")


def test_a_denied_leave_says_what_to_do_instead(api):
    leave = decided_leave(api, "denied")
    (detail,) = error_of(api.patch(f"leaves/{leave['id']}", json={"type": "sick"}), 422, "read_only_field")["details"]
    assert detail["message"] == "cannot be changed while the leave is denied; request another leave"
