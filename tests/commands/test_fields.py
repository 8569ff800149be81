"""What a field of a body may hold: decimals, texts and dates with their traps, and every wrong field at once."""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from commands.body import InvalidCommand, parse_command
from commands.fields import Choice, Currency, Day, JsonNumber, Number, Text
from commands.invoice import DraftInvoice, RecordInvoicePayment, UpdateInvoice
from domain.errors import READ_ONLY_FIELD, UNKNOWN_FIELD, VALIDATION_FAILED, Invalid, Violation
from domain.reading import InvalidValue
from tests.support.scenarios import LINE, invoice_body

QUANTITY = Number(places=3, below=Decimal(10) ** 12, positive=True)
PRICE = Number(places=4, below=Decimal(10) ** 12)
RATE = Number(places=3, at_most=Decimal(100))

NO_DECIMAL_TEXTS = [
    *[
        "NaN",
        "nan",
        "sNaN",
        "Infinity",
        "-Infinity",
        "inf",
        "1e99999",
        "1E-99999",
        "1e9999",
        "1_0",
        "١٢",
        "१२",
        "１２",
        "²",
        "+1",
        "-",
        ".",
        ".5",
        "5.",
        "1,0",
        "0x10",
    ],
    *["1e", "1e+", "--1", "1.2.3", "-1", "-0.001"],
    *("", " 1", "1 ", "\n1", "1\n", "1\0", "9" * 65, "1" + "0" * 1000),
]
NO_DECIMAL_VALUES: list[Any] = [
    *(JsonNumber("1e99999"), JsonNumber("1e-400"), JsonNumber("0." + "0" * 100 + "1"), JsonNumber("-1.5")),
    *(True, False, None, [], {}, ["1"], 1.5, float("nan"), float("inf"), -1),
]
NO_DATES = [
    *[
        "2025-02-29",
        "20250101",
        "2025-W01-1",
        "2025-1-1",
        "2025-01-01T00:00:00Z",
        "2025-13-01",
        "2025-00-10",
        "0000-01-01",
    ],
    *["٢٠٢٥-٠١-٠١", "01/02/2025", "2025-001", "-2025-01-01", "12025-01-01"],
]


def parse(field_type: Any, value: Any) -> Any:
    found: list[Violation] = []
    result = field_type.parse(value, "field", found.append)
    assert not found
    return result


def wrong_fields(body: dict[str, Any]) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        parse_command(DraftInvoice, body)
    return {(violation.field, violation.code) for violation in refused.value.violations}


@pytest.mark.parametrize("value", [*NO_DECIMAL_TEXTS, *NO_DECIMAL_VALUES])
def test_what_is_no_decimal_is_refused(value):
    with pytest.raises(InvalidValue):
        parse(PRICE, value)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (20, "20"),
        ("20", "20"),
        (JsonNumber("20.000"), "20"),
        ("3500.50", "3500.5"),
        (JsonNumber("1e2"), "100"),
        ("1E+2", "100"),
        ("25e-1", "2.5"),
        (JsonNumber("0.1"), "0.1"),
        ("0e9", "0"),
        ("0e9999", "0"),
        ("-0", "0"),
        (JsonNumber("-0.0"), "0"),
        ("007", "7"),
        ("999999999999.9999", "999999999999.9999"),
    ],
)
def test_a_decimal_is_taken_exactly_and_written_plainly(value, number):
    assert str(parse(PRICE, value)) == number


@pytest.mark.parametrize(
    ("field_type", "value"),
    [
        (QUANTITY, 0),
        (QUANTITY, "0.0000"),
        (QUANTITY, "0.0001"),
        (QUANTITY, 10**12),
        (QUANTITY, 10**400),
        (PRICE, "0.00001"),
        (PRICE, "1e12"),
        (RATE, "100.001"),
        (RATE, "0.0001"),
        (RATE, "-1"),
    ],
)
def test_a_decimal_out_of_bounds_is_refused(field_type, value):
    with pytest.raises(InvalidValue):
        parse(field_type, value)


@pytest.mark.parametrize(
    ("field_type", "value"),
    [(QUANTITY, "0.001"), (QUANTITY, "999999999999.999"), (PRICE, "0"), (RATE, "100"), (RATE, "0")],
)
def test_a_decimal_at_its_bound_is_taken(field_type, value):
    assert parse(field_type, value) == Decimal(value)


@pytest.mark.parametrize("value", ["", "abcde", "a\0", 1, None, True, ["a"], {}, JsonNumber("1.5")])
def test_a_text_of_another_length_or_kind_is_refused(value):
    with pytest.raises(InvalidValue):
        parse(Text(4), value)


@pytest.mark.parametrize("value", ["a", "abcd", "üüüü", "😀😀😀😀", "a\nb"])
def test_a_texts_length_is_counted_in_code_points(value):
    assert parse(Text(4), value) == value


