"""The button for the PDF of an invoice: what it downloads, in each version, and who may."""

import pytest

from tests.support.pdf import read_pdf
from tests.support.scenarios import draft_bill, draft_invoice, pending_leave, sent_invoice


def test_the_button_leads_to_the_pdf_of_the_version_that_the_page_shows(api, console):
    invoice = draft_invoice(api, clientName="Acme Traders")
    api.update(f"invoices/{invoice['id']}", {"clientName": "Zenith"})
    browser = console("viewer")
    for query, name in (("", "Zenith"), ("?version=1", "Acme Traders")):
        path = f"/home/invoices/{invoice['id']}"
        assert f'href="{path}/pdf{query}">Download PDF</a>' in browser.get(f"{path}{query}").text
        response = browser.get(f"{path}/pdf{query}")
        assert response.headers["Content-Disposition"] == f'attachment; filename="{invoice["invoiceNumber"]}.pdf"'
        assert name in read_pdf(response.content).text


def test_it_is_the_file_that_the_api_sends(api, console):
    sent = sent_invoice(api)
    assert (
        console("viewer").get(f"/home/invoices/{sent['id']}/pdf").content
        == api.get(f"invoices/{sent['id']}/pdf").content
    )


@pytest.mark.parametrize(("path", "make"), [("bills", draft_bill), ("leaves", pending_leave)])
def test_bills_and_leaves_have_none(api, console, path, make):
    page = f"/home/{path}/{make(api)['id']}"
    assert "Download PDF" not in console().get(page).text
    assert console().get(f"{page}/pdf").status_code == 404


def test_who_may_not_see_invoices_gets_none(api, console):
    assert console("hr").get(f"/home/invoices/{sent_invoice(api)['id']}/pdf").status_code == 403
