"""Amounts in words."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import MINOR_UNITS
from infra.reads.objects.pdf.content.words import amount_in_words, number_in_words


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("0.00", "INR", "Rupees Zero Only"),
        ("0.50", "INR", "Rupees Zero and Fifty Paise Only"),
        ("1.00", "INR", "Rupees One Only"),
        ("100.79", "INR", "Rupees One Hundred and Seventy-Nine Paise Only"),
        ("82600.00", "INR", "Rupees Eighty-Two Thousand Six Hundred Only"),
        ("100000.00", "INR", "Rupees One Lakh Only"),
        ("1230045.89", "INR", "Rupees Twelve Lakh Thirty Thousand Forty-Five and Eighty-Nine Paise Only"),
        ("10000000.00", "INR", "Rupees One Crore Only"),
        ("1000000000000.00", "INR", "Rupees One Lakh Crore Only"),
        ("1230045.09", "USD", "US Dollars One Million Two Hundred Thirty Thousand Forty-Five and Nine Cents Only"),
        ("1200000", "JPY", "Japanese Yen One Million Two Hundred Thousand Only"),
        ("1.005", "KWD", "Kuwaiti Dinars One and Five Fils Only"),
        ("12.30", "CHF", "CHF Twelve and 30/100 Only"),
        ("1.0500", "CLF", "CLF One and 0500/10000 Only"),
        ("-5.00", "INR", "Rupees Minus Five Only"),
    ],
)
def test_an_amount_in_words(amount, currency, words):
    assert amount_in_words(Decimal(amount), currency) == words


UNITS = """
Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen Fifteen Sixteen Seventeen Eighteen
Nineteen
"""
TENS = "Twenty Thirty Forty Fifty Sixty Seventy Eighty Ninety"
VALUES = {word: number for number, word in enumerate(re.findall(r"\w+", UNITS))}
VALUES |= {word: 10 * tens for tens, word in enumerate(re.findall(r"\w+", TENS), 2)}
SCALES = {"Hundred": 2, "Thousand": 3, "Lakh": 5, "Million": 6, "Crore": 7, "Billion": 9, "Trillion": 12, "Neel": 13}
"""The power of ten of each word."""


def number_of(words):
    """Return the number that words say: each scale multiplies what stands before it since a larger scale."""
    total = 0
    for word in words.replace("-", " ").split():
        if word in VALUES:
            total += VALUES[word]
        else:
            scale = 10 ** SCALES[word]
            kept = total - total % scale if total % scale else 0
            total = kept + (total - kept) * scale
    return total


@given(st.integers(min_value=0, max_value=10**15 - 1), st.sampled_from(["INR", "USD"]))
def test_words_say_the_number(number, currency):
    assert number_of(number_in_words(number, currency)) == number


def test_every_currency_has_words():
    assert all(amount_in_words(Decimal("1.00"), currency).endswith(" One Only") for currency in MINOR_UNITS)
