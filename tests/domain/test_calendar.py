"""Days in a time zone, India's financial year, and how an instant is written."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from domain.calendar import day_in, financial_year, financial_year_label, instant


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2025, 3, 31), 2024),
        (date(2025, 4, 1), 2025),
        (date(2025, 12, 31), 2025),
        (date(2026, 1, 1), 2025),
        (date(2024, 2, 29), 2023),
    ],
)
def test_the_financial_year_begins_in_april(day, year):
    assert financial_year(day) == year


@pytest.mark.parametrize(("year", "label"), [(2025, "2025-26"), (1999, "1999-00"), (2008, "2008-09")])
def test_a_financial_year_is_written_with_both_its_years(year, label):
    assert financial_year_label(year) == label


@pytest.mark.parametrize(
    ("time_zone", "day"),
    [
        ("Asia/Kolkata", date(2026, 1, 11)),
        ("UTC", date(2026, 1, 10)),
        ("Pacific/Kiritimati", date(2026, 1, 11)),
        ("Pacific/Niue", date(2026, 1, 10)),
    ],
)
def test_today_is_the_organizations_own_day(time_zone, day):
    assert day_in(time_zone, datetime(2026, 1, 10, 18, 30, tzinfo=UTC)) == day


def test_the_day_turns_at_midnight_to_the_microsecond():
    midnight = datetime(2026, 1, 10, 18, 30, tzinfo=UTC)
    assert day_in("Asia/Kolkata", midnight - timedelta(microseconds=1)) == date(2026, 1, 10)


def test_an_instant_always_has_six_decimals():
    assert instant(datetime(2026, 1, 10, 9, tzinfo=UTC)) == "2026-01-10T09:00:00.000000Z"


def test_an_instant_is_written_in_utc():
    at = datetime(2026, 1, 10, 0, 0, 0, 5, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    assert instant(at) == "2026-01-09T18:30:00.000005Z"
