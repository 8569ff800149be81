"""The states of India by their GST codes: which there are on a day, and whose half of the tax is called UTGST."""

from datetime import date
from itertools import pairwise

import pytest

from domain.reading import InvalidValue
from domain.tax.states import ALL_CODES, GST_BEGAN, PRESENT, STATES, parse_state_code, state_name, state_of

TODAY = date(2026, 11, 28)


def test_the_codes_that_count_now():
    states = {f"{number:02d}" for number in range(1, 39)} - {"25", "28"}
    assert {*PRESENT} == {*states, "96", "97"}
    assert list(ALL_CODES) == sorted({*PRESENT, "25"})


def test_union_territories_without_a_legislature_and_other_territory_have_utgst():
    """UTGST Act 2017, sections 1(2) and 2(8). Delhi, Puducherry, and Jammu and Kashmir have legislatures."""
    assert sorted(code for code, state in PRESENT.items() if state.has_utgst) == ["04", "26", "31", "35", "38", "97"]


@pytest.mark.parametrize(
    ("code", "day", "name"),
    [
        ("38", date(2019, 10, 30), None),
        ("38", date(2019, 10, 31), "Ladakh"),
        ("25", date(2020, 1, 25), "Daman and Diu"),
        ("25", date(2020, 1, 26), None),
        ("26", date(2020, 1, 25), "Dadra and Nagar Haveli"),
        ("26", date(2020, 1, 26), "Dadra and Nagar Haveli and Daman and Diu"),
        ("01", date(2019, 10, 30), "Jammu and Kashmir"),
        ("01", TODAY, "Jammu and Kashmir"),
        ("27", date(2017, 6, 30), None),
        ("27", GST_BEGAN, "Maharashtra"),
        ("28", TODAY, None),
        ("37", TODAY, "Andhra Pradesh"),
    ],
)
def test_which_state_a_code_meant_on_a_day(code, day, name):
    state = state_of(code, day)
    assert (state.name if state else None) == name


@pytest.mark.parametrize("code", ALL_CODES)
def test_the_times_of_a_code_do_not_overlap(code):
    times = [(state.since, state.until or date.max) for state in STATES if state.code == code]
    assert all(before[1] < after[0] for before, after in pairwise(times))
    assert all(since <= until for since, until in times)


def test_a_code_has_its_last_name_and_an_unknown_one_none():
    assert (state_name("26"), state_name("25"), state_name("28")) == (PRESENT["26"].name, "Daman and Diu", "28")


@pytest.mark.parametrize(
    ("sent", "meant"),
    [("7", "07"), (7, "07"), ("maharashtra", "27"), ("Tamilnadu", "33"), ("25", None), ("", None), (None, None)],
)
def test_a_wrong_code_is_refused_and_what_it_means_is_suggested(sent, meant):
    with pytest.raises(InvalidValue, match="must be the two-digit GST code of a state") as refused:
        parse_state_code(sent)
    hint = refused.value.hint
    assert hint is not None and hint() == meant
