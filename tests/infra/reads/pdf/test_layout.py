"""What stands in a PDF is what the resource says, figure by figure; no text is read as markup, and none breaks it."""

import json
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.documents.pricing import Line, price_lines
from domain.money import MINOR_UNITS
from infra.reads.objects.pdf.content import Issuer, content_of
from infra.reads.objects.pdf.content.figures import figure, percent, plain, price
from infra.reads.objects.pdf.coverage import MISSING
from infra.reads.objects.pdf.layout import lay_out
from tests.support.pdf import read_pdf, resource_json

ISSUER = Issuer(name="Asha Traders")
MARKUP = (
    '#set text(red) *bold* _x_ $x^2$ @ref <label> `raw` #eval("1") \\u{41} // /* [c] {d} = Head - "q" \'q\' ~ -- ...'
)
UNPRINTABLE = ["😀", "日本語", "\ue000", "𝕏", "שלום", "aி", "क🙂", "\ufffe", "\u0007"]


def pdf_of(body, issuer=ISSUER):
    return read_pdf(lay_out(json.dumps(content_of("invoice", body, issuer)).encode()))


def shown(figures, text):
    """Return the figures that do not stand in a text in this order."""
    missing, at = [], 0
    for each in figures:
        found = text.find(each, at)
        if found < 0:
            missing.append(each)
        else:
            at = found + len(each)
    return missing


def figures_of(document):
    """Return the figures of a document in the order in which they are printed: line by line, then the sums."""
    currency = document["currency"]
    has_tax = any(Decimal(line["taxRate"]) for line in document["items"])
    found = []
    for number, line in enumerate(document["items"], 1):
        found += [str(number), line["description"], plain(line["quantity"]), price(line["unitPrice"], currency)]
        found.append(figure(line["amount"], currency))
        if has_tax:
            taxed = [figure(line["taxAmount"], currency), percent(line["taxRate"])]
            found += [*taxed, figure(line["totalAmount"], currency)]
    if Decimal(document["taxTotal"]):
        found += [figure(document["subTotal"], currency), figure(document["taxTotal"], currency)]
    return [*found, figure(document["totalAmount"], currency)]


lines = st.lists(
    st.builds(
        Line,
        st.just("Goods"),
        st.decimals("0.001", "9999.999", places=3),
        st.decimals("0", "99999.9999", places=4),
        st.sampled_from([Decimal(rate) for rate in ("0", "5", "12.5", "18", "28")]),
        st.sampled_from([None, "9983", "52081900"]),
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.thorough
@settings(max_examples=40, deadline=None)
@given(lines, st.sampled_from(["INR", "INR", "USD", "JPY", "KWD"]))
def test_every_figure_of_the_resource_is_printed(items, currency):
    priced = price_lines(items, currency)
    names = {
        "sub_total": "subTotal",
        "tax_total": "taxTotal",
        "total_amount": "totalAmount",
        "balance_due": "balanceDue",
    }
    amounts = {names[name]: str(value) for name, value in priced.items() if name in names}
    entries = json.loads(msgspec.json.encode(priced["items"]))
    body = resource_json(items=entries, currency=currency, **amounts)

    assert shown(figures_of(json.loads(body)), pdf_of(body).text) == []


def test_two_hundred_lines_have_heads_and_numbers_on_every_page():
    line = json.loads(resource_json())["items"][0]
    body = resource_json(items=[{**line, "description": f"Goods {number} of 200"} for number in range(1, 201)])
    pdf = pdf_of(body)

    assert len(pdf.pages) > 5
    for number, page in enumerate(pdf.pages, 1):
        assert f"Page {number} of {len(pdf.pages)}" in page and "INV-2026-27-0001" in page
    assert all("Description Qty Unit price" in page for page in pdf.pages if " of 200" in page)
    assert shown(figures_of(json.loads(body)), pdf.text) == []


def test_the_longest_figures_stand_apart():
    amount = "999999999999999.99"
    line = {**json.loads(resource_json())["items"][0], "quantity": "999999999999.999", "unitPrice": "999999999999.9999"}
    line |= {
        "amount": amount,
        "taxAmount": amount,
        "totalAmount": amount,
        "description": "W" * 500,
        "taxRate": "99.999",
    }
    body = resource_json(items=[line] * 3, subTotal=amount, taxTotal=amount, totalAmount=amount)

    assert content_of("invoice", body, ISSUER)["isWide"]
    text = pdf_of(body).text
    assert text.count("99,99,99,99,99,99,999.99 ") >= 9


def test_a_text_is_no_markup():
    text = pdf_of(resource_json(clientName=MARKUP, notes=f"{MARKUP}\nsecond line", clientId="x")).text
    assert text.count(MARKUP) == 2 and "second line" in text


def test_scripts_of_india_are_shaped():
    names = ("कृष्ण ट्रेडर्स", "தமிழ்நாடு மின் வாரியம்", "శ్రీ వెంకటేశ్వర", "শ্রী এন্টারপ্রাইজ")
    for name in names:
        text = pdf_of(resource_json(clientName=name)).text
        assert "".join(name.split()) in "".join(text.split()), (name, text)


@pytest.mark.parametrize("name", ["શ્રી કૃષ્ણ", "ਸ਼੍ਰੀ ਗੁਰੂ", "ಶ್ರೀ ಕೃಷ್ಣ", "ശ്രീ കൃഷ്ണ", "ଶ୍ରୀ କୃଷ୍ଣ"])
def test_scripts_of_own_fonts_have_every_character(name):
    text = pdf_of(resource_json(clientName=name)).text
    assert MISSING not in text and name.split()[0] in text  # pypdf repeats letters of the second word


@pytest.mark.parametrize("text", UNPRINTABLE)
def test_a_character_that_no_font_has_is_shown_as_missing(text):
    pdf = pdf_of(resource_json(clientName=f"Acme {text} Ltd"))
    assert "Acme" in pdf.text and "Ltd" in pdf.text
    assert MISSING in pdf.text or not text.isprintable() or text == "aி"


@pytest.mark.thorough
@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_printed(text):
    assert pdf_of(resource_json(clientName=text, notes=text, clientId="c")).title == "Invoice INV-2026-27-0001"


def test_an_erased_invoice_says_so():
    line = {**json.loads(resource_json())["items"][0], "description": None}
    text = pdf_of(resource_json(clientName=None, items=[line])).text
    assert "(erased)" in text and "acme" in text


def test_upi_is_offered_while_somebody_owes_rupees():
    issuer = Issuer(name="Asha Traders", upi_id="asha@okbank", bank="HDFC Bank 1234")
    with_upi = {"UPI: asha@okbank", "HDFC Bank 1234"}
    cases = [({}, with_upi), ({"currency": "USD"}, {"HDFC Bank 1234"})]
    cases += [(changes, set()) for changes in ({"balanceDue": "0.00"}, {"status": "draft"}, {"status": "void"})]
    for changes, expected in cases:
        text = pdf_of(resource_json(**changes), issuer).text
        assert {each for each in with_upi if each in text} == expected


def test_every_currency_is_printed_with_its_places():
    for currency, places in MINOR_UNITS.items():
        body = resource_json(currency=currency, totalAmount=f"{Decimal('1234.1234'):.{places}f}")
        assert content_of("invoice", body, ISSUER)["totals"][-1][1].partition(".")[2] == "1234"[:places]
