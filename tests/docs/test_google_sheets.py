"""The script of the guide to Google Sheets, in Node.js: Google's services are stand-ins, the requests are real."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import timedelta

import pytest

from api.docs.guides import guides
from api.pages.markdown import parser
from api.samples.placeholders import today
from tests.architecture.tree import ROOT
from tests.support.command_line import environment
from tests.support.scenarios import draft_invoice, paid_invoice

GUIDE = next(guide for guide in guides() if guide.slug == "google-sheets")
(CODE,) = [token.content for token in parser().parse(GUIDE.markdown) if token.info == "gs"]
TODAY = today()


@pytest.fixture
def script(organization):
    """Return a function that calls functions of the script, one after the other, on the same spreadsheet."""
    if missing := [program for program in ("node", "curl") if shutil.which(program) is None]:
        pytest.skip(f"not installed here: {', '.join(missing)}")
    kept = {"properties": {"SD_URL": organization.url, "SD_KEY": organization.new_key().raw}, "sheets": {}}

    def call(*calls, **sheets):
        kept["sheets"].update(sheets)
        ran = subprocess.run(
            ["node", ROOT / "tests/support/apps_script.mjs"],
            input=json.dumps({"code": CODE, "calls": calls, **kept}),
            env=environment(no_proxy="*"), capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        result = json.loads(ran.stdout)
        kept["properties"], kept["sheets"] = result["properties"], result["sheets"]
        return result

    return call


def new_row(order, number=""):
    """A row of the sheet New. A cell with a date has its midnight in India."""
    dates = [f"date:{day.isoformat()}T00:00:00+05:30" for day in (TODAY, TODAY + timedelta(days=30))]
    return [order, "acme-traders", "Acme Traders", *dates, "Consulting", 20, 3500, 18, number]


def test_the_menu_calls_functions_of_the_script(script):
    assert script("onOpen")["menu"] == ["listInvoices", "draftInvoices", "collectPayments"]


def test_it_lists_all_invoices_page_by_page_and_again_instead_of_twice(script, api):
    numbers = {draft_invoice(api)["invoiceNumber"] for _ in range(101)}
    script("listInvoices")
    head, *rows = script("listInvoices")["sheets"]["Invoices"]
    assert head == ["Number", "Client", "Date", "Due", "Status", "Total", "Balance", "Currency"]
    assert {row[0] for row in rows} == numbers and len(rows) == 101
    assert rows[0][4:] == ["draft", 82600, 82600, "INR"]


def test_it_drafts_an_invoice_for_each_row_without_a_number(script, api):
    script("draftInvoices")
    head, *_ = script()["sheets"]["New"]
    done = script("draftInvoices", New=[head, new_row("1207"), new_row("1208", "INV-1"), new_row("")])["sheets"]["New"]
    (invoice,) = api.read("invoices")
    assert [row[-1] for row in done[1:]] == [invoice["invoiceNumber"], "INV-1", ""]
    assert (invoice["totalAmount"], invoice["invoiceDate"]) == ("82600.00", TODAY.isoformat())


def test_an_order_whose_number_was_not_written_is_not_billed_twice(script, api):
    first = script("draftInvoices", New=[["Order"], new_row("1207")])["sheets"]["New"][1][-1]
    again = script("draftInvoices", New=[["Order"], new_row("1207")])["sheets"]["New"][1][-1]
    assert first == again
    assert len(api.read("invoices")) == 1


def test_a_refusal_shows_each_wrong_field(script):
    row = new_row("1209")
    row[6] = -1
    error = script("draftInvoices", New=[["Order"], row])["error"]
    assert "items[0].quantity must be" in error


def test_it_adds_each_payment_once(script, api):
    invoice = paid_invoice(api)
    script("collectPayments")
    head, *rows = script("collectPayments")["sheets"]["Payments"]
    assert head[1:] == ["Number", "Client", "Amount", "Currency"]
    assert [row[1:] for row in rows] == [[invoice["invoiceNumber"], invoice["clientName"], 82600, "INR"]]
