"""The OpenAPI document: its operations and references, and functions that check a response against the document."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from api.app import all_routes
from api.openapi.document import openapi_document
from api.pages.factory import PageFactory
from api.ports.dependencies import Dependencies
from api.resources import BASE

_NAME = "urn:document"
FORMATS = FormatChecker()


_NOTHING: Any = None


class _SetUp:
    """An installation in which nobody can set up an organization."""

    def is_open(self) -> bool:
        return False

    get_state = try_code = set_up = _NOTHING


DEPENDENCIES = Dependencies(
    admission_control=_NOTHING,
    command_bus=_NOTHING,
    reads=_NOTHING,
    member_reads=_NOTHING,
    event_reads=_NOTHING,
    proofs=_NOTHING,
    account_reads=_NOTHING,
    health=_NOTHING,
    assistant=_NOTHING,
    users=_NOTHING,
    people=_NOTHING,
    invitations=_NOTHING,
    organizations=_NOTHING,
    exports=_NOTHING,
    edit_logs=_NOTHING,
    downloads=_NOTHING,
    list_files=_NOTHING,
    printing=_NOTHING,
    privacy=_NOTHING,
    saved_views=_NOTHING,
    factors=_NOTHING,
    setup=_SetUp(),
    mails=_NOTHING,
    key_reads=_NOTHING,
    webhook_reads=_NOTHING,
    overview=_NOTHING,
    security_reads=_NOTHING,
    profiles=_NOTHING,
    trace_days=400,
    webhooks=_NOTHING,
    test_logs=_NOTHING,
)
ALL_ROUTES = all_routes(DEPENDENCIES, lambda req: "", PageFactory(), _NOTHING, _NOTHING)
"""The application's routes, without a database or a service."""
ROUTES = [(path, resource) for path, resource in ALL_ROUTES if path.startswith(BASE)]
"""The routes of the API."""


def build_document(routes=None):
    """Return the OpenAPI document of these routes, by default of the routes of the API. No server is needed."""
    return json.loads(_text() if routes is None else json.dumps(openapi_document(routes, BASE, "")))


@cache
def _text():
    """Return the document of the routes of the API as JSON. Many modules need it when they are collected."""
    return json.dumps(openapi_document(ROUTES, BASE, ""))


def operations(document):
    """Return the method, the path and the definition of each operation, by the operation's id."""
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    }


def resolve(document, node):
    """Return the node. If it is a reference, return the node that it refers to."""
    while "$ref" in node:
        target = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


def schema_errors(document, schema, value, *, format_checker=FORMATS):
    """Return the errors of the value under this schema of the document.

    If `format_checker` is None, formats such as `date` are not checked.
    """
    registry = Registry().with_resource(_NAME, DRAFT202012.create_resource(document))
    absolute = _absolute(schema)
    validator = Draft202012Validator(absolute, registry=registry, format_checker=format_checker)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def check_answer(document, id, answer):
    """Check that the document describes this response of the operation: status, headers, body and each field."""
    _, _, operation = operations(document)[id]
    assert str(answer.status_code) in operation["responses"], f"{id} does not name {answer.status_code}"
    response = resolve(document, operation["responses"][str(answer.status_code)])
    everywhere = {"content-type", "content-length", "connection", "date", "server"}
    everywhere |= {"cache-control", "x-content-type-options", "access-control-allow-origin"}
    named = {name.lower() for name in response["headers"]}
    assert set(answer.headers) - everywhere <= named
    if answer.content:
        schema = response["content"]["application/json"]["schema"]
        assert not schema_errors(document, schema, answer.json())
        assert not unknown_fields(document, schema, answer.json())


def unknown_fields(document, schema, value, path=""):
    """Return the fields of the value that its schema does not name, at any depth."""
    schema = resolve(document, schema)
    if isinstance(value, list):
        return [each for entry in value for each in unknown_fields(document, schema["items"], entry, f"{path}[]")]
    if not isinstance(value, dict) or "properties" not in schema:
        return []
    named = schema["properties"]
    paths = [f"{path}.{name}" for name in value if name not in named]
    for name in value.keys() & named.keys():
        paths += unknown_fields(document, named[name], value[name], f"{path}.{name}")
    return paths


def _absolute(node):
    if isinstance(node, list):
        return [_absolute(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {name: f"{_NAME}{each}" if name == "$ref" else _absolute(each) for name, each in node.items()}
