"""The guides as pages and as Markdown, their sections, and one section for each error code."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import falcon
import falcon.testing
import httpx
import pytest

from api.docs.guides import GROUPS, guides
from api.http.errors.codes import CODES
from api.http.origin import origin_of
from api.pages.factory import PageFactory
from api.samples.placeholders import fill
from tests.support.cases import all_cases
from tests.support.guide_blocks import answers, differences, read
from tests.support.openapi import build_document, operations

FOLDER = Path(__file__).parents[2] / "docs" / "guides"
STATUS = {code: status for status, codes in CODES.items() for code in codes}
ERRORS = {section.anchor: section for guide in guides() if guide.slug == "errors" for section in guide.sections}


@pytest.fixture(scope="module")
def served(service):
    with httpx.Client(base_url=service.url, trust_env=False) as client:
        yield client


def test_every_file_is_in_a_group():
    assert {path.stem for path in FOLDER.glob("*.md")} == {slug for slugs in GROUPS.values() for slug in slugs}


def test_each_guide_has_a_title_a_summary_and_unique_sections():
    for guide in guides():
        anchors = [section.anchor for section in guide.sections]
        assert guide.title and guide.summary and len(anchors) > 2
        assert len(set(anchors)) == len(anchors), guide.slug


def test_a_section_ends_where_the_next_one_begins():
    by_anchor = {section.anchor: section for section in guides()[0].sections}
    assert by_anchor["3-send-it"].heading == "3. Send it"
    assert '-d \'{"status": "sent"}\'' in by_anchor["3-send-it"].text
    assert "## " not in by_anchor["3-send-it"].text and "Record a payment" not in by_anchor["3-send-it"].text


def test_links_in_a_section_are_addresses_of_pages():
    assert "[errors](/docs/guides/errors)" in "".join(section.text for section in guides()[0].sections)


def test_the_origin_and_the_days_are_filled_in_everywhere():
    for guide in guides("https://api.example.in"):
        texts = [guide.markdown, guide.summary, *(section.text for section in guide.sections)]
        assert not [text for text in texts if "{origin}" in text or "{today" in text], guide.slug


def test_days_are_relative_to_the_current_day():
    text = fill("{today} {today+30} {today-2} {origin}", "https://api.example.in", date(2026, 2, 27))
    assert text == "2026-02-27 2026-03-29 2026-02-25 https://api.example.in"


def test_a_page_is_made_again_on_the_next_day():
    days = [date(2026, 2, 27), date(2026, 2, 27), date(2026, 2, 28)]
    pages, app = PageFactory(), falcon.App()
    app.add_route("/", pages.daily_page(lambda _, day: pages.text(f"{day}", "text/plain"), origin_of, days.pop))
    client = falcon.testing.TestClient(app)
    assert [client.simulate_get("/").text for _ in range(3)] == ["2026-02-28", "2026-02-27", "2026-02-27"]


def test_a_picture_is_there_in_both_themes_and_is_found_from_the_repository_and_from_the_markdown(served, service):
    shown = {}
    for guide in guides(service.url):
        files = set(re.findall(r"!\[.+\]\((.+\.webp)\)", (FOLDER / f"{guide.slug}.md").read_text("utf-8")))
        assert all((FOLDER / file).is_file() for file in files), guide.slug
        addresses = re.findall(r"!\[.+\]\((.+)\)", guide.markdown)
        assert len(addresses) >= len(files) and all(served.get(each).status_code == 200 for each in addresses)
        assert not [section for section in guide.sections if "![" in section.text]
        sources = set(
            re.findall(r'<img class="for-\w+" src="(/static/pictures/[^"]+)" alt="[^"]+"', served.get(guide.path).text)
        )
        assert {each.replace("dark", "light") for each in sources} == {urlsplit(each).path for each in addresses}
        assert all(served.get(each).status_code == 200 for each in sources) and len(sources) == 2 * len(set(addresses))
        shown[guide.slug] = len(files)
    assert {slug for slug, count in shown.items() if count} >= {"zapier", "make", "n8n", "test-mode", "requests"}


def test_the_guide_to_keys_that_manage_keys_names_each_field_of_a_new_key():
    fields = build_document()["components"]["schemas"]["IssueKey"]["properties"]
    text = next(guide.markdown for guide in guides() if guide.slug == "authentication")
    (row,) = re.findall(r"^\| create a key \| `POST /keys` .*$", text, re.MULTILINE)
    assert [name for name in fields if f"`{name}`" not in row] == []


def test_every_operation_that_costs_nothing_is_named_where_costs_are_explained(served):
    document = build_document()
    of_a_key = [each for each in operations(document).values() if each[2].get("security") != []]
    free = {f"{method} {path}" for method, path, operation in of_a_key if operation["x-credits"] == 0}
    assert "GET /me" in free and "GET /invoices" not in free
    credits_guide = next(guide.markdown for guide in guides() if guide.slug == "credits")
    faq = re.sub("</?code>", "`", served.get("/").text)
    for text in (credits_guide, document["info"]["description"], faq):
        assert [each for each in free if f"`{each}`" not in text] == []


def test_every_error_code_has_a_section_and_no_section_is_left_over():
    assert set(ERRORS) - {""} == set(STATUS)


@all_cases("code", STATUS)
def test_the_section_of_a_code_has_its_status_and_an_example(code):
    assert ERRORS[code].text.startswith(f"Status {STATUS[code]}. ")
    shown = read(answers_of(ERRORS[code].text)[-1])
    assert (shown["error"]["code"], shown["error"]["status"]) == (code, STATUS[code])


def test_an_example_without_a_command_is_the_example_of_the_reference():
    document = build_document()
    responses = document["components"]["responses"]
    media = [responses[name]["content"]["application/json"] for name in responses if not name.endswith("_public")]
    examples = {value["error"]["code"]: value for each in media for value in examples_of(each)}
    static = {code for code in STATUS if "```sh" not in ERRORS[code].text}
    assert {"rate_limited", "unavailable", "insufficient_scope"} <= static
    for code in static & set(examples):
        assert differences(read(answers_of(ERRORS[code].text)[-1]), examples[code]) == [], code


def examples_of(media):
    return [media["example"]] if "example" in media else [each["value"] for each in media.get("examples", {}).values()]


def answers_of(text):
    guide = guides()[0]
    return answers(type(guide)("", "", "", "", text, ()))


@pytest.mark.parametrize("guide", guides(), ids=lambda guide: guide.slug)
def test_a_page_has_its_headings_and_its_policy_allows_no_other_site(served, guide):
    response = served.get(guide.path)
    assert response.status_code == 200 and response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert all(f'id="{section.anchor}"' in response.text for section in guide.sections if section.anchor)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert not re.search(r"(?<!CORS_)ORIGIN|\{origin\}|\{today| style=", response.text)


@pytest.mark.parametrize("slug", [guide.slug for guide in guides()])
def test_a_guide_is_served_as_markdown_too(served, service, slug):
    guide = next(guide for guide in guides(service.url) if guide.slug == slug)
    response = served.get(f"/docs/guides/{slug}.md")
    assert (response.status_code, response.text) == (200, guide.markdown)
    assert response.headers["Content-Type"] == "text/markdown; charset=utf-8"


def test_a_matching_etag_gets_a_304(served):
    known = served.get("/docs/guides/errors").headers["ETag"]
    assert served.get("/docs/guides/errors", headers={"If-None-Match": known}).status_code == 304


def test_commands_contain_the_address_of_the_request(served):
    for path in ("/docs/guides/quickstart", "/docs/guides/quickstart.md", "/", "/llms.txt"):
        assert "http://books.example.in/" in served.get(path, headers={"Host": "books.example.in"}).text + "/"


def test_an_address_cannot_inject_html(served):
    response = served.get("/docs/guides/quickstart", headers={"Host": "a<b>c"})
    assert "a<b>c" not in response.text


def test_llms_txt_has_the_form_of_its_standard(served):
    lines = served.get("/llms.txt").text.splitlines()
    assert lines[0].startswith("# ") and lines[2].startswith("> ")
    assert all(line.startswith("- [") for line in lines[lines.index("## Reference") :] if line and line[:2] != "##")


def test_llms_full_txt_contains_every_guide(served, service):
    text = served.get("/llms-full.txt").text
    assert all(guide.markdown.strip() in text for guide in guides(service.url))


def test_guides_for_operators_have_an_index_of_their_own_and_are_not_in_the_list_of_users(served):
    pages = [served.get(path).text for path in ("/docs/guides", "/docs/guides/operators")]
    users, operators = [page.split('<nav class="guides"')[1].split("<footer")[0] for page in pages]
    for guide in guides():
        assert (f'href="{guide.path}"' in operators) == guide.is_for_operators
        assert (f'href="{guide.path}"' in users) != guide.is_for_operators


def test_a_guide_links_to_the_one_before_and_the_one_after_it_of_the_same_readers(served):
    for readers in (True, False):
        of_readers = [guide for guide in guides() if guide.is_for_operators == readers]
        for before, after in pairwise(of_readers):
            assert f'href="{after.path}" rel="next"' in served.get(before.path).text
            assert f'href="{before.path}" rel="prev"' in served.get(after.path).text
        assert 'rel="prev"' not in served.get(of_readers[0].path).text
        assert 'rel="next"' not in served.get(of_readers[-1].path).text
