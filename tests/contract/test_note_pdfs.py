"""The PDFs of credit notes and debit notes: every figure is that of the JSON, and rule 53 finds what it wants."""

from decimal import Decimal

import pytest

from infra.identity.settings import update_organization
from infra.reads.objects.pdf.content.figures import day, figure, money, percent, plain
from infra.reads.objects.pdf.content.words import amount_in_words
from tests.infra.reads.pdf.test_layout import shown
from tests.support.client import error_of
from tests.support.gst import gstin
from tests.support.pdf import read_pdf
from tests.support.scenarios import draft_invoice, paid_invoice, sent_invoice
from tests.support.waiting import wait_until

TAXES = ("cgst", "sgst", "igst")
LINES = [
    {"description": "Cotton cloth", "quantity": 7, "unitPrice": "33.33", "taxRate": 5, "hsnSac": "5208"},
    {"description": "Stitching", "quantity": 1, "unitPrice": "1000.10", "taxRate": 18, "hsnSac": "9988"},
]
TWO_LINES = [{"lineNumber": 1, "quantity": 2}, {"lineNumber": 2, "amount": "59.00"}]


@pytest.fixture
def under_gst(api, owner, organization):
    """The function that returns a sent tax invoice to a client of a state."""
    profile = {"legal_name": "Sharma Textiles Private Limited", "gstin": gstin("27"), "address": "12 MG Road\nPune"}
    update_organization(owner, organization.id, **profile, upi_id="sharma@okbank")

    def send(state, **changes):
        body = {"name": "Acme Traders", "roles": ["client"], "gstin": gstin(state), "address": "7 Hosur Road"}
        party = api.create("parties", body)
        return sent_invoice(api, clientId=party["id"], clientName=None, items=LINES, **changes)

    return send


def issued(api, path, invoice, **body):
    note = api.create(path, {"invoiceId": invoice["id"], "reason": "Two were damaged", **body})
    return api.update(f"{path}/{note['id']}", {"status": "issued"})


def get_pdf(api, path, note, **params):
    """Return the response with the PDF. On a busy machine, the first one is refused: the printing process starts."""
    return wait_until(lambda: _unless_late(api.get(f"{path}/{note['id']}/pdf", params=params)))


def _unless_late(response):
    return None if response.status_code == 503 else response


def text_of(api, path, note):
    response = get_pdf(api, path, note)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/pdf")
    return read_pdf(response.content).text


def charged(note, name):
    return any(Decimal(line.get(name, 0)) for line in note["items"])


def figures_of(note):
    """Return the figures of a note in the order in which they are printed: line by line, the sums, the total."""
    currency, found = note["currency"], []
    for number, line in enumerate(note["items"], 1):
        found += [str(number), line["description"]]
        found += [plain(line["quantity"])] if "quantity" in line else []
        found += [figure(line["taxableAmount"], currency)] if charged(note, "taxableAmount") else []
        for name in (name for name in TAXES if charged(note, name)):
            rate = Decimal(line["taxRate"]) / (1 if name == "igst" else 2)
            found += [figure(line[name], currency), percent(rate)]
        if "supplyType" not in note and charged(note, "taxAmount"):
            found += [figure(line["taxAmount"], currency), percent(line["taxRate"])]
        found += [figure(line["untaxedAmount"], currency)] if "untaxedAmount" in line else []
        found.append(figure(line["totalAmount"], currency))
    taxes = TAXES if "supplyType" in note else ("taxTotal",)
    sums = [name for name in (*taxes, "untaxedAmount", "roundOff") if Decimal(note.get(name, 0))]
    value = ["taxableAmount"] if sums and charged(note, "taxableAmount") else []
    found += [figure(note[name], currency) for name in value + sums]
    return [*found, money(note["totalAmount"], currency).replace("\u00a0", " ")]


