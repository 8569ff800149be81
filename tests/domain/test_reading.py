"""Dates, instants, decimals, whole numbers and words: what each parser takes, exactly, and what it refuses."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.reading import InvalidValue, parse_date, parse_decimal, parse_instant, parse_whole_number, parse_word
from tests.support.cases import all_cases

OTHER_KINDS: list[Any] = [None, True, False, [], ["1"], {}, 1.5, float("nan"), float("inf"), b"1", date(2025, 1, 1)]

DATES = {"2025-01-01": date(2025, 1, 1), "2024-02-29": date(2024, 2, 29), "9999-12-31": date(9999, 12, 31)}
NO_DATES = [
    *["", "2025-02-29", "2025-13-01", "2025-00-01", "2025-01-00", "0000-01-01"],
    *["20250101", "2025-W01-1", "2025-001", "01.01.2025", "2025-1-1", "+2025-01-01", "25-01-01"],
    *["2025-01-01T00:00:00Z", " 2025-01-01", "2025-01-01\n", "2025-01-01\0", "２０２５-01-01", "२०२५-०१-०१"],
    *[20250101, 1735689600],
]

INSTANTS = {
    "2026-01-31T09:30:00Z": datetime(2026, 1, 31, 9, 30, tzinfo=UTC),
    "2026-01-31t09:30:00z": datetime(2026, 1, 31, 9, 30, tzinfo=UTC),
    "2026-01-31T09:30:00+05:30": datetime(2026, 1, 31, 4, tzinfo=UTC),
    "2026-01-31T00:00:00-23:59": datetime(2026, 1, 31, 23, 59, tzinfo=UTC),
    "2026-01-31T09:30:00.5Z": datetime(2026, 1, 31, 9, 30, 0, 500_000, tzinfo=UTC),
    "2026-01-31T09:30:00.123456Z": datetime(2026, 1, 31, 9, 30, 0, 123_456, tzinfo=UTC),
    "2026-01-31T09:30:00.123456999Z": datetime(2026, 1, 31, 9, 30, 0, 123_456, tzinfo=UTC),
}
NO_INSTANTS = [
    *["", "2026-01-31", "2026-01-31T09:30:00", "2026-01-31T09:30Z", "2026-01-31 09:30:00Z", "20260131T093000Z"],
    *["2026-02-29T00:00:00Z", "2026-01-31T24:30:00Z", "2026-01-31T09:60:00Z", "2026-01-31T09:30:60Z"],
    *["2026-01-31T24:00:00Z", "2026-01-31T09:30:00+05:99", "2026-01-31T09:30:00-01:60"],
    *["2026-01-31T09:30:00+24:00", "2026-01-31T09:30:00+0530", "2026-01-31T09:30:00.Z", "2026-01-31T09:30:00 05:30"],
    *["2026-01-31T09:30:00Z\n", " 2026-01-31T09:30:00Z", "2026-01-31T09:30:00.1234567890Z", "２０２６-01-31T09:30:00Z"],
    *["0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", 1769851800],
]

DECIMALS = [
    *[("0", "0"), ("20", "20"), ("007", "7"), ("-1", "-1"), ("-0", "-0"), ("3500.50", "3500.50"), ("0.001", "0.001")],
    *[("1e2", "1E+2"), ("1E+2", "1E+2"), ("25e-1", "2.5"), ("1e64", "1E+64"), ("1e-64", "1E-64")],
    *[("0e64", "0E+64"), ("0e65", "0"), ("0e9999", "0"), ("9" * 40, "9" * 40)],
]
NO_DECIMALS = [
    *["", "-", ".", ".5", "5.", "+1", "--1", "1.2.3", "1e", "1e+", "1,0", "1_0", "0x10", "1e65", "1e-65", "1e99999"],
    *["NaN", "nan", "sNaN", "Infinity", "-Infinity", "inf", "9" * 41, "0." + "0" * 41, "1" + "0" * 1000, "0" * 65],
    *[" 1", "1 ", "\n1", "1\n", "1\0", "١٢", "१२", "１２", "²"],
]

WHOLE_NUMBERS = {"0": 0, "7": 7, "007": 7, "9" * 18: 10**18 - 1}
NO_WHOLE_NUMBERS = [
    *["", "-1", "-0", "+1", "1.0", "1e2", "1_0", "1,000", "1 000", "0x10", "9" * 19, "0" * 19],
    *[" 1", "1 ", "1\n", "1\0", "١", "१", "１", "²", "many", 1],
]


@pytest.mark.parametrize("text", DATES)
def test_a_calendar_date_is_parsed(text):
    assert parse_date(text) == DATES[text]


@all_cases("value", [*NO_DATES, *OTHER_KINDS])
def test_what_is_no_calendar_date_is_refused(value):
    with pytest.raises(InvalidValue, match=r"^must be a calendar date, YYYY-MM-DD$"):
        parse_date(value)


@all_cases("text", INSTANTS)
def test_an_instant_is_parsed_to_utc_and_to_the_microsecond(text):
    parsed = parse_instant(text)
    assert (parsed, parsed.tzinfo) == (INSTANTS[text], UTC)


@all_cases("value", [*NO_INSTANTS, *OTHER_KINDS])
def test_what_is_no_instant_is_refused(value):
    with pytest.raises(InvalidValue, match=r"^must be an RFC 3339 timestamp, such as 2026-01-31T09:30:00Z$"):
        parse_instant(value)


@all_cases(("text", "number"), DECIMALS)
def test_a_decimal_is_parsed_exactly(text, number):
    assert str(parse_decimal(text)) == number


@pytest.mark.parametrize("number", [0, 20, -1, 10**400])
def test_an_integer_is_a_decimal(number):
    assert parse_decimal(number) == Decimal(number)


@all_cases("value", [*NO_DECIMALS, *OTHER_KINDS])
def test_what_is_no_decimal_is_refused(value):
    with pytest.raises(InvalidValue, match=r"^must be a decimal number, such as "):
        parse_decimal(value)


@pytest.mark.parametrize("text", WHOLE_NUMBERS)
def test_a_whole_number_is_parsed(text):
    assert parse_whole_number(text) == WHOLE_NUMBERS[text]


@all_cases("value", [*NO_WHOLE_NUMBERS, *OTHER_KINDS])
def test_what_is_no_whole_number_is_refused(value):
    with pytest.raises(InvalidValue, match=r"^must be a whole number, 0 or more$"):
        parse_whole_number(value)


@pytest.mark.parametrize(("text", "is_taken"), [("0", False), ("1", True), ("100", True), ("101", False)])
def test_the_bounds_of_a_whole_number_are_inclusive(text, is_taken):
    if is_taken:
        assert parse_whole_number(text, 1, 100) == int(text)
    else:
        with pytest.raises(InvalidValue, match=r"^must be a whole number from 1 to 100$"):
            parse_whole_number(text, 1, 100)


@pytest.mark.parametrize("parse", [parse_date, parse_instant, parse_decimal, parse_whole_number])
def test_a_refused_value_is_a_value_error(parse):
    with pytest.raises(ValueError, match=r"^must be "):
        parse("soon")


@all_cases("value", [*OTHER_KINDS, "", "ASC", "asc ", "ascending"])
def test_a_word_is_exactly_one_of_the_accepted_words(value):
    words = ("asc", "desc")
    assert [parse_word(word, words) for word in words] == ["asc", "desc"]
    with pytest.raises(InvalidValue, match=r"^must be one of: asc, desc$"):
        parse_word(value, words)
