"""The OpenAPI document: valid, complete both ways, with texts and examples that fit its schemas."""

from __future__ import annotations

from typing import ClassVar

import pytest

from api.http.errors.codes import CODES
from api.openapi.texts import TEXTS
from api.operation import Operation, OperationKind
from api.resources import BASE
from commands.dispatch import HANDLERS
from tests.support.cases import all_cases
from tests.support.openapi import ALL_ROUTES, ROUTES, build_document, operations, resolve, schema_errors

DOCUMENT = build_document()
OPERATION_IDS = list(operations(DOCUMENT))


def examples_of(media):
    return [media["example"]] if "example" in media else [each["value"] for each in media.get("examples", {}).values()]


def test_it_is_valid():
    from openapi_spec_validator import validate  # noqa: PLC0415 -- it takes seconds to load, in each process

    validate(DOCUMENT)


def test_every_route_and_method_is_in_it_and_nothing_else():
    routed = {
        (method, path.removeprefix(BASE))
        for path, resource in ROUTES
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        if hasattr(resource, f"on_{method.lower()}")
    }
    assert {(method, path) for method, path, _ in operations(DOCUMENT).values()} == routed


def test_a_page_declares_no_operations():
    assert not [path for path, resource in ALL_ROUTES if not path.startswith(BASE) and hasattr(resource, "operations")]


def test_a_header_that_a_request_may_have_has_no_example():
    """The form for trying a request sends every header that has one: a PATCH with `If-Match: "3"` would be refused."""
    headers = [each for each in DOCUMENT["components"]["parameters"].values() if each["in"] == "header"]
    assert headers and not [each["name"] for each in headers if "example" in str({**each, "description": ""})]


def test_a_route_without_operations_is_refused():
    with pytest.raises(AttributeError):
        build_document([(f"{BASE}/new", object())])


def test_a_route_without_words_is_refused():
    class New:
        operations: ClassVar = {
            "GET": Operation(
                id="getNew", tag="Account", kind=OperationKind.REPORT, response=None, envelope="New", public=True
            )
        }

    with pytest.raises(KeyError):
        build_document([(f"{BASE}/new", New())])


def test_no_words_are_left_over():
    assert {id for texts in TEXTS.values() for id in texts.operations} == set(OPERATION_IDS)


def test_every_operation_has_words_and_one_of_the_fifteen_tags():
    for method, path, operation in operations(DOCUMENT).values():
        assert operation["summary"] and operation["description"], (method, path)
        assert operation["tags"][0] in TEXTS
    assert len(TEXTS) == 15


@all_cases("status", [status for status in CODES if status != 405])
def test_every_error_code_is_in_it_with_an_example(status):
    shown = set()
    for _, _, operation in operations(DOCUMENT).values():
        if str(status) in operation["responses"]:
            response = resolve(DOCUMENT, operation["responses"][str(status)])
            shown |= set(response["content"]["application/json"]["examples"])
    assert shown == set(CODES[status])


def test_the_method_that_an_address_does_not_have_is_named_for_all():
    assert "`method_not_allowed`" in DOCUMENT["info"]["description"]
    assert set(DOCUMENT["components"]["schemas"]["Error"]["properties"]["code"]["enum"]) == {
        code for codes in CODES.values() for code in codes
    }


@all_cases("id", OPERATION_IDS)
def test_examples_are_what_their_schemas_say(id):
    _, _, operation = operations(DOCUMENT)[id]
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    responses = [resolve(DOCUMENT, response) for response in operation["responses"].values()]
    for each in [*bodies, *responses]:
        for media in each.get("content", {}).values():
            for example in examples_of(media):
                assert not schema_errors(DOCUMENT, media["schema"], example)


def test_an_example_of_an_error_has_the_status_and_code_under_which_it_stands():
    for response in DOCUMENT["components"]["responses"].values():
        for code, example in response["content"]["application/json"]["examples"].items():
            error = example["value"]["error"]
            assert error["code"] == code
            assert code in CODES[error["status"]]


def test_the_first_example_is_that_of_the_product_page():
    answer = operations(DOCUMENT)["createInvoice"][2]["responses"]["201"]
    data = answer["content"]["application/json"]["example"]["data"]
    assert (data["subTotal"], data["taxTotal"], data["totalAmount"]) == ("70000.00", "12600.00", "82600.00")


def test_every_command_of_the_api_is_a_body_in_it():
    bodies = {
        operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for _, _, operation in operations(DOCUMENT).values()
        if "requestBody" in operation
    }
    assert (
        bodies - {"AskAssistant", "MoveClock", "TestWebhook", "ReplayWebhook"}
        == {command.__name__ for command in HANDLERS} & bodies
    )
