"""Random commands on leaves: the API's responses, the folded events and a model of half days agree."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, rule

from tests.support.client import data_of, error_of
from tests.support.half_days import fields_of, half_days
from tests.support.leave_oracle import WRITABLE, Leave
from tests.support.machine import Machine, run_machine
from tests.support.scenarios import leave_body, today, where_it_is_noon

OFFSETS = (-45, -40, -34, -33, -32, -31, -30, -2, -1, 0, 1, 2, 3, 4)
"""Days before or after today: round the 31 days that a new end may lie back, and round today."""


class Absences(Machine):
    """The leaves of two employees."""

    today: date
    leaves: Bundle[Leave] = Bundle("leaves")

    def __init__(self):
        super().__init__()
        self.asked_for: list[Leave] = []

    def teardown(self):
        """No half day is in two pending or approved leaves of an employee, as the API tells it."""
        taken = Counter(
            (leave["employeeId"], half)
            for leave in self.api.read("leaves", status="pending,approved", limit=100)
            for half in half_days(leave)
        )
        super().teardown()
        assert set(taken.values()) <= {1}

    def day(self, offset):
        return (self.today + timedelta(offset)).isoformat()

    def others(self, employee, halves, own_id=None):
        """The live leaves of the employee that take one of these half days."""
        return {
            other.id
            for other in self.asked_for
            if other.employee == employee and other.is_live() and other.halves & halves and other.id != own_id
        }

    @rule(
        target=leaves,
        employee=st.sampled_from(["asha", "ravi"]),
        start=st.sampled_from(OFFSETS),
        first=st.integers(0, 1),
        count=st.integers(1, 8),
    )
    def request(self, employee, start, first, count):
        slots = [(self.today + timedelta(start + number // 2), number % 2) for number in range(first, first + count)]
        halves = frozenset(slots)
        fields = fields_of(halves)
        del fields["days"]
        body = leave_body(employeeId=employee, reason=None, **fields)
        response = self.api.post("leaves", json=body)
        if others := self.others(employee, halves):
            id = error_of(response, 409, "leave_overlap")["conflictingId"]
            assert id in others
            return next(model for model in self.asked_for if model.id == id)
        resource = data_of(response, 201)
        model = Leave(resource["id"], employee, halves, self.today)
        self.asked_for.append(model)
        self.agree(model, resource)
        return model

    @rule(
        model=leaves,
        status=st.sampled_from(["pending", "approved", "approved", "denied", "cancelled"]),
        note=st.sampled_from([None, "Enjoy"]),
    )
    def decide(self, model, status, note):
        response = self.api.patch(f"leaves/{model.id}", json={"status": status, "note": note})
        if status == model.status and note not in (None, model.note):
            self.refused(model, response, 422, "read_only_field")
        elif status != model.status and status not in model.steps():
            assert self.refused(model, response, 409, "invalid_transition")["allowed"] == model.steps()
        else:
            if status != model.status:
                model.note = model.note if status == "cancelled" and note is None else note
                model.status = status
                model.events.append(status)
            self.agree(model, data_of(response, 200))

    @rule(model=leaves, end=st.integers(-1, 4), part=st.sampled_from(["absent", None, "full", "first_half"]))
    def end_earlier_or_later(self, model, end, part):
        start = min(model.halves)[0]
        changes = {"endDate": (start + timedelta(end)).isoformat()}
        self.patch(model, changes if part == "absent" else {**changes, "endPart": part})

    @rule(
        model=leaves,
        dates=st.fixed_dictionaries(
            {}, optional={"startDate": st.sampled_from(OFFSETS), "endDate": st.sampled_from(OFFSETS)}
        ),
        others=st.fixed_dictionaries(
            {},
            optional={
                "dayPart": st.sampled_from([None, "full", "first_half", "second_half"]),
                "startPart": st.sampled_from([None, "full", "second_half"]),
                "endPart": st.sampled_from([None, "full", "first_half"]),
                "type": st.sampled_from(["earned", "sick"]),
                "reason": st.sampled_from([None, "", "A wedding"]),
            },
        ),
    )
    def change(self, model, dates, others):
        self.patch(model, {**{name: self.day(offset) for name, offset in dates.items()}, **others})

    def patch(self, model, changes):
        response = self.api.patch(f"leaves/{model.id}", json=changes)
        read_only = set(changes) - WRITABLE.get(model.status, set())
        halves = model.halves_after({name: changes[name] for name in set(changes) - read_only})
        if read_only:
            details = self.refused(model, response, 422, "validation_failed" if not halves else "read_only_field")
            assert read_only <= {detail["field"] for detail in details["details"]}
        elif halves is None:
            self.refused(model, response, 422, "validation_failed")
        elif others := self.others(model.employee, halves, model.id):
            assert self.refused(model, response, 409, "leave_overlap")["conflictingId"] in others
        else:
            model.change(changes, halves)
            self.agree(model, data_of(response, 200))


@pytest.mark.parametrize("examples", [3, pytest.param(8, marks=pytest.mark.long)])
def test_the_answers_the_events_and_the_half_days_agree_whatever_is_done(service, owner, examples):
    zone = where_it_is_noon()
    run_machine(Absences, examples, steps=25, service=service, owner=owner, time_zone=zone, today=today(zone))
