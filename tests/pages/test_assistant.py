"""`/assistant`, in a browser that can reach only this server."""

import re

import falcon.testing
import httpx
import pytest
from playwright.sync_api import expect

from api.app import RESOURCE_TYPES
from api.assistant.knowledge.library import Library
from api.assistant.page import AssistantPage
from api.assistant.service import AssistantService
from api.docs.guides import guide_sources
from api.pages.factory import PageFactory
from api.ports.assistant import AssistantPorts
from api.resources import BASE
from commands.unit_of_work import Unavailable
from tests.support.openapi import build_document

PAID = "how do I mark an invoice as paid?"


@pytest.fixture
def chat(browser_page, service):
    """The page."""
    browser_page.goto(f"{service.url}/assistant")
    return browser_page


def asked(page, question):
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator(".answered:not([aria-busy])").last.wait_for()
    return page.locator(".answered").last


def test_a_question_is_answered_with_a_sample_and_its_sources(chat, foreign_requests, console_errors):
    reply = asked(chat, PAID)
    assert "POST /api/v1/invoices/{id}/payments" in reply.inner_text()
    assert reply.get_by_role("button", name="Copy").count() >= 1
    link = reply.locator(".sources a").first
    assert link.get_attribute("href") == "/docs#tag/invoices/POST/invoices/{id}/payments"
    assert foreign_requests == []
    assert console_errors == []


def test_the_enter_key_sends_a_question_and_so_does_a_suggestion(chat):
    chat.get_by_label("Your question").fill("rate limit")
    chat.get_by_label("Your question").press("Enter")
    chat.locator(".answered:not([aria-busy])").first.wait_for()
    suggestion = chat.locator(".answered .suggestions button").first
    words = suggestion.inner_text()
    suggestion.click()
    chat.locator(".asked h2").nth(1).wait_for()
    assert chat.locator(".asked h2").nth(1).inner_text() == words


def test_samples_are_in_the_chosen_language(chat):
    chat.get_by_label("Code in").select_option("python")
    assert "from urllib.request import" in asked(chat, PAID).inner_text()


def test_html_in_a_question_is_shown_as_text(chat, console_errors):
    asked(chat, "<img src=x onerror=alert(1)> <b>bold</b>")
    assert chat.locator(".asked img, .asked b, .answered img").count() == 0
    assert console_errors == []


def test_the_chat_works_without_javascript(page_without_scripts, service):
    page = page_without_scripts
    page.goto(f"{service.url}/assistant")
    page.get_by_label("Your question").fill(PAID)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".answered")).to_contain_text("POST /api/v1/invoices/{id}/payments")
    page.locator(".answered .suggestions button").first.click()
    expect(page.locator(".asked h2")).to_contain_text("How do I")


def test_a_thread_goes_on_and_is_shown_again_after_a_reload(chat):
    asked(chat, "list open bills")
    asked(chat, "only from Acme")
    expect(chat.locator(".answered").nth(1)).to_contain_text("status=open&search=Acme")
    expect(chat.get_by_label("Your question")).to_be_focused()
    chat.reload()
    expect(chat.locator(".asked h2")).to_have_text(["list open bills", "only from Acme"])
    chat.get_by_role("button", name="New thread").click()
    expect(chat.locator(".asked")).to_have_count(0)


def test_a_key_is_neither_shown_nor_kept(chat):
    asked(chat, "does sd_live_abcDEF1234567890 work?")
    assert "abcDEF" not in chat.content() + chat.evaluate("JSON.stringify(sessionStorage)")


def test_a_thread_goes_on_without_javascript(page_without_scripts, service):
    page = page_without_scripts
    page.goto(f"{service.url}/assistant")
    for question in ("list open bills", "only from Acme"):
        page.get_by_label("Your question").fill(question)
        page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".answered")).to_contain_text("status=open&search=Acme")
    expect(page.locator(".thread")).to_contain_text("list open bills")


@pytest.mark.parametrize("width", [360, 1280])
def test_an_answer_fits_the_screen(browser_page, service, width):
    browser_page.set_viewport_size({"width": width, "height": 800})
    browser_page.goto(f"{service.url}/assistant")
    asked(browser_page, PAID)
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= width


def test_its_policy_allows_no_inline_code_and_no_other_site(service):
    for path in ("/assistant", "/assistant/panel"):
        policy = httpx.get(f"{service.url}{path}", trust_env=False).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy and "http" not in policy


@pytest.mark.parametrize(
    "body", [{}, {"question": ""}, {"question": "x" * 2001}, {"question": "x", "language": "cobol"}]
)
def test_an_invalid_question_has_a_message_that_says_what_to_send(service, body):
    response = httpx.post(f"{service.url}/assistant", data=body, trust_env=False)
    assert response.status_code == 422
    assert re.search('role="alert">[^<]+1 to 2000', response.text)


class Away:
    """An index and a rate limit whose database cannot be reached."""

    def wait(self, address):
        raise Unavailable

    def unknown(self, edition, words):
        raise Unavailable

    def search(self, edition, terms, limit):
        raise Unavailable


class Patient:
    """A rate limit that accepts every question."""

    def wait(self, address):
        return 0.0


@pytest.mark.parametrize("rate_limit", [Away(), Patient()])
@pytest.mark.parametrize("accept", ["text/html", "text/event-stream"])
def test_without_the_database_the_page_has_a_message_and_the_stream_an_event(rate_limit, accept):
    ports = AssistantPorts(Away(), rate_limit)
    library = Library(build_document(), guide_sources(), BASE, RESOURCE_TYPES)
    service = AssistantService(ports, lambda: library)
    app = falcon.App()
    app.add_route(
        "/assistant",
        AssistantPage(
            PageFactory(),
            "assistant/chat.html",
            ports,
            service,
            lambda req: "http://localhost",
            lambda req: "192.0.2.1",
        ),
    )
    response = falcon.testing.TestClient(app).simulate_post(
        "/assistant",
        body="question=rate+limit",
        headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": accept},
    )
    assert "cannot reach its database" in response.text
    if accept == "text/html":
        assert response.status_code == 503 and response.headers["Retry-After"] == "2"
        assert ">rate limit</textarea>" in response.text
