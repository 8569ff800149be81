"""Which taxes are due, by who supplies, to whom, and where."""

from datetime import date
from decimal import Decimal

from msgspec import UNSET

from domain.documents.pricing import price_lines
from domain.documents.taxation import TaxRequest
from domain.tax.parties import NOBODY, TREATMENTS, PartySnapshot, Sides, snapshot_of
from domain.tax.rule46 import missing_particulars
from domain.tax.supply import inward_supply, outward_supply
from tests.support.cases import all_cases
from tests.support.gst_documents import line, organization, party

DAY = date(2026, 1, 10)


def outward(other, place=None, *, reverse=False, **profile):
    return outward_supply(Sides(organization("27", **profile), other), place, DAY, reverse_charge=reverse)


def inward(other, place=None, *, reverse=False):
    return inward_supply(Sides(organization("27"), other), place, DAY, reverse_charge=reverse)


@all_cases(
    ("other", "place", "lut", "expected"),
    [
        (None, None, False, ("intra_state", "27", "organization", "unregistered")),
        (None, "29", False, ("inter_state", "29", "request", "unregistered")),
        (None, "96", True, ("zero_rated", "96", "request", "overseas")),
        (party("registered", "29"), None, False, ("inter_state", "29", "party", "registered")),
        (party("registered", "29"), "27", False, ("intra_state", "27", "request", "registered")),
        (party("consumer"), None, False, ("intra_state", "27", "organization", "consumer")),
        (party("sez", "27"), None, False, ("inter_state", "27", "party", "sez")),
        (party("sez", "27"), None, True, ("zero_rated", "27", "party", "sez")),
        (party("overseas"), None, True, ("zero_rated", "96", "party", "overseas")),
        (party("overseas"), None, False, ("inter_state", "96", "party", "overseas")),
        (party("overseas"), "27", True, ("intra_state", "27", "request", "overseas")),
        (party("deemed_export", "29"), None, True, ("inter_state", "29", "party", "deemed_export")),
    ],
)
def test_an_invoice_has_the_supply_of_its_place_and_its_client(other, place, lut, expected):
    supply = outward(other, place, lut=lut)
    assert (supply.type, supply.place, supply.place_from, supply.treatment) == expected


@all_cases(
    ("other", "place", "reverse", "expected"),
    [
        (None, None, False, ("intra_state", "27", "organization", None)),
        (None, "29", False, ("inter_state", "29", "request", None)),
        (party("registered", "29"), None, False, ("inter_state", "27", "organization", "registered")),
        (party("registered", "29"), "29", False, ("intra_state", "29", "request", "registered")),
        (party("sez", "27"), None, False, ("inter_state", "27", "organization", "sez")),
        (party("unregistered", "27"), None, True, ("intra_state", "27", "organization", "unregistered")),
        (party("overseas"), None, True, ("inter_state", "27", "organization", "overseas")),
    ],
)
def test_a_bill_has_the_supply_of_its_vendor_to_the_organization(other, place, reverse, expected):
    supply = inward(other, place, reverse=reverse)
    assert (supply.type, supply.place, supply.place_from, supply.treatment) == expected


@all_cases("treatment", ["unregistered", "consumer", "overseas"])
def test_a_vendor_who_cannot_charge_gst_has_a_bill_without_it(treatment):
    assert inward(party(treatment, "27")) is None


@all_cases("sides", [NOBODY, Sides(organization(None), party("registered", "27"))])
def test_without_a_gstin_there_is_no_gst(sides):
    assert outward_supply(sides, "27", DAY, reverse_charge=False) is None
    assert inward_supply(sides, "27", DAY, reverse_charge=False) is None


@all_cases(
    ("state", "day", "tax"),
    [
        ("04", DAY, "UTGST"),
        ("07", DAY, "SGST"),
        ("34", DAY, "SGST"),
        ("01", DAY, "SGST"),
        ("38", DAY, "UTGST"),
        ("26", DAY, "UTGST"),
        ("31", DAY, "UTGST"),
        ("35", DAY, "UTGST"),
        ("27", DAY, "SGST"),
    ],
)
def test_a_union_territory_without_a_legislature_has_utgst(state, day, tax):
    supply = outward_supply(Sides(organization(state)), state, day, reverse_charge=False)
    assert supply is not None
    assert supply.state_tax == tax


def problems(sides, request, *lines, supply_of=outward_supply):
    supply = supply_of(sides, request.place_of_supply, DAY, reverse_charge=request.reverse_charge)
    return [(each.field, each.message) for each in request.check(supply, sides, lines)]


REVERSE = TaxRequest(reverse_charge=True)
COMPOSITION = Sides(organization("27", composition=True))
TO_SEZ = Sides(organization("27", lut=True), party("sez", "27"))
ABROAD = Sides(organization("27"), party("overseas"))
REGISTERED = Sides(organization("27"), party("registered", "27"))


