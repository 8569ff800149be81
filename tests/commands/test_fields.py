"""The types of a body's fields: what each one takes, exactly, what it refuses, and with which message."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from commands.fields import Choice, Currency, Day, Digits, JsonNumber, Number, Text
from domain.errors.violation import Violation
from domain.reading import InvalidValue
from tests.support.cases import all_cases

QUANTITY = Number(places=3, below=Decimal(10) ** 12, positive=True)
PRICE = Number(places=4, below=Decimal(10) ** 12)
RATE = Number(places=3, at_most=Decimal(100))
NAME = Text(4)
CODE = Text(64, pattern=r"[A-Za-z0-9_-]+", hint="must contain only letters")
NOTES = Text(3, min=0)
STATUS = Choice(("sent", "void"))

WRONG_KINDS: dict[str, list[Any]] = {
    "null": [None],
    "boolean": [True, False],
    "number": [0, 1, -1, 10**400, 1.5, float("nan"), float("inf"), JsonNumber("1.5"), JsonNumber("1e9")],
    "string": ["", " ", "x y", "\0", "١"],
    "array": [[], ["INR"], [1]],
    "object": [{}, {"INR": 1}],
}
"""JSON values by their kind."""


def parse(field_type: Any, value: Any) -> Any:
    violations: list[Violation] = []
    result = field_type.parse(value, "field", violations.append)
    assert not violations
    return result


def refusal(field_type: Any, value: Any) -> str:
    with pytest.raises(InvalidValue) as refused:
        parse(field_type, value)
    return str(refused.value)


def values_but(*kinds: str) -> list[Any]:
    return [value for kind, values in WRONG_KINDS.items() if kind not in kinds for value in values]


@all_cases("value", [*values_but("string"), "", "abcde"])
def test_a_string_of_another_kind_or_length_is_refused(value):
    assert refusal(NAME, value).startswith("must be a string of 1 to 4 characters")


def test_the_message_for_a_wrong_length_says_the_length():
    assert refusal(NAME, "abcde") == "must be a string of 1 to 4 characters; it has 5"


def test_a_string_that_may_be_empty_has_an_upper_bound_only():
    assert parse(NOTES, "") == ""
    assert refusal(NOTES, "abcd") == "must be a string of at most 3 characters; it has 4"


def test_a_string_with_the_character_zero_is_refused():
    assert refusal(NAME, "a\0") == "must not contain the character U+0000"


@pytest.mark.parametrize("value", ["a", "abcd", "üüüü", "😀😀😀😀", "a\nb"])
def test_the_length_of_a_string_is_counted_in_code_points(value):
    assert parse(NAME, value) == value


@pytest.mark.parametrize("value", ["é", "a b", "a\n", "a/b", "١"])
def test_a_pattern_is_for_the_whole_string_and_in_ascii(value):
    assert refusal(CODE, value) == "must contain only letters"


@all_cases(
    "value",
    [" ", "\t\n", "\u00a0", "\u200b", "\u200d\u2060", "\ufeff", "\u3164", "\u00ad", "\x07", "\u2028", "\u061c "],
)
def test_a_string_without_a_visible_character_is_refused(value):
    assert refusal(NAME, value).startswith("must contain at least one visible character")


@pytest.mark.parametrize("value", [" a", ".", "\u200bx", "क़", "👍", "\u0301"])
def test_one_visible_character_is_enough(value):
    assert parse(NAME, value) == value


@pytest.mark.parametrize("value", ["", " ", "\u200b"])
def test_a_string_that_may_be_empty_may_be_blank(value):
    assert parse(NOTES, value) == value


@all_cases("value", [*values_but(), "123", "12345", "1234567", "123456789", "12 4", "१२३४", "1e10", "abcd"])
def test_what_is_not_so_many_digits_is_refused(value):
    quotes = ", in quotes" if type(value) in (int, JsonNumber) else ""
    assert refusal(Digits((4, 6, 8)), value) == f"must be a string of 4, 6 or 8 digits{quotes}"


@pytest.mark.parametrize("value", ["0902", "998314", "09021020"])
def test_digits_of_these_lengths_are_taken(value):
    assert parse(Digits((4, 6, 8)), value) == value


@pytest.mark.parametrize("value", ["0025-01-10", "1999-12-31", "2100-01-01", "9999-12-31", "0001-01-01", "1900-02-28"])
def test_a_date_out_of_bounds_is_refused_with_both_bounds(value):
    assert refusal(Day(), value) == "must be a date from 2000-01-01 to 2099-12-31"


@all_cases("value", [*values_but(), "Sent", "sent ", ["sent"], {"sent": 1}])
def test_what_is_none_of_the_words_is_refused(value):
    assert refusal(STATUS, value) == "must be one of: sent, void"


def test_one_of_the_words_is_taken():
    assert parse(STATUS, "void") == "void"


@all_cases("value", [*values_but(), "inr", "XYZ", "INR "])
def test_what_is_no_currency_is_refused(value):
    assert refusal(Currency(), value) == "must be an ISO 4217 currency code in capitals, such as INR"


@all_cases("value", [*values_but(), "2025-02-29", "20250101", "2025-01-01T00:00:00Z"])
def test_what_is_no_calendar_date_is_refused(value):
    assert refusal(Day(), value) == "must be a calendar date, YYYY-MM-DD"


def test_a_leap_day_is_taken():
    assert parse(Day(), "2024-02-29") == date(2024, 2, 29)


@all_cases(
    "value",
    [*values_but("number"), 1.5, float("nan"), float("inf"), JsonNumber("1e99999"), JsonNumber("1e-400"), "1e65"],
)
def test_what_is_no_decimal_is_refused(value):
    assert refusal(PRICE, value) == 'must be a decimal number, such as 3500, 3500.50 or "3500.50"'


@all_cases(
    ("value", "number"),
    [
        *[(20, "20"), ("20", "20"), (JsonNumber("20.000"), "20"), ("3500.50", "3500.5"), (JsonNumber("0.1"), "0.1")],
        *[(JsonNumber("1e2"), "100"), ("1E+2", "100"), ("25e-1", "2.5"), ("0e9", "0"), ("0e9999", "0")],
        *[("-0", "0"), (JsonNumber("-0.0"), "0"), ("007", "7"), ("999999999999.9999", "999999999999.9999")],
    ],
)
def test_a_decimal_is_taken_exactly_and_written_plainly(value, number):
    assert str(parse(PRICE, value)) == number


@all_cases(
    ("field_type", "value", "message"),
    [
        (QUANTITY, 0, "must be greater than 0"),
        (QUANTITY, "0.0000", "must be greater than 0"),
        (QUANTITY, -1, "must be greater than 0"),
        (QUANTITY, "0.0001", "must have at most 3 decimal places"),
        (QUANTITY, 10**12, "must be less than 10^12"),
        (QUANTITY, 10**400, "must be less than 10^12"),
        (PRICE, JsonNumber("-0.01"), "must be greater than or equal to 0"),
        (PRICE, "0.00001", "must have at most 4 decimal places"),
        (PRICE, "1e12", "must be less than 10^12"),
        (RATE, "100.001", "must be less than or equal to 100"),
        (RATE, "0.0001", "must have at most 3 decimal places"),
        (RATE, "-1", "must be greater than or equal to 0"),
    ],
)
def test_a_decimal_out_of_bounds_is_refused_with_the_bound(field_type, value, message):
    assert refusal(field_type, value) == message


@pytest.mark.parametrize(
    ("field_type", "value"),
    [(QUANTITY, "0.001"), (QUANTITY, "999999999999.999"), (PRICE, "0"), (RATE, "100"), (RATE, "0")],
)
def test_a_decimal_at_its_bound_is_taken(field_type, value):
    assert parse(field_type, value) == Decimal(value)
