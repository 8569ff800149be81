"""The app for Make. Make alone can run it; here its files are complete, and its requests are those of the API."""

from __future__ import annotations

import json
import re

from tests.architecture.tree import ROOT
from tests.support.cases import all_cases
from tests.support.openapi import build_document, operations, resolve

APP = ROOT / "integrations" / "make"
MANIFEST = json.loads((APP / "makecomapp.json").read_text(encoding="utf-8"))
COMPONENTS = [each for kind in MANIFEST["components"].values() for each in kind.values()]
NAMED = [path for each in COMPONENTS for path in each["codeFiles"].values()]
NAMED += MANIFEST["generalCodeFiles"].values()
REQUESTS = [path for path in NAMED if re.search(r"\.(communication|attach|detach)\.", path)]


def read(path):
    return json.loads((APP / path).read_text(encoding="utf-8"))


def operation_of(request):
    """Return the operation of the API that has the request's method and path."""
    path = re.sub(r"^\{\{(connection|parameters)\.url\}\}/api/v1", "", request["url"])
    wanted = (
        request.get("method", "GET"),
        path.replace("{{parameters.document}}", "invoices").replace("{{parameters.note}}", "credit-notes"),
    )
    found = [
        operation
        for method, template, operation in operations(build_document()).values()
        if method == wanted[0] and re.fullmatch(re.sub(r"\{\w+\}", r"\\{\\{[\\w.]+\\}\\}", template), wanted[1])
    ]
    assert len(found) == 1, wanted
    return found[0]


def test_the_manifest_names_each_file_and_no_other():
    files = {path.relative_to(APP).as_posix() for path in APP.rglob("*") if path.is_file()}
    assert files == {*NAMED, "makecomapp.json"}
    assert len(NAMED) == len(set(NAMED))


@all_cases("path", [path for path in NAMED if path.endswith(".json")])
def test_a_file_is_json(path):
    read(path)


@all_cases("path", [path for path in REQUESTS if "url" in read(path)])
def test_a_request_is_one_of_the_api_with_fields_that_it_has(path):
    request, document = read(path), build_document()
    operation = operation_of(request)
    if "body" in request:
        schema = resolve(document, operation["requestBody"]["content"]["application/json"]["schema"])
        assert set(request["body"]) <= set(schema["properties"])
        assert set(schema.get("required", ())) <= set(request["body"])
    names = {resolve(document, each)["name"] for each in operation.get("parameters", ())}
    assert {*request.get("qs", {}), *(set(request.get("headers", {})) - {"Authorization"})} <= names


def test_every_module_is_in_one_group():
    grouped = [module for group in read("modules/groups.json") for module in group["modules"]]
    assert sorted(grouped) == sorted(MANIFEST["components"]["module"])
