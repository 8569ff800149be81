"""What a document under GST prints: every figure of the resource, and the words that the rules want."""

import json
from decimal import Decimal

import pytest

from infra.reads.objects.pdf.content.figures import figure, money, percent, plain, price
from infra.reads.objects.pdf.content.words import amount_in_words
from tests.infra.reads.pdf.test_layout import pdf_of, shown
from tests.support.gst_samples import SAMPLES

UNDER_GST = [name for name, body in SAMPLES.items() if "supplyType" in json.loads(body)]
TAXES = ("cgst", "sgst", "igst")


def charged(document, name):
    return any(Decimal(line.get(name, 0)) for line in document["items"])


def has_taxes(document):
    return document["documentType"] == "tax_invoice" and document["supplyType"] != "zero_rated"


def figures_of_line(document, number, line):
    currency = document["currency"]
    found = [str(number), line["description"], plain(line["quantity"]), price(line["unitPrice"], currency)]
    names = ["discountAmount"] if charged(document, "discountAmount") else []
    for name in (*names, "taxableAmount", *(name for name in TAXES if charged(document, name))):
        found.append(figure(line[name], currency))
        if name in TAXES:
            found.append(percent(Decimal(line["taxRate"]) / (1 if name == "igst" else 2)))
    found += [figure(line["cess"], currency)] if charged(document, "cess") else []
    return found + ([figure(line["totalAmount"], currency)] if has_taxes(document) else [])


def figures_of_summary(document):
    currency, found = document["currency"], []
    for entry in document["taxSummary"]:
        found += [entry["hsnSac"], percent(entry["taxRate"]), figure(entry["taxableAmount"], currency)]
        found += [figure(entry[name], currency) for name in TAXES if charged(document, name)]
    return found


def figures_of(document):
    """Return the figures under GST in the order in which they are printed: line by line, the sums, the summary."""
    currency = document["currency"]
    found = [figures_of_line(document, number, line) for number, line in enumerate(document["items"], 1)]
    sums = [name for name in ("taxableAmount", *TAXES, "cess", "roundOff") if Decimal(document.get(name, 0))]
    found.append([figure(document[name], currency) for name in sums if len(sums) > 1])
    found.append([money(document["totalAmount"], currency).replace("\u00a0", " ")])
    found.append(figures_of_summary(document) if document["documentType"] == "tax_invoice" else [])
    return [each for figures in found for each in figures]


@pytest.mark.parametrize("name", UNDER_GST)
def test_every_figure_is_printed_and_equal(name):
    document = json.loads(SAMPLES[name])
    text = pdf_of(SAMPLES[name]).text.replace("HSN/SAC ", "")

    if name not in ("Hindi", "Tamil"):  # pypdf puts blanks into such words
        assert shown(figures_of(document), text) == []
    assert amount_in_words(Decimal(document["totalAmount"]), document["currency"]) in text.replace("- ", "-")
    assert document["supplier"]["gstin"] in text and document["recipient"].get("gstin", "") in text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("intra-state", ["Tax Invoice", "Karnataka (29)", "Reverse charge No", "CGST SGST Total"]),
        ("union territory", ["Chandigarh (04)", "CGST UTGST Total"]),
        ("inter-state", ["Maharashtra (27)", "Taxable value IGST Total"]),
        (
            "reverse charge",
            ["Reverse charge Yes", "Tax is payable on reverse charge basis; tax payable by the recipient"],
        ),
        ("composition", ["Bill of Supply", "Composition taxable person, not eligible to collect tax on supplies"]),
        ("exempt", ["Bill of Supply"]),
        ("export with tax", ["ON PAYMENT OF INTEGRATED TAX", "Other Country (96)", "Currency USD"]),
        ("export under LUT", ["WITHOUT PAYMENT OF INTEGRATED TAX (LUT AD290426012345X)", "Japanese Yen", "JPY 57,700"]),
        ("special economic zone", ["SEZ DEVELOPER FOR AUTHORISED OPERATIONS UNDER BOND", "Karnataka (29)"]),
        (
            "partly paid",
            ["Paid −20,000.00 Settled −500.00 Balance due ₹46,973.40", "Notes Thank you for your business."],
        ),
        ("discounts, cess and round off", ["Discount −4,262.51", "Round off −0.36", "Total ₹62,560.00"]),
        ("draft", ["DRAFT"]),
        ("void", ["VOID"]),
    ],
)
def test_the_words_of_the_rules_stand_there(name, words):
    text = pdf_of(SAMPLES[name]).text
    assert [each for each in words if each.casefold() not in text.casefold()] == []


def test_a_bill_of_supply_and_an_export_under_lut_show_no_tax():
    for name in ("composition", "exempt", "export under LUT"):
        text = pdf_of(SAMPLES[name]).text
        assert not any(tax in text for tax in ("CGST", "SGST", "IGST"))
