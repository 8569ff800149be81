"""The page of the search and its suggestions, over HTTP."""

import httpx
import pytest


@pytest.fixture(scope="module")
def served(service):
    with httpx.Client(base_url=service.url, trust_env=False) as client:
        yield client


@pytest.mark.parametrize("path", ["/docs/search", "/docs/search/suggestions"])
def test_the_results_are_links_and_the_last_one_asks_the_assistant(served, path):
    html = served.get(path, params={"q": "webhook & more"}).text
    lines = html.split("</main>")[0].splitlines()
    links = [line for line in lines if "/docs/guides/" in line or "/assistant?" in line]
    assert 'href="/docs/guides/receiving-webhooks' in links[0]
    assert 'href="/assistant?question=webhook%20%26%20more"' in links[-1]
    assert "webhook &amp; more" in links[-1]


def test_a_search_that_finds_nothing_says_so_and_leads_on(served):
    html = served.get("/docs/search", params={"q": "salesforce"}).text
    assert "Nothing found for “<bdi>salesforce</bdi>”" in html
    assert 'href="/docs/guides"' in html and 'href="/assistant?question=salesforce"' in html


def test_suggestions_say_first_that_nothing_was_found(served):
    html = served.get("/docs/search/suggestions", params={"q": "salesforce"}).text
    assert html.index("Nothing found for “<bdi>salesforce</bdi>”") < html.index("/assistant?question=salesforce")
    assert "Nothing found" not in served.get("/docs/search/suggestions", params={"q": "webhook"}).text


def test_without_a_search_the_page_is_an_empty_form(served):
    html = served.get("/docs/search").text
    assert 'name="q" type="search" value=""' in html and "result" not in html.split("<main")[1].split("</form>")[1]


def test_what_was_searched_for_is_text_and_no_markup(served):
    for path in ("/docs/search", "/docs/search/suggestions"):
        assert "<script>alert" not in served.get(path, params={"q": "<script>alert(1)</script>"}).text


def test_a_long_search_is_cut_off(served):
    html = served.get("/docs/search", params={"q": "invoice " * 400}).text
    assert "invoice " * 400 not in html and "results for" in html


def test_the_assistants_page_has_the_question_of_its_address(served):
    html = served.get("/assistant", params={"question": "rate <limit>"}).text
    assert "rate &lt;limit&gt;" in html


def test_a_search_is_kept_by_the_browser_for_a_while(served):
    first = served.get("/docs/search/suggestions", params={"q": "webhook"})
    assert "max-age" in first.headers["Cache-Control"]
    again = served.get("/docs/search/suggestions?q=webhook", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_every_section_that_can_be_found_is_on_its_page(served, entries):
    sections = {tuple(entry.path.split("#")) for entry in entries if "#" in entry.path}
    texts = {page: served.get(page).text for page, _ in sections}
    assert [section for section in sections if f'id="{section[1]}"' not in texts[section[0]]] == []