def check(api, path, note):
    text = text_of(api, path, note)
    assert shown(figures_of(note), text.replace("HSN/SAC ", "")) == []
    assert amount_in_words(Decimal(note["totalAmount"]), note["currency"]) in text.replace("- ", "-")
    for each in (note["number"], day(note["date"]), note["invoiceNumber"], day(note["invoiceDate"]), note["reason"]):
        assert each in text
    return text


@pytest.mark.parametrize("state", ["27", "29"])
@pytest.mark.parametrize(
    ("path", "title", "body"),
    [
        ("credit-notes", "Credit Note", {}),
        (
            "credit-notes",
            "Credit Note",
            {"items": [{"lineNumber": 1, "quantity": 2}, {"lineNumber": 2, "amount": "59.00"}]},
        ),
        ("credit-notes", "Credit Note", {"amount": "100.01"}),
        ("credit-notes", "Credit Note", {"amount": "100.01", "taxAdjustment": False}),
        ("debit-notes", "Debit Note", {"items": [{"lineNumber": 1, "quantity": 2}]}),
        ("debit-notes", "Debit Note", {"amount": "100.01"}),
    ],
)
def test_every_figure_is_that_of_the_note(api, under_gst, state, path, title, body):
    note = issued(api, path, under_gst(state, roundOff="nearest"), **body)
    text = check(api, path, note)
    for each in (title, "Sharma Textiles Private Limited", gstin("27"), "Acme Traders", gstin(state), "7 Hosur Road"):
        assert each in text
    assert "sharma@okbank" not in text
    assert ("the tax of the invoice stays as it is" in text) == (not note["taxAdjustment"])


def test_a_note_without_gst_has_one_tax(api):
    text = check(
        api, "credit-notes", issued(api, "credit-notes", sent_invoice(api), items=[{"lineNumber": 1, "quantity": 2}])
    )
    assert "1,260.00 18%" in text and "CGST" not in text


def test_reverse_charge_is_said(api, under_gst):
    text = check(api, "credit-notes", issued(api, "credit-notes", under_gst("27", reverseCharge=True)))
    assert "Tax is payable on reverse charge basis" in text


def test_what_is_to_be_refunded_is_said(api):
    paid = paid_invoice(api)
    note = issued(api, "credit-notes", paid, amount="1000.00")
    assert "To be refunded ₹1,000.00" in check(api, "credit-notes", note)
    api.create(f"credit-notes/{note['id']}/refunds", {"amount": "400.00"})
    assert "Refunded −400.00 To be refunded ₹600.00" in text_of(api, "credit-notes", note)


def test_a_draft_has_no_number_and_is_marked(api):
    invoice = sent_invoice(api)
    note = api.create("debit-notes", {"invoiceId": invoice["id"], "reason": "More", "amount": "10.00"})
    response = get_pdf(api, "debit-notes", note)
    assert response.headers["Content-Disposition"] == 'attachment; filename="draft.pdf"'
    assert "DRAFT" in read_pdf(response.content).text
    note = api.update(f"debit-notes/{note['id']}", {"status": "issued"})
    name = get_pdf(api, "debit-notes", note).headers["Content-Disposition"]
    assert name == f'attachment; filename="{note["number"]}.pdf"'
    api.update(f"debit-notes/{note['id']}", {"status": "void"})
    assert "VOID" in text_of(api, "debit-notes", note)
    before = get_pdf(api, "debit-notes", note, version=note["version"])
    assert "VOID" not in read_pdf(before.content).text


def test_an_issued_note_is_printed_once(api):
    note = issued(api, "credit-notes", sent_invoice(api), amount="10.00")
    first, again = (get_pdf(api, "credit-notes", note) for _ in range(2))
    assert first.content == again.content and first.headers["ETag"] == again.headers["ETag"]


def test_refusals(api):
    error_of(api.get("credit-notes/cn_none/pdf"), 404, "not_found")
    error_of(api.get(f"debit-notes/{draft_invoice(api)['id']}/pdf"), 404, "not_found")
    error_of(api.get("vendor-credits/vc_none/pdf"), 404, "not_found")
