"""A day or a time as people write it: what each means in a time zone, and what is refused with which sentence."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import instant
from domain.reading import InvalidValue
from domain.reading.when import parse_duration, read_expiry, read_since, read_when
from tests.support.cases import all_cases

NOW = datetime(2026, 11, 26, 10, tzinfo=UTC)
KOLKATA, BERLIN, CAIRO, HAVANA, APIA = (
    *("Asia/Kolkata", "Europe/Berlin", "Africa/Cairo", "America/Havana", "Pacific/Apia"),
)

ENDS = [
    ("2027-03-31", KOLKATA, "2027-03-31T18:30:00.000000Z"),
    ("2028-02-29", KOLKATA, "2028-02-29T18:30:00.000000Z"),
    ("2099-12-31", "America/Los_Angeles", "2100-01-01T08:00:00.000000Z"),
    ("2027-03-28", BERLIN, "2027-03-28T22:00:00.000000Z"),  # a day of 23 hours
    ("2027-10-31", BERLIN, "2027-10-31T23:00:00.000000Z"),  # a day of 25 hours
    ("2027-04-29", CAIRO, "2027-04-29T22:00:00.000000Z"),  # the clocks skip the midnight at its end
    ("2027-10-28", CAIRO, "2027-10-28T22:00:00.000000Z"),  # the clocks show its last hour twice
    ("2027-11-06", HAVANA, "2027-11-07T04:00:00.000000Z"),  # the clocks show the next day's first hour twice
    ("2011-12-29", APIA, "2011-12-30T10:00:00.000000Z"),  # the day after it did not exist
    ("2027-03-31 18:30", KOLKATA, "2027-03-31T13:00:00.000000Z"),
    ("2027-03-31T18:30", KOLKATA, "2027-03-31T13:00:00.000000Z"),
    ("2027-03-31t18:30:15", KOLKATA, "2027-03-31T13:00:15.000000Z"),
    ("2027-03-31 18:30:15.25", KOLKATA, "2027-03-31T13:00:15.250000Z"),
    ("  2027-03-31 00:00 ", "Pacific/Kiritimati", "2027-03-30T10:00:00.000000Z"),
    ("2027-03-31T18:00:00+05:30", BERLIN, "2027-03-31T12:30:00.000000Z"),
    ("2027-03-31 18:00 +05:30", BERLIN, "2027-03-31T12:30:00.000000Z"),
    ("2027-03-31T18:00Z", BERLIN, "2027-03-31T18:00:00.000000Z"),
    ("2027-10-31 02:30+02:00", BERLIN, "2027-10-31T00:30:00.000000Z"),
    ("2027-10-31 02:30+01:00", BERLIN, "2027-10-31T01:30:00.000000Z"),
    ("2027-10-31 01:59:59", BERLIN, "2027-10-30T23:59:59.000000Z"),
    ("2027-10-31 03:00", BERLIN, "2027-10-31T02:00:00.000000Z"),
    ("2027-03-28 03:00", BERLIN, "2027-03-28T01:00:00.000000Z"),
]


@all_cases(("text", "time_zone", "end"), ENDS)
def test_what_is_written_ends_at_this_instant(text, time_zone, end):
    assert instant(read_when(text).end(time_zone)) == end


NO_TIMES = [
    *["", " ", "soon", "tomorrow", "31.03.2027", "03/31/2027", "2027-3-31", "20270331", "2027-02-29", "2027-13-01"],
    *["2027-03-31T", "2027-03-31 18", "2027-03-31 24:00", "2027-03-31 18:60", "2027-03-31 18:30:60", "18:30"],
    *["2027-03-31  18:30", "2027-03-31 6:30 pm", "2027-03-31 18:30+0530", "2027-03-31 18:30+05:75", "2027-03-31+05:30"],
    *[
        "2027-03-31 18:30 IST",
        "2027-03-31T18:30:00.",
        "２０２７-03-31",
        "२०२७-०३-३१",
        "2027-03-31\0",
        "1774960000",
        "90d",
    ],
    *["0000-01-01", "2027-03-31 18:30:00.1234567890", "+2027-03-31", "2027-W13-3", "0001-01-01T00:00:00+00:01"],
]


@all_cases("text", NO_TIMES)
def test_anything_else_is_refused_with_one_sentence(text):
    with pytest.raises(InvalidValue, match=r"^must be a day \(2027-03-31\), a time in your time zone"):
        read_when(text)


SKIPPED = [
    *[("2027-03-28 02:30", BERLIN), ("2027-03-28T02:00:00", BERLIN), ("2027-04-30 00:15", CAIRO)],
    *[("2027-03-14 00:00", HAVANA), ("2027-03-14 02:59:59", "America/New_York"), ("2011-12-30 12:00", APIA)],
]
TWICE = [
    *[("2027-10-31 02:30", BERLIN, "+02:00", "+01:00"), ("2027-10-28 23:00", CAIRO, "+03:00", "+02:00")],
    *[
        ("2027-11-07 00:59", HAVANA, "-04:00", "-05:00"),
        ("2027-11-07T01:30:00", "America/New_York", "-04:00", "-05:00"),
    ],
    ("2027-04-04 01:45", "Australia/Lord_Howe", "+11:00", "+10:30"),
]


@pytest.mark.parametrize(("text", "time_zone"), SKIPPED)
def test_a_local_time_that_the_clocks_skip_is_refused(text, time_zone):
    with pytest.raises(InvalidValue, match=f"^must be a time that exists: the clocks of {time_zone} skip "):
        read_when(text).end(time_zone)


@pytest.mark.parametrize(("text", "time_zone", "first", "second"), TWICE)
def test_a_local_time_that_the_clocks_show_twice_needs_an_offset(text, time_zone, first, second):
    with pytest.raises(InvalidValue) as refused:
        read_when(text).end(time_zone)
    assert f"Add the offset, {first} for the first or {second} for the second" in str(refused.value).replace("\\", "")
    minute = f"{text[:10]}T{text[11:16]}:00"
    ends = [read_when(f"{minute}{offset}").end(time_zone) for offset in (first, second)]
    assert ends[0] < ends[1]


BEYOND = [
    *[("9999-12-31", KOLKATA), ("9999-12-31", "America/New_York"), ("9999-12-31 23:59", "America/New_York")],
    *[("0001-01-01 00:00", KOLKATA), ("0001-01-01 05:00", "Asia/Tokyo")],
]


@pytest.mark.parametrize(("text", "time_zone"), BEYOND)
def test_what_no_clock_can_show_is_refused(text, time_zone):
    with pytest.raises(InvalidValue, match=r"^must be a (day before|time between)"):
        read_when(text).end(time_zone)


@given(
    st.dates(min_value=date(1990, 1, 1), max_value=date(2099, 12, 30)),
    st.sampled_from(sorted(available_timezones() - {"localtime"})),
)
def test_the_last_instant_of_a_day_is_on_that_day_and_its_end_is_not(day, time_zone):
    when = read_when(day.isoformat())
    local = [at.astimezone(ZoneInfo(time_zone)).date() for at in (when.last_instant(time_zone), when.end(time_zone))]
    assert local[0] <= day < local[1]
    assert when.end(time_zone) - when.last_instant(time_zone) == timedelta(microseconds=1)


def test_the_last_instant_of_a_time_is_the_time():
    assert read_when("2027-03-31 18:30").last_instant(KOLKATA) == datetime(2027, 3, 31, 13, tzinfo=UTC)


DURATIONS = {
    "90d": timedelta(days=90), "12h": timedelta(hours=12), "30m": timedelta(minutes=30), "45s": timedelta(seconds=45),
    "0": timedelta(0), "0h": timedelta(0), " 7d ": timedelta(days=7), "007d": timedelta(days=7),
}  # fmt: skip


@all_cases("text", DURATIONS)
def test_a_duration_counts_from_now(text):
    assert parse_duration(text) == DURATIONS[text]
    assert read_expiry(text, NOW).end(KOLKATA) == NOW + DURATIONS[text]


@all_cases("text", ["", "7", "d", "7w", "-1d", "1.5h", "7 d", "7D", "١d", "9999999d", "1d12h", "7d\n7d"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(InvalidValue, match=r"^must be a number with the unit s, m, h or d, such as 24h or 7d$"):
        parse_duration(text)
    with pytest.raises(InvalidValue, match=r"or a duration \(90d, 12h\)$"):
        read_expiry(text, NOW)


def test_a_day_begins_at_its_midnight_and_a_duration_ends_now():
    now = datetime(2026, 11, 26, 12, tzinfo=UTC)
    assert read_since("2026-11-20", now).first_instant("Asia/Kolkata") == datetime(2026, 11, 19, 18, 30, tzinfo=UTC)
    assert read_since("2026-11-20 10:00", now).first_instant("UTC") == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert read_since("7d", now).first_instant("Asia/Kolkata") == datetime(2026, 11, 19, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", ["yesterday", "999999d", ""])
def test_what_is_no_beginning_is_refused(text):
    with pytest.raises(InvalidValue, match="duration before now"):
        read_since(text, datetime(2026, 11, 26, tzinfo=UTC))
