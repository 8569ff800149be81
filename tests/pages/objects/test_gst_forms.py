"""The forms and pages of documents with GST and discounts: nothing of them is lost when a form is saved."""

import html
import re

import pytest

from infra.identity.settings import update_organization
from tests.pages.objects.test_forms import HEAD, path_after
from tests.pages.objects.test_lists import words_of
from tests.support.gst import gstin
from tests.support.scenarios import draft_invoice

LINE = {"description": "Cloth", "quantity": "3", "unitPrice": "33.33", "taxRate": "12", "hsnSac": "5208"}
TEXTS = {"description": "Cloth", "hsnSac": "5208", "quantity": "3", "unitPrice": "33.33", "taxRate": "12"}

BASE = {**HEAD, "invoiceNumber": "", "currency": "INR", "notes": "", **TEXTS}


def fields_of(page):
    """Return what the visible fields of a form contain, by name."""
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input id="[^"]*" name="(\w+)" value="([^"]*)"', page.text):
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
