"""The pages of the API reference say all that the OpenAPI document says. No browser is needed for this."""

from __future__ import annotations

import gzip
import html
import re
from functools import cache

import pytest
from falcon import testing
from markupsafe import escape

from api.app import RESOURCE_TYPES, create_app
from api.docs.reference.diagram import status_diagram
from api.docs.reference.rows import type_in_words
from api.openapi.reader import scopes_of
from api.openapi.statuses import statuses_of
from api.samples.languages import LANGUAGES
from tests.support.cases import all_cases
from tests.support.openapi import DEPENDENCIES, build_document, operations, resolve

DOCUMENT = build_document()
OPERATIONS = operations(DOCUMENT)
CLIENT = testing.TestClient(create_app(DEPENDENCIES))
MAX_LIST, MAX_PAGE = 20_000, 20_000
"""The most bytes of the compressed HTML of `/docs`, and of the page of an operation."""


@cache
def page(path):
    response = CLIENT.simulate_get(path, host="api.example.in")
    assert response.status_code == 200
    return response.text


def words(text):
    """Return the words of a page, without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", text)).split())


@all_cases("id", OPERATIONS)
def test_the_list_names_each_operation_and_links_to_its_page(id):
    method, path, operation = OPERATIONS[id]
    text = page("/docs")

    assert f'<a href="/docs/operations/{id}">{escape(operation["summary"])}</a>' in text
    assert f'id="tag/{operation["tags"][0].lower()}/{method}{path}"' in text


@all_cases("id", OPERATIONS)
def test_the_page_of_an_operation_has_its_address_parameters_and_errors(id):
    method, path, operation = OPERATIONS[id]
    text = page(f"/docs/operations/{id}")
    shared = DOCUMENT["paths"][path].get("parameters", [])
    named = {resolve(DOCUMENT, each)["name"] for each in (*shared, *operation["parameters"])}
    failures = [resolve(DOCUMENT, each) for status, each in operation["responses"].items() if int(status) >= 400]
    codes = {code for each in failures for code in each["content"]["application/json"]["examples"]}

    assert f"{method} /api/v1{path}" in words(text)
    assert named <= set(re.findall(r"<dt><code>([^<]+)</code>", text))
    assert codes == set(re.findall(r'href="/docs/guides/errors#(\w+)"', text))
    assert (" or ".join(scopes_of(operation)) or "key") in words(text)
    assert ("managing key" in words(text)) == (operation["tags"] == ["Keys"])


@all_cases("id", [id for id, (_, _, each) in OPERATIONS.items() if "requestBody" in each])
def test_the_page_of_a_write_has_each_field_of_the_body_with_its_sentence(id):
    text = words(page(f"/docs/operations/{id}"))
    media = OPERATIONS[id][2]["requestBody"]["content"]["application/json"]

    for name, field in resolve(DOCUMENT, media["schema"])["properties"].items():
        assert f"{name} {type_in_words(field)}" in text
        assert field["description"].replace("`", "") in text


@all_cases("id", OPERATIONS)
def test_the_page_of_an_operation_has_a_sample_in_each_language_for_this_service(id):
    text = words(page(f"/docs/operations/{id}"))

    assert all(language.label in text for language in LANGUAGES.values())
    assert "http://api.example.in/api/v1" in text
    assert "api.example.com" not in text


@all_cases("id", OPERATIONS)
def test_the_page_of_an_operation_is_small_and_has_a_title_of_its_own(id):
    text = page(f"/docs/operations/{id}")

    assert len(gzip.compress(text.encode())) <= MAX_PAGE
    assert text.count(f"<title>{escape(OPERATIONS[id][2]['summary'])} ") == 1


def test_the_list_is_small():
    assert len(gzip.compress(page("/docs").encode())) <= MAX_LIST


@pytest.mark.parametrize("type_", RESOURCE_TYPES, ids=lambda type_: type_.path)
def test_the_diagram_has_an_arrow_for_each_status_that_can_follow(type_):
    statuses = statuses_of(type_.tag, type_.aggregate)
    drawn = status_diagram(statuses, type_.aggregate.kind)

    assert drawn.count('marker-end="url(#') == sum(len(each.by_request) + len(each.by_payment) for each in statuses)
    assert re.findall(r">(\w+)</text>", drawn) == [each.name for each in statuses]
    assert str(drawn) in page("/docs")


def test_a_long_list_of_choices_is_counted_and_not_shown():
    assert type_in_words({"type": "string", "enum": ["A", "B"]}) == "one of A, B"
    assert type_in_words({"type": "string", "enum": [f"C{number}" for number in range(164)]}) == "one of 164 codes"
