"""Halves of days at the start and the end of a leave: which go together, how they count, and where they overlap."""

import pytest

from tests.support.cases import all_cases
from tests.support.client import error_of
from tests.support.half_days import fields_of, half_days
from tests.support.scenarios import decided_leave, leave_body, pending_leave


def days(first, last, start="full", end="full", day="full"):
    """The fields of a leave of these days of March 2099."""
    parts = {"dayPart": day, "startPart": start, "endPart": end}
    return {"startDate": f"2099-03-{first:02d}", "endDate": f"2099-03-{last:02d}", **parts}


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        (days(2, 4, start="second_half"), "2.5"),
        (days(2, 4, end="first_half"), "2.5"),
        (days(2, 4, start="second_half", end="first_half"), "2"),
        (days(2, 3, start="second_half", end="first_half"), "1"),
        (days(2, 31, end="first_half"), "29.5"),
        (days(9, 9, day="second_half"), "0.5"),
        (days(9, 9), "1"),
        ({"startDate": "2096-02-28", "endDate": "2096-03-01", "startPart": "second_half"}, "2.5"),
        ({"startDate": "2098-12-31", "endDate": "2099-12-31", "endPart": "first_half"}, "365.5"),
        ({"startDate": "2099-03-30", "endDate": "2099-04-02", "startPart": None, "endPart": "first_half"}, "3.5"),
    ],
)
def test_a_leave_counts_its_half_days(api, fields, count):
    leave = pending_leave(api, **fields)
    assert leave["days"] == count
    assert {name: leave[name] for name in fields_of(half_days(fields))} == fields_of(half_days(fields))
    assert api.read(f"leaves/{leave['id']}") == leave
    assert api.read("leaves") == [leave]
    (event,) = api.read(f"leaves/{leave['id']}/events")
    assert {name: event["data"][name] for name in ("dayPart", "startPart", "endPart", "days")} == {
        name: leave[name] for name in ("dayPart", "startPart", "endPart", "days")
    }


ONE_DAY = "must be full when startDate and endDate are the same day; send dayPart for half a day"
SEVERAL = "must be full unless startDate and endDate are the same day; send startPart or endPart for a half day"


@all_cases(
    ("fields", "expected"),
    [
        (days(2, 2, start="second_half"), {"startPart": ONE_DAY}),
        (days(2, 2, end="first_half"), {"endPart": ONE_DAY}),
        (days(2, 2, start="second_half", end="first_half"), {"startPart": ONE_DAY, "endPart": ONE_DAY}),
        (days(2, 2, start="second_half", day="second_half"), {"startPart": ONE_DAY}),
        (days(2, 3, day="first_half"), {"dayPart": SEVERAL}),
        (days(2, 5, day="second_half", end="first_half"), {"dayPart": SEVERAL}),
        (days(2, 5, start="first_half"), {"startPart": "must be one of: full, second_half"}),
        (days(2, 5, end="second_half"), {"endPart": "must be one of: full, first_half"}),
        (days(2, 5, end="noon"), {"endPart": "must be one of: full, first_half"}),
        (days(2, 5, start=1), {"startPart": "must be one of: full, second_half"}),
        (
            days(2, 2, start="second_half") | {"type": "casual"},
            {"type": "must be one of: earned, sick", "startPart": ONE_DAY},
        ),
    ],
)
def test_halves_that_do_not_go_with_the_days_are_refused(api, fields, expected):
    error = error_of(api.post("leaves", json=leave_body(**fields)), 422, "validation_failed")
    assert {detail["field"]: detail["message"] for detail in error["details"]} == expected
    assert api.read("leaves") == []


NEIGHBOURS = [
    (days(2, 4, end="first_half"), days(4, 4, day="second_half")),
    (days(2, 4, end="first_half"), days(4, 6, start="second_half")),
    (days(4, 4, day="first_half"), days(4, 9, start="second_half")),
    (days(2, 4, start="second_half"), days(2, 2, day="first_half")),
    (days(2, 4, start="second_half"), days(1, 2, end="first_half")),
    (days(2, 4), days(5, 6)),
]


@all_cases(("one", "other"), NEIGHBOURS)
@all_cases("turned", [False, True])
def test_two_leaves_share_a_day_when_they_take_opposite_halves(api, one, other, turned):
    first = decided_leave(api, "approved", **(other if turned else one))
    pending_leave(api, employeeId=first["employeeId"], **(one if turned else other))


@all_cases(
    ("one", "other"),
    [
        (days(2, 4, end="first_half"), days(4, 4, day="first_half")),
        (days(2, 4, end="first_half"), days(4, 6)),
        (days(2, 4, end="first_half"), days(4, 4)),
        (days(2, 4), days(4, 6, start="second_half")),
        (days(2, 4, start="second_half"), days(2, 2, day="second_half")),
        (days(2, 4, start="second_half", end="first_half"), days(3, 3, day="second_half")),
        (days(2, 4, start="second_half", end="first_half"), days(2, 4, start="second_half", end="first_half")),
        (days(2, 6), days(3, 4, start="second_half", end="first_half")),
    ],
)
@all_cases("turned", [False, True])
def test_two_leaves_with_one_half_day_in_common_overlap(api, one, other, turned):
    assert half_days(one) & half_days(other)
    first = pending_leave(api, **(other if turned else one))
    body = leave_body(employeeId=first["employeeId"], **(one if turned else other))
    response = api.post("leaves", json=body)
    assert error_of(response, 409, "leave_overlap")["conflictingId"] == first["id"]


def test_half_a_day_is_still_found_by_its_day(api):
    leave = pending_leave(api, **days(2, 4, start="second_half", end="first_half"))
    for day in ("2099-03-02", "2099-03-04"):
        assert api.read("leaves", dateFrom=day, dateTo=day) == [leave]
    assert api.read("leaves", dateFrom="2099-03-05") == api.read("leaves", dateTo="2099-03-01") == []
