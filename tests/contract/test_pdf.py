"""The PDF of an invoice over HTTP: what a client gets, when it is another file, and what is kept of it."""

import pytest

from infra.identity.settings import update_organization
from infra.postgres.database import set_organization
from tests.support.client import error_of
from tests.support.gst import gstin
from tests.support.pdf import read_pdf
from tests.support.scenarios import INVOICES, draft_invoice, open_bill, pay_invoice, sent_invoice

COUNT = "SELECT version, content_hash = sha256(content) FROM pdf_files WHERE object_id = %s ORDER BY version"


def get_pdf(api, invoice, status=200, headers=None, **params):
    response = api.get(f"invoices/{invoice['id']}/pdf", params=params, headers=headers)
    assert response.status_code == status
    return response


def kept_versions(owner, organization, invoice):
    with owner.transaction():
        owner.execute(set_organization(organization.id))
        return owner.execute(COUNT, (invoice["id"],)).fetchall()


@pytest.mark.parametrize("status", INVOICES)
def test_an_invoice_in_every_status_has_a_pdf(api, status):
    invoice = INVOICES[status](api)

    response = get_pdf(api, invoice)

    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{invoice["invoiceNumber"]}.pdf"'
    pdf = read_pdf(response.content)
    assert ("DRAFT" in pdf.text, "VOID" in pdf.text) == (status == "draft", status == "void")
    assert invoice["invoiceNumber"] in pdf.text and "₹82,600.00" in pdf.text
    assert "Rupees Eighty-Two Thousand Six Hundred Only" in pdf.text
    assert pdf.title == f"Invoice {invoice['invoiceNumber']}"
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in pdf.metadata


def test_a_sent_invoice_is_printed_once_for_each_version(api, owner, organization):
    sent = sent_invoice(api)
    first, again = get_pdf(api, sent), get_pdf(api, sent)
    paid = pay_invoice(api, sent, "600.00")
    later, earlier = get_pdf(api, paid), get_pdf(api, paid, version=sent["version"])

    assert first.content == again.content == earlier.content != later.content
    assert first.headers["ETag"] == earlier.headers["ETag"] != later.headers["ETag"]
    assert "Balance due ₹82,000.00" in read_pdf(later.content).text
    assert "Balance due" not in read_pdf(first.content).text
    assert kept_versions(owner, organization, sent) == [(sent["version"], True), (paid["version"], True)]


def test_a_kept_file_is_sent_although_it_would_be_printed_in_another_way_now(api, owner, organization):
    sent = sent_invoice(api)
    before = get_pdf(api, sent)
    owner.execute("UPDATE organizations SET name = 'Renamed' WHERE org_id = %s", (organization.id,))

    assert get_pdf(api, sent).content == before.content
    assert "Renamed" in read_pdf(get_pdf(api, draft_invoice(api)).content).text


def test_a_sent_invoice_says_how_to_pay_now_and_who_has_supplied_then(api, owner, organization):
    first_bank = {"upi_id": "sharma@okbank", "bank_line": "HDFC Bank 50200012345678"}
    update_organization(owner, organization.id, legal_name="Sharma Textiles", **first_bank)
    sent = sent_invoice(api)
    first = get_pdf(api, sent)
    update_organization(owner, organization.id, legal_name="Renamed", upi_id="new@okbank", bank_line="SBI 12345")

    second = get_pdf(api, sent)
    text = read_pdf(second.content).text
    assert "UPI: new@okbank" in text and "SBI 12345" in text and "Sharma Textiles" in text
    assert not any(each in text for each in ("sharma@okbank", "HDFC", "Renamed"))
    assert second.headers["ETag"] != first.headers["ETag"]
    assert get_pdf(api, sent).content == second.content
    update_organization(owner, organization.id, **first_bank)
    assert get_pdf(api, sent).content == first.content


def test_a_file_that_names_no_way_to_pay_stays(api, owner, organization):
    update_organization(owner, organization.id, upi_id="sharma@okbank")
    paid = pay_invoice(api, sent_invoice(api), "82600.00")
    before = get_pdf(api, paid)
    update_organization(owner, organization.id, upi_id="new@okbank")

    assert get_pdf(api, paid).content == before.content


