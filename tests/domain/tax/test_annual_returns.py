"""Annual returns: which financial years and days are taken, and until when a credit note then lowers the tax."""

from datetime import date

import pytest

from domain.reading import InvalidValue
from domain.tax.annual_returns import check_filed, parse_year
from domain.tax.rules import last_day_of_adjustment
from tests.support.cases import all_cases


@all_cases("text", ["2024-25", "2017-18", "2098-99"])
def test_a_year_is_taken_as_it_is_named(text):
    assert parse_year(text) == text


@all_cases("text", ["2024", "2024-26", "2024-2025", "24-25", "2016-17", "2099-00", "", "२०२४-25", "2024-25 "])
def test_a_wrong_year_is_refused(text):
    with pytest.raises(InvalidValue, match="must be for a financial year"):
        parse_year(text)


def test_a_return_is_filed_after_its_year():
    check_filed("2024-25", date(2025, 4, 1))
    with pytest.raises(InvalidValue, match="must be after 2025-03-31, the last day of the financial year"):
        check_filed("2024-25", date(2025, 3, 31))


FILED = {"2024-25": date(2025, 10, 20), "2018-19": date(2020, 12, 31)}
LAST_DAYS = {
    "the return was filed first": (date(2025, 3, 31), FILED, date(2025, 10, 20)),
    "the return was filed later": (date(2019, 3, 31), FILED, date(2019, 9, 30)),
    "another year": (date(2025, 4, 1), FILED, date(2026, 11, 30)),
    "no return": (date(2025, 3, 31), {}, date(2025, 11, 30)),
    "filed on the last day": (date(2025, 3, 31), {"2024-25": date(2025, 11, 30)}, date(2025, 11, 30)),
}


@all_cases("case", LAST_DAYS)
def test_the_earlier_day_ends_the_time_of_a_credit_note(case):
    supplied, filed, expected = LAST_DAYS[case]
    assert last_day_of_adjustment(supplied, filed) == expected
