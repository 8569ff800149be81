"""Money: the contract's vectors, and properties against a second, naive implementation in whole numbers."""

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.documents.pricing import Line, check_pricing, price, price_lines
from domain.errors import Invalid
from domain.money import MINOR_UNITS, TOTAL_LIMIT, plain, round_amount, unit_price
from tests.support.cases import all_cases
from tests.support.totals import TOTALS

quantities = st.integers(1, 10**15 - 1).map(lambda thousandths: Decimal(thousandths).scaleb(-3))
prices = st.integers(0, 10**16 - 1).map(lambda ten_thousandths: Decimal(ten_thousandths).scaleb(-4))
small_quantities = st.integers(1, 10**5).map(lambda thousandths: Decimal(thousandths).scaleb(-3))
small_prices = st.integers(0, 10**7).map(lambda ten_thousandths: Decimal(ten_thousandths).scaleb(-4))
rates = st.integers(0, 100_000).map(lambda thousandths: Decimal(thousandths).scaleb(-3))
currencies = st.sampled_from(sorted(MINOR_UNITS))


def line(quantity, price, rate):
    return Line("Consulting", Decimal(quantity), Decimal(price), Decimal(rate))


any_line = st.builds(line, quantities, prices, rates)
small_line = st.builds(line, small_quantities, small_prices, rates)


def half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


def naive(line: Line, currency: str) -> tuple[int, int]:
    """The line's amount and tax in minor units."""
    per_unit = 10 ** MINOR_UNITS[currency]
    amount = half_up(Fraction(line.quantity) * Fraction(line.unit_price) * per_unit)
    return amount, half_up(amount * Fraction(line.tax_rate) / 100)


def in_minor_units(amount: Decimal, currency: str) -> int:
    value = Fraction(amount) * 10 ** MINOR_UNITS[currency]
    assert value.denominator == 1
    return value.numerator


@all_cases(("currency", "lines", "sub_total", "tax_total", "total"), TOTALS)
def test_totals_are_those_of_the_contract(currency, lines, sub_total, tax_total, total):
    fields = price_lines([line(*numbers) for numbers in lines], currency)
    assert [str(fields[name]) for name in ("sub_total", "tax_total", "total_amount")] == [sub_total, tax_total, total]


@settings(max_examples=300)
@given(any_line, currencies)
def test_a_line_is_priced_as_whole_numbers_would_price_it(line, currency):
    item = price(line, currency)
    assert (in_minor_units(item.amount, currency), in_minor_units(item.tax_amount, currency)) == naive(line, currency)
    assert item.total_amount == item.amount + item.tax_amount


@given(st.lists(small_line, min_size=1, max_size=20), currencies)
def test_a_documents_totals_are_the_sums_of_its_lines(lines, currency):
    fields = price_lines(lines, currency)
    amounts, taxes = zip(*(naive(line, currency) for line in lines), strict=True)
    assert in_minor_units(fields["sub_total"], currency) == sum(amounts)
    assert in_minor_units(fields["tax_total"], currency) == sum(taxes)
    assert in_minor_units(fields["total_amount"], currency) == sum(amounts) + sum(taxes)


@given(st.lists(any_line, min_size=1, max_size=3), currencies)
def test_a_total_is_refused_exactly_when_it_reaches_its_bound(lines, currency):
    total = sum(sum(naive(line, currency)) for line in lines)
    is_out_of_bounds = total >= 10 ** (15 + MINOR_UNITS[currency])
    assert bool(check_pricing(lines, currency)) is is_out_of_bounds


@given(st.lists(small_line, min_size=1, max_size=3), currencies)
def test_every_amount_is_written_in_the_currencys_minor_unit(lines, currency):
    fields = price_lines(lines, currency)
    amounts = [fields[name] for name in ("sub_total", "tax_total", "total_amount", "amount_paid", "balance_due")]
    amounts += [amount for item in fields["items"] for amount in (item.amount, item.tax_amount, item.total_amount)]
    assert {-amount.as_tuple().exponent for amount in amounts} == {MINOR_UNITS[currency]}
    assert not [amount for amount in amounts if "E" in str(amount)]


@given(any_line, currencies)
def test_pricing_a_priced_line_again_changes_nothing(line, currency):
    once = price(line, currency)
    assert repr(price(once, currency)) == repr(once)


@pytest.mark.parametrize("total", ["999999999999999.99", "1000000000000000.00"])
def test_the_last_total_below_the_bound_is_taken_and_the_next_is_not(total):
    lines = [line("1000", "999999999999", "0"), line("1", "999", "0")]
    rest = Decimal(total) - 1000 * Decimal(999999999999) - 999
    lines.append(line("1", rest, "0"))
    if Decimal(total) < TOTAL_LIMIT:
        assert str(price_lines(lines, "INR")["total_amount"]) == total
    else:
        with pytest.raises(Invalid, match=r"less than 10\^15"):
            price_lines(lines, "INR")


@all_cases(("currency", "places"), [("INR", 2), ("JPY", 0), ("KWD", 3), ("EUR", 2), ("BHD", 3), ("VND", 0), ("CLF", 4)])
def test_a_currency_has_the_decimals_of_iso_4217(currency, places):
    assert MINOR_UNITS[currency] == places


@pytest.mark.parametrize(("amount", "cents"), [("0.005", "0.01"), ("0.0049", "0.00"), ("2.675", "2.68"), ("1", "1.00")])
def test_halves_are_rounded_up(amount, cents):
    assert str(round_amount(Decimal(amount), "INR")) == cents


@pytest.mark.parametrize(("number", "text"), [("20.000", "20"), ("2E+1", "20"), ("18", "18"), ("0.500", "0.5")])
def test_a_quantity_is_written_without_trailing_zeros(number, text):
    assert str(plain(Decimal(number))) == text


@pytest.mark.parametrize(
    ("price", "currency", "text"),
    [("3500", "INR", "3500.00"), ("0.445", "INR", "0.445"), ("33.5", "JPY", "33.5"), ("1.5", "KWD", "1.500")],
)
def test_a_price_is_written_with_at_least_the_currencys_decimals(price, currency, text):
    assert str(unit_price(Decimal(price), currency)) == text