@pytest.mark.parametrize("value", ["é", "a b", "a\n", "a/b", "١"])
def test_a_pattern_is_of_ascii_letters_and_digits_and_of_the_whole_text(value):
    with pytest.raises(InvalidValue):
        parse(Text(64, pattern=r"[A-Za-z0-9_-]+"), value)


@pytest.mark.parametrize("value", [*NO_DATES, " 2025-01-01", "2025-01-01\n", "", 20250101, None, True])
def test_what_is_no_calendar_date_is_refused(value):
    with pytest.raises(InvalidValue):
        parse(Day(), value)


def test_a_leap_day_is_taken():
    assert parse(Day(), "2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize("value", ["inr", "XYZ", "", "INR ", 356, None, ["INR"], {}])
def test_what_is_no_currency_is_refused(value):
    with pytest.raises(InvalidValue):
        parse(Currency(), value)


@pytest.mark.parametrize("value", ["Sent", "sent ", "", None, True, ["sent"], {"sent": 1}])
def test_a_word_that_is_no_choice_is_refused(value):
    with pytest.raises(InvalidValue):
        parse(Choice(("sent", "void")), value)


def test_unknown_computed_missing_and_wrong_fields_are_found_at_once():
    body = invoice_body(invoiceDate="2025-02-29", items=[{"quantity": "NaN", "amount": 1, "colour": 1}, 7])
    body |= {"bogus": 1, "status": "sent", "currency": None}
    del body["clientId"]
    assert wrong_fields(body) == {
        ("clientId", VALIDATION_FAILED),
        ("invoiceDate", VALIDATION_FAILED),
        ("currency", VALIDATION_FAILED),
        ("bogus", UNKNOWN_FIELD),
        ("status", READ_ONLY_FIELD),
        ("items[0].quantity", VALIDATION_FAILED),
        ("items[0].description", VALIDATION_FAILED),
        ("items[0].unitPrice", VALIDATION_FAILED),
        ("items[0].taxRate", VALIDATION_FAILED),
        ("items[0].amount", READ_ONLY_FIELD),
        ("items[0].colour", UNKNOWN_FIELD),
        ("items[1]", VALIDATION_FAILED),
    }


def test_fields_that_do_not_fit_together_are_found_beside_the_others():
    huge = {**LINE, "quantity": 10**11, "unitPrice": 10**11}
    body = invoice_body(dueDate="2020-01-01", items=[huge, {**LINE, "quantity": 0}], bogus=1)
    expected = {("bogus", UNKNOWN_FIELD), ("items[1].quantity", VALIDATION_FAILED), ("dueDate", VALIDATION_FAILED)}
    assert wrong_fields(body) == expected | {("items", VALIDATION_FAILED)}


@pytest.mark.parametrize("items", [None, {}, "x", [], [LINE] * 201])
def test_items_are_a_list_of_1_to_200(items):
    assert wrong_fields(invoice_body() | {"items": items}) == {("items", VALIDATION_FAILED)}


@pytest.mark.parametrize("number", ["", "-1", "/1", "A" * 17, "A 1", "A.1", "Ä1", "A1\n"])
def test_an_invoice_number_is_that_of_rule_46(number):
    assert wrong_fields(invoice_body(invoiceNumber=number)) == {("invoiceNumber", VALIDATION_FAILED)}


def test_null_is_taken_where_a_field_is_optional():
    body = invoice_body() | {"clientName": None, "notes": None, "invoiceNumber": None}
    command = parse_command(DraftInvoice, body | {"items": [{**LINE, "hsnSac": None}]})
    assert isinstance(command, DraftInvoice)
    assert (command.client_name, command.notes, command.items[0].hsn_sac) == (None, None, None)


@pytest.mark.parametrize(
    "field", ["clientId", "invoiceDate", "dueDate", "currency", "items", "status", "invoiceNumber"]
)
def test_null_does_not_clear_a_field_that_is_needed(field):
    command = parse_command(UpdateInvoice, {field: None}, "inv_1")
    assert isinstance(command, InvalidCommand) and [violation.field for violation in command.violations] == [field]


def test_what_is_absent_of_a_change_is_unset():
    command = parse_command(UpdateInvoice, {"notes": None}, "inv_1")
    assert isinstance(command, UpdateInvoice) and command.changes() == {"notes": None}
    assert command.client_name is msgspec.UNSET


def test_a_payment_needs_its_amount_and_day():
    command = parse_command(RecordInvoicePayment, {"id": "x", "method": None}, "inv_1")
    assert isinstance(command, InvalidCommand)
    assert [(violation.field, violation.code) for violation in command.violations] == [
        ("id", READ_ONLY_FIELD),
        ("amount", VALIDATION_FAILED),
        ("paidOn", VALIDATION_FAILED),
    ]
