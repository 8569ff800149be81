"""The tools are the operations of the OpenAPI document, under the same names and with the same rules."""

import json

from jsonschema import Draft202012Validator

from api.mcp.tools import RETRY_KEY, VERSION, tools_of
from domain.accounts.misplaced_key import is_misplaced_key
from tests.support.cases import all_cases
from tests.support.openapi import build_document, operations

DOCUMENT = build_document()
OPERATIONS = operations(DOCUMENT)
TOOLS = tools_of(DOCUMENT)
WITH_KEY = {id for id, (_, _, node) in OPERATIONS.items() if node.get("security") != []}


def schema(name):
    return TOOLS[name].definition["inputSchema"]


def test_each_operation_that_needs_a_key_is_a_tool_of_the_same_name_but_those_on_keys_and_files():
    on_keys = {name for name, (_, _, node) in OPERATIONS.items() if node["tags"] == ["Keys"]}
    files = {name for name in OPERATIONS if name.endswith("Pdf")}
    assert set(TOOLS) == WITH_KEY - on_keys - files and len(on_keys) == 6 and files
    assert [tool.definition["name"] for tool in TOOLS.values()] == list(TOOLS)


@all_cases("name", TOOLS)
def test_a_tool_has_the_texts_of_its_operation(name):
    _, _, node = OPERATIONS[name]
    definition = TOOLS[name].definition
    assert (definition["title"], definition["description"]) == (node["summary"], node["description"])
    assert definition["annotations"]["title"] == node["summary"]


@all_cases("name", TOOLS)
def test_the_arguments_of_a_tool_have_a_valid_schema_without_references(name):
    Draft202012Validator.check_schema(schema(name))
    assert schema(name)["type"] == "object"
    assert "$ref" not in json.dumps(schema(name))


@all_cases("name", TOOLS)
def test_each_argument_has_one_place_in_the_request(name):
    tool = TOOLS[name]
    method, path, node = OPERATIONS[name]
    body = node.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {"$ref": "/"})
    fields = DOCUMENT["components"]["schemas"].get(body["$ref"].rpartition("/")[2], {}).get("properties", {})
    headers = [RETRY_KEY] * tool.has_retry_key + [VERSION] * tool.has_version
    names = [*tool.path_names, *tool.query_names, *headers, *fields]
    assert sorted(names) == sorted(schema(name)["properties"])
    assert (tool.method, tool.path) == (method, path)


@all_cases("name", TOOLS)
def test_no_tool_takes_an_api_key(name):
    assert [each for each in schema(name)["properties"] if is_misplaced_key(each, None)] == []


@all_cases("name", TOOLS)
def test_hints_follow_the_method(name):
    hints = TOOLS[name].definition["annotations"]
    method, path, _ = OPERATIONS[name]
    assert hints["readOnlyHint"] == (method == "GET")
    assert hints["openWorldHint"] == path.startswith("/webhooks")
    if method == "GET":
        assert "destructiveHint" not in hints
    else:
        assert hints["destructiveHint"] == (method != "POST" or "{" in path)
        assert hints["idempotentHint"] == (method != "POST")


def test_a_draft_adds_and_an_update_overwrites():
    assert TOOLS["createInvoice"].definition["annotations"]["destructiveHint"] is False
    assert TOOLS["updateInvoice"].definition["annotations"]["destructiveHint"] is True
    assert TOOLS["reverseInvoicePayment"].definition["annotations"]["destructiveHint"] is True


def test_the_example_of_an_operation_fits_the_schema_of_its_tool():
    for name, tool in TOOLS.items():
        if tool.has_body:
            media = OPERATIONS[name][2]["requestBody"]["content"]["application/json"]
            ids = dict.fromkeys(tool.path_names, "inv_1")
            Draft202012Validator(schema(name)).validate({**ids, **media["example"]})


def test_a_tool_is_open_to_keys_with_its_scope():
    assert TOOLS["listInvoices"].is_open_to(("billing:read",))
    assert not TOOLS["listInvoices"].is_open_to(("billing:write", "leaves:read"))
    assert TOOLS["getAccount"].is_open_to(())
    for scopes, is_open in ((("leaves:read",), True), (("billing:read",), True), (("billing:write",), False)):
        assert TOOLS["testWebhook"].is_open_to(scopes) is is_open


def test_a_field_with_the_name_title_is_kept():
    shape = {"title": "Shape", "type": "object", "properties": {"title": {"type": "string", "title": "Title"}}}
    media = {"schema": {"$ref": "#/shape"}}
    node = {
        "operationId": "createShape",
        "summary": "",
        "description": "",
        "parameters": [],
        "responses": {"201": {}},
        "requestBody": {"content": {"application/json": media}},
        "tags": ["Shapes"],
    }
    tools = tools_of({"shape": shape, "paths": {"/shapes": {"post": node}}})
    assert tools["createShape"].definition["inputSchema"]["properties"] == {"title": {"type": "string"}}
