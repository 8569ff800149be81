"""The amounts of documents with GST and discounts, against a second, naive implementation in whole numbers."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from domain.documents.pricing import OPTIONAL, check_pricing, price_lines
from domain.documents.taxation import TaxRequest
from domain.money import MINOR_UNITS
from domain.tax.discount import Discount
from domain.tax.parties import Sides
from domain.tax.states import OVERSEAS
from domain.tax.summary import tax_summary
from domain.tax.supply import outward_supply
from tests.support.cases import all_cases
from tests.support.gst_documents import line, organization, party, priced
from tests.support.naive_gst import NaiveDocument, NaiveLine, compute

DAY = date(2026, 1, 10)
STATES = ("04", "07", "27", "29", "38")
AMOUNTS = {
    "amount": "amount",
    "discount_amount": "off",
    "taxable_amount": "taxable",
    "cgst": "cgst",
    "sgst": "sgst",
    "igst": "igst",
    "cess": "cess",
    "tax_payable_by_recipient": "payable",
    "tax_amount": "tax",
    "total_amount": "total",
}
"""Fields of lines, and their names in the naive implementation."""
TOTALS = {**AMOUNTS, "sub_total": "amount", "discount_total": "off", "tax_total": "tax", "round_off": "round_off"}
USUAL_RATES = st.sampled_from([Decimal(each) for each in ("0", "0.25", "3", "5", "12", "18", "28")])
KINDS = {"intra": "intra_state", "inter": "inter_state", "zero": "zero_rated"}


def thousandths(most):
    return st.integers(0, most).map(lambda number: Decimal(number).scaleb(-3))


def discounts(most, places):
    amounts = st.integers(0, most).map(lambda number: Decimal(number).scaleb(-places))
    return (
        st.none()
        | st.builds(lambda each: {"percent": each}, thousandths(100_000))
        | st.builds(lambda each: {"amount": each}, amounts)
    )


@st.composite
def documents(draw):
    """A document in any currency, as the domain takes it and as the naive implementation does."""
    currency = draw(st.sampled_from(sorted(MINOR_UNITS)))
    places = MINOR_UNITS[currency]
    home = draw(st.none() | st.sampled_from(STATES))
    treatment = draw(st.sampled_from(("registered", "unregistered", "consumer", "sez", "deemed_export")))
    place = draw(st.sampled_from((*STATES, OVERSEAS)))
    lut = draw(st.booleans())
    reverse = home is not None and treatment != "sez" and place != OVERSEAS and draw(st.booleans())
    lines, naive = [], []
    for _ in range(draw(st.integers(1, 6))):
        quantity = Decimal(draw(st.integers(1, 20_000))).scaleb(-3)
        price = Decimal(draw(st.integers(0, 10**7))).scaleb(-4)
        rate = draw(USUAL_RATES | thousandths(100_000))
        cess = draw(st.none() | thousandths(100_000)) if home is not None else None
        most = int(Fraction(quantity) * Fraction(price) * 10**places)
        off = draw(discounts(most, places)) or {}
        lines.append(line(quantity, price, rate, **off, cess=cess))
        naive.append(
            NaiveLine(
                Fraction(quantity), Fraction(price), Fraction(rate),
                Fraction(off["percent"]) if "percent" in off else None,
                Fraction(off["amount"]) if "amount" in off else None,
                Fraction(cess or 0),
            )
        )  # fmt: skip
    worth = sum(each["amount"] - each["off"] for each in compute(NaiveDocument(places, naive)).lines)
    whole = draw(discounts(worth, places)) or {}
    rounds = draw(st.booleans())
    model = NaiveDocument(
        places, naive,
        Fraction(whole["percent"]) if "percent" in whole else None,
        Fraction(whole["amount"]) if "amount" in whole else None,
        rounds, home, place, treatment, lut, reverse,
    )  # fmt: skip
    sides = Sides(None if home is None else organization(home, lut=lut), party(treatment, "29"))
    supply = outward_supply(sides, place, DAY, reverse_charge=reverse)
    request = TaxRequest(place, reverse, Discount(**whole) if whole else None, "nearest" if rounds else None)
    assert request.check(supply, sides, lines) == []
    assert check_pricing(lines, currency, request.discount) == []
    return lines, currency, request.terms(supply), model


def minor(amount, places):
    number = amount.scaleb(places)
    assert number == int(number)
    assert -amount.as_tuple().exponent == places
    return int(number)


def sums(entries, name):
    return sum((getattr(each, name) for each in entries), Decimal(0))


@settings(max_examples=400, deadline=None)
@given(documents())
def test_every_amount_is_that_of_the_naive_implementation(document):
    lines, currency, terms, model = document
    fields, expected, places = price_lines(lines, currency, terms), compute(model), model.places

    for item, line_expected in zip(fields["items"], expected.lines, strict=True):
        for name, naive_name in AMOUNTS.items():
            if (amount := getattr(item, name)) is not UNSET:
                assert minor(amount, places) == line_expected.get(naive_name, 0), name
    for name, naive_name in TOTALS.items():
        if name in fields:
            assert minor(fields[name], places) == expected.totals[naive_name], name
    assert fields.get("supply_type") == KINDS.get(expected.kind)
    assert fields.get("state_tax") == expected.state_tax


@settings(max_examples=300, deadline=None)
@given(documents())
def test_lines_add_up_to_the_document(document):
    lines, currency, terms, _ = document
    fields = price_lines(lines, currency, terms)
    items, discount = fields["items"], fields.get("discount_total", Decimal(0))

    assert fields["sub_total"] == sums(items, "amount")
    assert fields["tax_total"] == sums(items, "tax_amount")
    assert fields["total_amount"] == (
        fields["sub_total"] - discount + fields["tax_total"] + fields.get("round_off", Decimal(0))
    )
    assert fields["balance_due"] == fields["total_amount"] >= 0
    if terms.discount is not None or any(each.discount for each in lines):
        assert discount == sums(items, "discount_amount")
        assert all(0 <= item.discount_amount <= item.amount for item in items)
        assert all(item.taxable_amount == item.amount - item.discount_amount for item in items)
    if terms.supply is not None:
        for name in ("taxable_amount", "cgst", "sgst", "igst", "cess"):
            assert fields[name] == sums(items, name), name
        assert fields["cgst"] == fields["sgst"]
        assert all(item.cgst == item.sgst for item in items)
        assert fields["tax_total"] == fields["cgst"] + fields["sgst"] + fields["igst"] + fields["cess"]
        assert not (fields["cgst"] and fields["igst"])


@settings(max_examples=200, deadline=None)
@given(documents())
def test_the_summary_has_every_amount_once(document):
    lines, currency, terms, _ = document
    fields = price_lines(lines, currency, terms)
    summary = tax_summary(fields["items"])

    assert bool(summary) == (terms.supply is not None)
    for name in ("taxable_amount", "cgst", "sgst", "igst", "cess"):
        if summary:
            assert sums(summary, name) == fields[name]
    keys = [(entry.hsn_sac, entry.tax_rate, entry.cess_rate) for entry in summary]
    assert len(keys) == len({*keys})


@settings(max_examples=200, deadline=None)
@given(documents())
def test_pricing_a_priced_document_again_changes_nothing(document):
    lines, currency, terms, _ = document
    once = price_lines(lines, currency, terms)
    assert repr(price_lines(once["items"], currency, terms)) == repr(once)


@settings(max_examples=200, deadline=None)
@given(documents())
def test_without_gst_and_discounts_a_document_has_no_field_of_them(document):
    lines, currency, _, _ = document
    plain = [line(each.quantity, each.unit_price, each.tax_rate) for each in lines]
    fields = price_lines(plain, currency)

    assert not fields.keys() & {*OPTIONAL}
    own = fields["items"][0].__struct_fields__[8:]
    assert [name for item in fields["items"] for name in own if getattr(item, name) is not UNSET] == []


def charged(home, place, numbers, **request):
    sides = Sides(organization(home), None)
    supply = outward_supply(sides, place, DAY, reverse_charge=False)
    return priced([line(*numbers)], "INR", TaxRequest(place, **request).terms(supply))


@all_cases(
    ("place", "numbers", "expected"),
    [
        ("29", ("1", "10.10", "5"), {"igst": "0.51", "cgst": "0.00", "sgst": "0.00"}),
        ("27", ("1", "10.10", "5"), {"igst": "0.00", "cgst": "0.25", "sgst": "0.25"}),
        ("29", ("1", "100.05", "18"), {"igst": "18.01"}),
        ("27", ("1", "100.05", "18"), {"cgst": "9.00", "sgst": "9.00"}),
    ],
)
def test_each_tax_is_rounded_on_its_own(place, numbers, expected):
    found = charged("27", place, numbers)
    assert {name: found[name] for name in expected} == expected


def test_a_discount_and_the_rounding_of_the_total_are_those_of_the_contract():
    discount = Discount(percent=Decimal(10))
    found = charged("27", "27", ("3", "33.33", "12"), discount=discount)
    amounts = {"taxableAmount": "89.99", "cgst": "5.40", "sgst": "5.40", "totalAmount": "100.79"}
    assert {name: found[name] for name in amounts} == amounts
    assert "roundOff" not in found

    found = charged("27", "27", ("3", "33.33", "12"), discount=discount, round_off="nearest")
    assert (found["totalAmount"], found["roundOff"], found["balanceDue"]) == ("101.00", "0.21", "101.00")


@all_cases(
    ("worth", "discount", "shares"),
    [
        ("100 100 100", "10", "3.33 3.33 3.34"),
        ("0.01 0.01 0.01 0.01", "0.02", "0.01 0.01 0.00 0.00"),
        ("33.33 33.33 33.34 0", "10", "3.33 3.33 3.34 0.00"),
        ("1 0", "1", "1.00 0.00"),
        ("0 0", "0", "0.00 0.00"),
    ],
)
def test_a_discount_is_spread_by_value_and_no_line_gives_more_than_it_has(worth, discount, shares):
    lines = [line("1", each, "0") for each in worth.split()]
    terms = TaxRequest(discount=Discount(amount=Decimal(discount))).terms(None)
    assert priced(lines, "INR", terms)["discounts"] == shares


@all_cases(
    ("currency", "lines", "discount", "field", "message"),
    [
        (
            "INR",
            [line("1", "10", "0", amount="10.01")],
            None,
            "items[0].discount.amount",
            "at most what it reduces",
        ),
        ("INR", [line("1", "10", "0", amount="0.001")], None, "items[0].discount.amount", "at most 2 decimal places"),
        ("JPY", [line("1", "10", "0")], Discount(amount=Decimal("0.5")), "discount.amount", "at most 0 decimal places"),
        ("INR", [line("1", "10", "0", percent="50")], Discount(amount=Decimal("5.01")), "discount.amount", "5.00"),
    ],
)
def test_a_discount_that_is_too_large_or_too_fine_is_refused(currency, lines, discount, field, message):
    (violation,) = check_pricing(lines, currency, discount)
    assert violation.field == field
    assert message in violation.message
