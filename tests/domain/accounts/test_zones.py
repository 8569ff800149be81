"""The time zone of an organization: a new one counts from the next midnight, and every day comes, once."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.accounts.zones import Zones, known_time_zones
from domain.calendar import day_in, first_instant
from domain.errors import Invalid
from tests.support.cases import all_cases

KOLKATA, NEW_YORK, HAVANA = "Asia/Kolkata", "America/New_York", "America/Havana"
FIRST, LAST = "Pacific/Kiritimati", "Etc/GMT+12"
SHORTEST, HOUR, DAY = timedelta(microseconds=1), timedelta(hours=1), timedelta(days=1)

some_zones = st.sampled_from(sorted(known_time_zones()))
instants = st.datetimes(datetime(2026, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def at(text):
    return datetime.fromisoformat(text).astimezone(UTC)


SWITCHES = [
    # In New York it still is the day that ends in Kolkata: that day goes on there until midnight.
    (KOLKATA, NEW_YORK, "2026-11-27T23:59:59+05:30", "2026-11-28T00:00+05:30", "2026-11-27"),
    (KOLKATA, NEW_YORK, "2026-11-28T00:00+05:30", "2026-11-29T00:00+05:30", "2026-11-28"),
    # In Kolkata the next day has begun before New York ends this one.
    (NEW_YORK, KOLKATA, "2026-11-27T23:59:59-05:00", "2026-11-28T00:00-05:00", "2026-11-28"),
    (NEW_YORK, KOLKATA, "2026-11-28T00:00-05:00", "2026-11-29T00:00-05:00", "2026-11-29"),
    # The day of the change has 25 hours, or 23.
    (NEW_YORK, KOLKATA, "2026-11-01T00:30-04:00", "2026-11-02T00:00-05:00", "2026-11-02"),
    (NEW_YORK, KOLKATA, "2027-03-14T00:30-05:00", "2027-03-15T00:00-04:00", "2027-03-15"),
    # The clocks show midnight twice there, and skip it here. The day begins when they first show or skip it.
    (HAVANA, KOLKATA, "2026-10-31T12:00-04:00", "2026-11-01T00:00-04:00", "2026-11-01"),
    ("Asia/Beirut", KOLKATA, "2027-03-27T12:00+02:00", "2027-03-28T00:00+02:00", "2027-03-28"),
    # A day apart to the west, where the day comes again from its beginning.
    ("Pacific/Tarawa", LAST, "2026-11-27T12:00+12:00", "2026-11-28T00:00+12:00", "2026-11-27"),
]


@all_cases(("before", "after", "chosen_at", "counts_from", "day"), SWITCHES)
def test_a_new_zone_counts_from_the_next_midnight_of_the_present_one(before, after, chosen_at, counts_from, day):
    changed = Zones(before).choose(after, at(chosen_at))
    assert changed.new_from == at(counts_from)
    assert changed.at(at(counts_from) - SHORTEST) == before and changed.at(at(counts_from)) == after
    assert changed.day_at(at(counts_from)) == date.fromisoformat(day)


@given(some_zones, some_zones, instants)
def test_every_day_comes_and_comes_once_around_a_change(before, after, chosen_at):
    try:
        changed = Zones(before).choose(after, chosen_at)
    except Invalid:
        assume(False)
    hours = [chosen_at + HOUR * n for n in range(100)]
    assert changed.new_from is not None
    around = (changed.new_from - SHORTEST, changed.new_from)
    times = sorted([*hours, *(each for each in around if each >= chosen_at)])
    days = [changed.day_at(each) for each in times]
    assert all(day <= later <= day + DAY for day, later in pairwise(days)), days
    assert days[0] == day_in(before, chosen_at) and days[-1] == day_in(after, times[-1])


@given(some_zones, some_zones, some_zones, instants, st.timedeltas(timedelta(0), timedelta(days=3)))
def test_a_second_change_is_one_from_the_zone_that_counts_then(first, second, third, chosen_at, pause):
    """Before the first one counts, it is a change of mind, of which only the last counts."""
    try:
        changed = Zones(first).choose(second, chosen_at)
        again = changed.choose(third, chosen_at + pause)
    except Invalid:
        assume(False)
    is_change_of_mind = chosen_at + pause < changed.new_from
    assert again == Zones(first if is_change_of_mind else second).choose(third, chosen_at + pause)
    hours = [chosen_at + pause + HOUR * n for n in range(60)]
    before = [changed.day_at(chosen_at + HOUR * n) for n in range(80) if chosen_at + HOUR * n < hours[0]]
    days = [*before, *map(again.day_at, hours)]
    assert all(day <= later <= day + DAY for day, later in pairwise(days)), days


def test_a_change_that_is_taken_back_before_it_counts_changes_nothing():
    chosen_at = at("2026-11-27T12:00+05:30")
    changed = Zones(KOLKATA).choose(NEW_YORK, chosen_at)
    back = changed.choose(KOLKATA, chosen_at + HOUR)
    assert (changed.chosen, back.chosen) == (NEW_YORK, KOLKATA)
    for hours in range(72):
        assert back.at(chosen_at + HOUR * hours) == KOLKATA


def test_a_zone_that_is_a_day_or_more_away_is_refused_with_what_to_do():
    for before, after in ((FIRST, LAST), (LAST, FIRST), (LAST, "Pacific/Tarawa")):
        with pytest.raises(Invalid) as refused:
            Zones(before).choose(after, at("2026-11-27T12:00Z"))
        (violation,) = refused.value.violations
        assert violation.field == "timeZone" and before in violation.message and "in between" in violation.message


@given(some_zones, instants)
def test_a_day_begins_at_its_first_instant(zone, instant):
    day = day_in(zone, instant)
    begins = first_instant(zone, day)
    assert day_in(zone, begins) >= day > day_in(zone, begins - SHORTEST)
    assert begins <= instant