def test_a_draft_is_printed_anew_and_is_not_kept(api, owner, organization):
    draft = draft_invoice(api)
    first = get_pdf(api, draft)
    changed = api.update(f"invoices/{draft['id']}", {"clientName": "Zenith"})

    assert get_pdf(api, draft, version=1).content == first.content
    assert "Zenith" in read_pdf(get_pdf(api, changed).content).text
    assert kept_versions(owner, organization, draft) == []


def test_an_etag_saves_the_file(api):
    sent = sent_invoice(api)
    etag = get_pdf(api, sent).headers["ETag"]

    unchanged = get_pdf(api, sent, status=304, headers={"If-None-Match": f'"other", W/{etag}'})
    assert (unchanged.content, unchanged.headers["ETag"]) == (b"", etag)
    assert get_pdf(api, sent, headers={"If-None-Match": '"other"'}).content.startswith(b"%PDF")
    head = api.head(f"invoices/{sent['id']}/pdf")
    assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", etag)
    assert int(head.headers["Content-Length"]) == len(get_pdf(api, sent).content)


def test_a_file_of_test_mode_says_so(sibling):
    assert "TEST" in read_pdf(get_pdf(sibling.api(), sent_invoice(sibling.api())).content).text


def test_the_name_of_the_file_has_no_path(api):
    invoice = draft_invoice(api, invoiceNumber="A/7-B")
    assert get_pdf(api, invoice).headers["Content-Disposition"] == 'attachment; filename="A-7-B.pdf"'


def test_a_pdf_costs_a_credit_and_needs_the_scope_that_reads(organization):
    invoice = sent_invoice(organization.api())
    reader, other = organization.api(scopes=["billing:read"]), organization.api(scopes=["leaves:read"])

    used = [int(get_pdf(reader, invoice).headers["X-RateLimit-Remaining"]) for _ in range(2)]
    assert used[0] - used[1] == 1
    error_of(other.get(f"invoices/{invoice['id']}/pdf"), 403, "insufficient_scope")


def test_refusals(api, other_organization):
    sent = sent_invoice(api)
    error_of(api.get("invoices/inv_none/pdf"), 404, "not_found")
    error_of(api.get(f"bills/{open_bill(api)['id']}/pdf"), 404, "not_found")
    error_of(other_organization.api().get(f"invoices/{sent['id']}/pdf"), 404, "not_found")
    error_of(api.get(f"invoices/{sent['id']}/pdf", params={"version": 9}), 400, "invalid_parameter")
    error_of(api.get(f"invoices/{sent['id']}/pdf", params={"page": 1}), 400, "unknown_parameter")
    error_of(api.post(f"invoices/{sent['id']}/pdf", json={}), 405, "method_not_allowed")


def test_a_tax_invoice_has_both_sides_and_its_taxes_over_http(api, owner, organization):
    profile = {
        "legal_name": "Sharma Textiles Private Limited",
        "gstin": gstin("27"),
        "address": "12 MG Road\nPune 411001",
    }
    update_organization(owner, organization.id, **profile, upi_id="sharma@okbank", bank_line="HDFC Bank 50200012345678")
    body = {"name": "Acme Traders", "gstTreatment": "registered", "gstin": gstin("29"), "address": "7 Hosur Road"}
    party = api.create("parties", body | {"roles": ["client"]})
    sent = sent_invoice(api, clientId=party["id"], clientName=None, roundOff="nearest")

    text = read_pdf(get_pdf(api, sent).content).text

    names = ("cgst", "sgst", "igst")
    assert {name: sent[name] for name in names} == {"cgst": "0.00", "sgst": "0.00", "igst": "12600.00"}
    for each in (
        "Tax Invoice",
        "Sharma Textiles Private Limited",
        gstin("27"),
        gstin("29"),
        "Pune 411001",
        "Acme Traders",
    ):
        assert each in text
    for each in ("Place of supply Karnataka (29)", "Reverse charge No", "12,600.00 18%", "Total ₹82,600.00"):
        assert each in text
    assert "UPI: sharma@okbank" in text and "HDFC Bank 50200012345678" in text
