"""Exact amounts of money: currencies, their minor units, and rounding half up. All numbers are Decimal, never float."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

# The longest product is that of a quantity (12 digits and 3 decimal places) and a price (12 digits and 4): 31 digits.
# So no multiplication rounds.
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_WHOLE, _ONE = Context(prec=200), Decimal(1)
_HUNDREDTH = Decimal("0.01")

FACTOR_LIMIT = Decimal(10) ** 12
"""Every quantity and every unit price must be less than this."""
TOTAL_LIMIT = Decimal(10) ** 15
"""The total of every document must be less than this."""

# ISO 4217, list one (active codes), by the number of decimals of the currency's minor unit.
_TWO = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU
CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES
KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR
NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP
TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
"""
_ZERO = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"
_FOUR = "CLF UYW"

MINOR_UNITS: dict[str, int] = {
    code: places for places, codes in ((2, _TWO), (0, _ZERO), (3, _THREE), (4, _FOUR)) for code in codes.split()
}
"""The decimal places of each ISO 4217 currency (INR 2, JPY 0, KWD 3)."""

DEFAULT_CURRENCY = "INR"

_STEPS = [Decimal(1).scaleb(-places) for places in range(5)]
_QUANTA = {code: Decimal(1).scaleb(-places) for code, places in MINOR_UNITS.items()}


def round_amount(amount: Decimal, currency: str) -> Decimal:
    """Return the amount rounded to the currency's minor unit. Halves are rounded away from zero."""
    return _EXACT.quantize(amount, _QUANTA[currency])


def product(a: Decimal, b: Decimal) -> Decimal:
    """Return a × b without rounding, for factors below FACTOR_LIMIT."""
    return _EXACT.multiply(a, b)


def percent_of(amount: Decimal, percent: Decimal) -> Decimal:
    """Return a percentage of an amount without rounding."""
    return _EXACT.multiply(_EXACT.multiply(amount, percent), _HUNDREDTH)


def whole_units(amount: Decimal) -> Decimal:
    """Return the amount rounded to whole units of its currency. Halves are rounded away from zero."""
    return _EXACT.quantize(amount, _ONE)


def plain(number: Decimal) -> Decimal:
    """Return the same number without trailing zeros or exponent: 20.000 and 2E+1 both become 20."""
    short = _EXACT.normalize(number)
    whole = _WHOLE.quantize(short, _ONE)
    return whole if whole == short else short


def unit_price(price: Decimal, currency: str) -> Decimal:
    """Return the price with the currency's decimal places. A price with more decimal places keeps them."""
    rounded = _EXACT.quantize(price, _QUANTA[currency])
    return rounded if rounded == price else plain(price)


def has_places(number: Decimal, most: int) -> bool:
    """Return whether the number has at most so many decimal places, not counting zeros at the end."""
    return _WHOLE.quantize(number, _STEPS[most]) == number
