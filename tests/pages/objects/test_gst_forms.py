"""The forms and pages of documents with GST and discounts: nothing of them is lost when a form is saved."""

import html
import re

import pytest

from infra.identity.settings import update_organization
from tests.pages.objects.test_forms import HEAD, path_after
from tests.pages.objects.test_lists import words_of
from tests.support.gst import gstin
from tests.support.scenarios import active_party, draft_invoice

LINE = {"description": "Cloth", "quantity": "3", "unitPrice": "33.33", "taxRate": "12", "hsnSac": "5208"}
TEXTS = {"description": "Cloth", "hsnSac": "5208", "quantity": "3", "unitPrice": "33.33", "taxRate": "12"}

BASE = {**HEAD, "invoiceNumber": "", "currency": "INR", "notes": "", **TEXTS}


def fields_of(page):
    """Return what the visible fields of a form contain, by name."""
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input id="[^"]*" name="([\w-]+)" value="([^"]*)"', page.text):
        fields.setdefault(name, []).append(html.unescape(value))
    for name, options in re.findall(r'<select id="[^"]*" name="(\w+)"[^>]*>(.*?)</select>', page.text):
        fields[name] = re.findall(r'value="([^"]*)" selected', options) or [""]
    return fields


@pytest.fixture
def registered(organization, owner):
    update_organization(owner, organization.id, gstin=gstin("27"), legal_name="Sharma Textiles")


@pytest.mark.usefixtures("registered")
def test_an_invoice_is_made_with_a_discount_a_place_and_a_rounded_total(api, console):
    client = console()
    taxes = {"discount": "10 %", "placeOfSupply": "Karnataka", "reverseCharge": "", "roundOff": "nearest"}
    made = client.fill("/home/invoices/new", {**BASE, **taxes, "do": "save"})
    invoice = api.read(path_after(made).removeprefix("/home/"))
    assert (invoice["discount"], invoice["placeOfSupply"], invoice["roundOff"]) == ({"percent": "10"}, "29", "0.21")

    page = client.get(path_after(made))
    for words in ("Place of supply", "29 Karnataka", "IGST", "Rounded off", "tax invoice", "to another State"):
        assert words in words_of(page), words


@pytest.mark.usefixtures("registered")
def test_saving_a_form_again_keeps_the_discounts_and_the_cess_of_lines(api, console):
    lines = [{**LINE, "discount": {"amount": "9.99"}, "cessRate": "5"}, LINE]
    invoice = draft_invoice(api, items=lines, discount={"amount": "10"}, placeOfSupply="29", reverseCharge=True)
    path, client = f"/home/invoices/{invoice['id']}/edit", console()
    page = client.get(path)
    assert 'name="lineDiscount" value="9.99"' in page.text and 'name="cessRate" value="5"' in page.text
    saved = client.fill(path, {**fields_of(page), "notes": "Thanks", "do": "save"})
    assert saved.status_code == 303, saved.text
    after = api.read(f"invoices/{invoice['id']}")
    assert {**after, "notes": None, "version": 1, "updatedAt": ""} == {**invoice, "updatedAt": ""}


def test_the_fields_of_lines_that_few_need_are_shown_on_request(api, console):
    client = console()
    assert 'name="cessRate"' not in client.get("/home/invoices/new").text
    shown = client.fill("/home/invoices/new", {**BASE, "do": "tax"})
    assert 'name="lineDiscount"' in shown.text
    refused = client.fill("/home/invoices/new", {**BASE, "lineDiscount": "200 %", "cessRate": "", "do": "save"})
    assert refused.status_code == 422
    assert "must be at most 100" in words_of(refused)


def test_what_rule_46_wants_is_told_on_the_page(api, console, registered):
    invoice = draft_invoice(api)
    api.update(f"invoices/{invoice['id']}", {"status": "sent"})
    page = words_of(console().get(f"/home/invoices/{invoice['id']}"))
    assert "Missing by rule 46" in page and "HSN or SAC codes of lines" in page


def totals_on(page):
    """Return the totals that a form or a page shows."""
    (totals,) = re.findall(r'<dl class="totals"[^>]*>(.*?)</dl>', page.text)
    return [(html.unescape(label), text) for label, text in re.findall("<dt>(.*?)</dt><dd>(.*?)</dd>", totals)]


TAXED = {
    "in the own State": ({"clientName": "Mumbai Mills"}, {"CGST": "₹6.00", "SGST": "₹6.00"}),
    "in another State": ({"clientName": "Mysore  mills"}, {"IGST": "₹12.00"}),
    "to a place that the form says": ({"clientName": "Mumbai Mills", "placeOfSupply": "Karnataka"}, {"IGST": "₹12.00"}),
    "to an SEZ": ({"clientName": "SEZ Mills"}, {"IGST": "₹12.00"}),
    "under reverse charge": ({"clientName": "Mysore Mills", "reverseCharge": "yes"}, {"Total": "₹99.99"}),
    "with a discount and a round total": (
        {"clientName": "Mumbai Mills", "discount": "10 %", "roundOff": "nearest"},
        {"CGST": "₹5.40", "SGST": "₹5.40", "Rounded off": "₹0.21", "Total": "₹101.00"},
    ),
    "with a cess": ({"clientName": "Mysore Mills", "lineDiscount": "", "cessRate": "5"}, {"Cess": "₹5.00"}),
    "to somebody unknown": ({"clientName": "Nobody"}, {"CGST": "₹6.00", "SGST": "₹6.00"}),
}


@pytest.fixture
def mills(api, registered):
    active_party(api, name="Mumbai Mills", roles=["client", "vendor"], gstin=gstin("27"))
    active_party(api, name="Mysore Mills", gstin=gstin("29"))
    active_party(api, name="SEZ Mills", gstin=gstin("27", "AAACI1681G"), gstTreatment="sez")
    active_party(api, name="Village Mills", roles=["vendor"])


@pytest.mark.usefixtures("mills")
@pytest.mark.parametrize("name", TAXED)
def test_the_totals_of_a_form_are_those_that_the_saved_invoice_has(api, console, name):
    client, (fields, expected) = console("accountant"), TAXED[name]
    computed = client.fill("/home/invoices/new", {**BASE, "clientId": "", **fields, "do": "compute"})
    assert api.read("invoices") == [] and expected.items() <= dict(totals_on(computed)).items()
    saved = client.get(path_after(client.fill("/home/invoices/new", {**BASE, "clientId": "", **fields, "do": "save"})))
    assert totals_on(computed) == totals_on(saved)


@pytest.mark.usefixtures("mills")
@pytest.mark.parametrize(("vendor", "taxes"), [("Mumbai Mills", {"CGST", "SGST"}), ("Village Mills", set())])
def test_the_totals_of_a_bill_know_its_vendor(console, vendor, taxes):
    client = console("accountant")
    head = {"vendorId": "", "vendorName": vendor, "billNumber": "B/1", "billDate": "2026-01-10"}
    fields = {**head, "dueDate": "2099-01-31", "currency": "INR", "notes": "", **TEXTS}
    computed = client.fill("/home/bills/new", {**fields, "do": "compute"})
    assert {label for label, _ in totals_on(computed)} & {"CGST", "SGST", "IGST"} == taxes
    path = path_after(client.fill("/home/bills/new", {**fields, "do": "save"}))
    assert totals_on(computed) == totals_on(client.get(path))
    again = client.fill(f"{path}/edit", {**fields, "quantity": "6", "do": "compute"})
    assert dict(totals_on(again))["Subtotal"] == "₹199.98"


@pytest.mark.usefixtures("mills")
def test_what_the_tax_does_not_allow_is_told_when_totals_are_computed(console):
    fields = {**BASE, "clientId": "", "clientName": "SEZ Mills", "reverseCharge": "yes", "do": "compute"}
    page = console("accountant").fill("/home/invoices/new", fields)
    assert 'id="reverseCharge-problem"' in page.text and '<dl class="totals"' not in page.text


def test_without_a_gstin_the_totals_have_no_gst(api, console):
    active_party(api, name="Mumbai Mills", gstin=gstin("27"))
    fields = {**BASE, "clientId": "", "clientName": "Mumbai Mills", "invoiceDate": "", "do": "compute"}
    totals = dict(totals_on(console("accountant").fill("/home/invoices/new", fields)))
    assert totals["Tax"] == "₹12.00" and "CGST" not in totals
