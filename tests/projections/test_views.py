"""Views of the log and of the sums: an object's steps, shown events, and what is outstanding by age."""

from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest

from projections.balances import Key
from projections.sums import Sum
from projections.views.history import as_text, changes_of, compare_states
from projections.views.home import age_of, balances_by_age, sum_pending_leaves
from tests.support.cases import all_cases
from tests.support.histories import LATER, drafted_invoice, events_of, logged, read

TODAY = date(2026, 4, 1)


def steps_of(aggregate):
    return list(changes_of(logged(*events_of(aggregate)), read))


def test_the_first_step_comes_from_nothing():
    (step,) = steps_of(drafted_invoice())

    assert step.before == {}
    assert step.after["status"] == "draft"


def test_a_step_shows_what_its_event_changed():
    invoice = drafted_invoice()
    invoice.update({"notes": "Thank you"}, LATER)

    _, step = steps_of(invoice)

    assert step.changes() == {"notes": (None, "Thank you")}


def test_fields_that_follow_from_the_others_are_left_out():
    before, after = {"a": 1, "version": 1, "updatedAt": "x"}, {"a": 2, "version": 2, "updatedAt": "y"}

    assert compare_states(before, after) == {"a": (1, 2)}


def test_a_field_that_appears_or_disappears_is_a_difference():
    assert compare_states({"old": 1}, {"new": 2}) == {"old": (1, None), "new": (None, 2)}


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), ("sent", "sent"), (True, "true"), ([{"a": 1}], '[{"a":1}]')], ids=str
)
def test_values_are_shown_as_text(value, text):
    assert as_text(value) == text


@all_cases(
    ("days_overdue", "age"),
    [(-1, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (4000, 4)],
)
def test_the_age_follows_from_the_days_overdue(days_overdue, age):
    assert age_of(TODAY - timedelta(days_overdue), TODAY) == age


def test_what_is_outstanding_is_summed_by_currency_and_age_with_rupees_first():
    sums = {
        Key("invoice", "EUR", TODAY): Sum(Decimal("1.00"), 1),
        Key("invoice", "INR", TODAY - timedelta(1)): Sum(Decimal("2.00"), 1),
        Key("invoice", "INR", TODAY - timedelta(40)): Sum(Decimal("4.00"), 2),
        Key("bill", "INR", TODAY): Sum(Decimal("8.00"), 1),
    }

    rupees, euros = balances_by_age(sums, "invoice", TODAY)

    assert (rupees.currency, rupees.total, rupees.overdue) == ("INR", Sum(Decimal("6.00"), 3), Sum(Decimal("6.00"), 3))
    assert [part.objects for part in rupees.ages] == [0, 1, 2, 0, 0]
    assert (euros.currency, euros.total, euros.overdue) == ("EUR", Sum(Decimal("1.00"), 1), Sum(Decimal(0), 0))


def test_leaves_are_summed_over_all_days():
    sums = {
        Key("leave", "days", TODAY): Sum(Decimal("0.5"), 1),
        Key("leave", "days", TODAY + timedelta(1)): Sum(Decimal(3), 2),
    }

    assert sum_pending_leaves(sums) == Sum(Decimal("3.5"), 3)


def test_a_state_is_what_the_api_answers():
    *_, step = steps_of(drafted_invoice())

    assert msgspec.json.decode(msgspec.json.encode(step.after)) == step.after