@all_cases(
    ("sides", "request", "lines", "fields"),
    [
        (NOBODY, REVERSE, [line("1", "1", "18")], ["reverseCharge"]),
        (NOBODY, TaxRequest(), [line("1", "1", "18", cess="1")], ["items[0].cessRate"]),
        (NOBODY, TaxRequest(), [line("1", "1", "18", cess="0")], []),
        (NOBODY, TaxRequest("29"), [line("1", "1", "18")], []),
        (COMPOSITION, TaxRequest(), [line("1", "1", "0"), line("1", "1", "1")], ["items[1].taxRate"]),
        (COMPOSITION, REVERSE, [line("1", "1", "0")], ["reverseCharge"]),
        (TO_SEZ, REVERSE, [line("1", "1", "5")], ["reverseCharge"]),
        (ABROAD, REVERSE, [line("1", "1", "5")], ["reverseCharge"]),
        (REGISTERED, REVERSE, [line("1", "1", "5")], []),
    ],
)
def test_what_the_law_does_not_allow_is_refused_at_its_field(sides, request, lines, fields):
    assert [field for field, _ in problems(sides, request, *lines)] == fields


def test_a_refusal_for_want_of_a_gstin_says_where_to_enter_it():
    ((_, message),) = problems(NOBODY, TaxRequest(reverse_charge=True), line("1", "1", "18"))
    assert "GSTIN" in message
    assert "Settings → Organization" in message


def test_a_composition_vendor_cannot_charge_tax():
    sides = Sides(organization("27"), party("composition", "27"))
    assert problems(sides, TaxRequest(), line("1", "1", "5"), supply_of=inward_supply) == [
        ("items[0].taxRate", "must be 0: the supplier pays a composition levy, and must not collect tax")
    ]


@all_cases(
    ("profile", "other", "rate", "document"),
    [
        ({}, None, "18", "tax_invoice"),
        ({}, None, "0", "bill_of_supply"),
        ({"composition": True}, None, "0", "bill_of_supply"),
        ({"lut": True}, party("overseas"), "0", "tax_invoice"),
        ({}, party("sez", "27"), "0", "tax_invoice"),
    ],
)
def test_a_composition_supplier_and_a_wholly_exempt_supply_have_a_bill_of_supply(profile, other, rate, document):
    supply = outward(other, **profile)
    assert price_lines([line("1", "5", rate)], "INR", TaxRequest().terms(supply))["document_type"] == document


def test_a_bill_does_not_say_which_document_the_vendor_has_made():
    fields = price_lines([line("1", "5", "0")], "INR", TaxRequest().terms(inward(None)))
    assert "document_type" not in fields
    assert "gst_treatment" not in fields


def test_the_words_for_treatments_are_those_of_the_contract():
    assert TREATMENTS == (
        "registered", "composition", "unregistered", "consumer", "sez", "overseas", "deemed_export",
    )  # fmt: skip


def test_the_snapshot_of_the_organization_leaves_out_what_is_not_known():
    snapshot = snapshot_of(organization("27", address=None), DAY)
    assert (snapshot.name, snapshot.state_name, snapshot.address) == ("Asha Trading", "Maharashtra", UNSET)


def codes(recipient, value="50000", supplier=None, items=None, currency="INR"):
    supplier = supplier or snapshot_of(organization("27"), DAY)
    items = [line("1", "1", "18", hsn="9983")] if items is None else items
    return [each.code for each in missing_particulars(supplier, recipient, items, Decimal(value), currency)]


WHOLE = {"gstin": "x", "address": "2 Station Road"}


@all_cases(
    ("recipient", "value", "expected"),
    [
        (party("registered", "27", **WHOLE), "1", []),
        (party("registered", "27", gstin="x"), "1", ["recipient_address_missing"]),
        (party("sez", "27", address="x"), "1", ["recipient_gstin_missing"]),
        (party("overseas"), "1", ["recipient_address_missing"]),
        (party("unregistered", "27"), "49999.99", []),
        (party("unregistered", "27"), "50000", ["recipient_address_missing"]),
        (party("consumer"), "50000", ["recipient_state_missing", "recipient_address_missing"]),
        (PartySnapshot(gst_treatment="unregistered"), "50000",
         ["recipient_state_missing", "recipient_name_missing", "recipient_address_missing"]),
    ],
)  # fmt: skip
def test_what_rule_46_wants_of_the_recipient_is_told(recipient, value, expected):
    assert codes(recipient, value) == expected


def test_what_rule_46_wants_of_the_supplier_and_of_lines_is_told():
    whole = party("registered", "27", **WHOLE)
    assert codes(whole, supplier=snapshot_of(organization("27", address=None), DAY)) == ["supplier_address_missing"]
    lines = [line("1", "1", "18", hsn="9983"), *[line("1", "1", "18")] * 7]
    (found,) = missing_particulars(snapshot_of(organization("27"), DAY), whole, lines, Decimal(1), "INR")
    assert (found.code, found.field) == ("hsn_missing", "items[1].hsnSac")
    assert "2, 3, 4, 5, 6, and others" in found.message
