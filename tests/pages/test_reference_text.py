"""The API reference without a script: on `/docs` until the interactive one comes, and on the page of each operation."""

import gzip
import re

import httpx
import pytest

from tests.support.axe import faults, in_both_schemes, needs_axe
from tests.support.openapi import build_document, operations

OPERATIONS = operations(build_document())
MAX_BYTES = 60_000
"""The most bytes of the compressed HTML and styles of a page: 0.3 seconds at 1.6 Mbit/s."""


def all_titles_are_there(page):
    titles = page.get_by_role("main").get_by_role("heading", level=3).all_inner_texts()
    return {operation["summary"] for _, _, operation in OPERATIONS.values()} <= set(titles)


def test_without_javascript_it_lists_all_operations_with_links(page_without_scripts, service):
    page_without_scripts.goto(f"{service.url}/docs")

    assert all_titles_are_there(page_without_scripts)
    page_without_scripts.get_by_role("link", name="Draft an invoice").click()
    assert page_without_scripts.get_by_role("heading", level=1).inner_text() == "Draft an invoice"


def test_without_javascript_an_address_of_the_interactive_reference_leads_to_its_operation(
    page_without_scripts, service
):
    page_without_scripts.goto(f"{service.url}/docs#tag/leaves/PATCH/leaves/{{id}}")

    assert page_without_scripts.locator("li:target h3").inner_text().startswith("Change, approve, deny")


def test_without_javascript_another_language_is_chosen_by_keyboard(page_without_scripts, service):
    page_without_scripts.goto(f"{service.url}/docs/operations/createInvoice")
    assert page_without_scripts.get_by_text("curl -sS").is_visible()

    page_without_scripts.get_by_role("radio", name="curl").focus()
    page_without_scripts.keyboard.press("ArrowRight")

    assert page_without_scripts.get_by_text("urlopen(request)").first.is_visible()
    assert not page_without_scripts.get_by_text("curl -sS").is_visible()


def test_the_text_stays_when_the_script_of_the_reference_does_not_come(without_scalar, service):
    without_scalar.goto(f"{service.url}/docs")

    assert all_titles_are_there(without_scalar)


@pytest.mark.parametrize("path", ["/docs", "/docs/operations/createInvoice"])
def test_html_and_styles_are_small(path, service):
    with httpx.Client(base_url=service.url, trust_env=False) as client:
        html = client.get(path).text
        styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)
        sizes = [len(gzip.compress(text.encode())) for text in (html, *(client.get(each).text for each in styles))]

    assert sum(sizes) <= MAX_BYTES


@needs_axe
@pytest.mark.parametrize("path", ["/docs/operations/updateInvoice", "/docs/operations/askAssistant"])
def test_anyone_can_use_the_text(path, without_scalar, service, foreign_requests):
    without_scalar.goto(f"{service.url}{path}")

    assert in_both_schemes(faults, without_scalar) == []
    assert foreign_requests == []


@pytest.mark.parametrize("path", ["/docs", "/docs/operations/recordInvoicePayment"])
def test_nothing_is_wider_than_a_phone(path, without_scalar, service):
    without_scalar.set_viewport_size({"width": 390, "height": 844})
    without_scalar.goto(f"{service.url}{path}")

    assert without_scalar.evaluate("() => document.documentElement.scrollWidth") <= 390
