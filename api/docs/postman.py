"""Makes a Postman collection (format 2.1) from the OpenAPI document, with one folder for each tag.

The user only has to set the variable `apiKey`.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

from domain.document import camel

Node = dict[str, Any]

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_USAGE = """

Set the collection's variable `apiKey` to your key; every request sends it. `baseUrl` is this service. The id of the
last created object is stored ({variables}), so that a folder can be run from top to bottom."""
_HEADER_VALUES = {
    "Idempotency-Key": "{{$guid}}",
    "If-Match": '"1"',
    "If-None-Match": '"1"',
    "If-Position": "1",
    "X-Request-Id": "{{$guid}}",
}
"""The example value of each header. In the collection, all headers except Idempotency-Key are disabled at first."""


def collection(openapi_document: Node) -> Node:
    """Return the collection with all operations of the OpenAPI document. Tags without operations have no folder."""
    folders = ((tag, list(_items(openapi_document, tag["name"]))) for tag in openapi_document["tags"])
    server = openapi_document["servers"][0]["url"]
    ids = [*(_id_variable(kind) for kind in _created_kinds(openapi_document)), *_ids_below(openapi_document)]
    variables = ", ".join(f"`{id}`" for id in ids)
    return {
        "info": {
            "_postman_id": str(uuid.uuid5(uuid.NAMESPACE_URL, server)),
            "name": openapi_document["info"]["title"],
            "description": openapi_document["info"]["description"] + _USAGE.format(variables=variables),
            "schema": SCHEMA,
        },
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{apiKey}}", "type": "string"}]},
        "variable": [
            {"key": "baseUrl", "value": server, "type": "string"},
            {"key": "apiKey", "value": "", "type": "string"},
            *({"key": id, "value": "", "type": "string"} for id in ids),
        ],
        "item": [
            {"name": tag["name"], "description": tag["description"], "item": items} for tag, items in folders if items
        ],
    }


def _items(openapi_document: Node, tag: str) -> Iterator[Node]:
    for path, item in openapi_document["paths"].items():
        for method, operation in item.items():
            if method != "parameters" and tag in operation["tags"]:
                shared = item.get("parameters", [])
                yield _item(openapi_document, path, method.upper(), operation, [*shared, *operation["parameters"]])


def _item(openapi_document: Node, path: str, method: str, operation: Node, parameters: list[Node]) -> Node:
    definitions = [_resolve(openapi_document, parameter) for parameter in parameters]
    request: Node = {
        "method": method,
        "description": operation["description"],
        "header": [_header(each) for each in definitions if each["in"] == "header"],
        "url": _url(path, definitions, operation.get("x-resource-type")),
    }
    if operation.get("security") == []:
        request["auth"] = {"type": "noauth"}
    if "requestBody" in operation:
        request["header"].insert(0, {"key": "Content-Type", "value": "application/json"})
        request["body"] = _body(operation["requestBody"]["content"]["application/json"])
    result: Node = {"name": operation["summary"], "request": request, "response": []}
    if method == "POST" and (script := _id_script(openapi_document, path, operation)):
        result["event"] = [{"listen": "test", "script": {"type": "text/javascript", "exec": [script]}}]
    return result


def _created_kinds(openapi_document: Node) -> list[str]:
    """Return the kinds of objects that operations of the document can create."""
    posts = (item["post"] for item in openapi_document["paths"].values() if "post" in item)
    return [post["x-resource-type"] for post in posts if "links" in post["responses"].get("201", {})]


def _id_variable(kind: str) -> str:
    """Return the name of the variable with the id of the last created object of this kind, such as `invoiceId`."""
    return f"{camel(kind)}Id"


def _id_script(openapi_document: Node, path: str, operation: Node) -> str | None:
    """Return the script that stores the id of the created object or payment; None if the operation creates neither."""
    paths = openapi_document["paths"]
    below = [id for id in _ids_below(openapi_document) if any(each.startswith(f"{path}/{{{id}}}") for each in paths)]
    if f"{path}/{{id}}" in paths:
        variable, value = _id_variable(operation["x-resource-type"]), "id"
    elif below:
        variable, value = below[0], f"{path.rpartition('/')[2]}.at(-1).id"
    else:
        return None
    return f'if (pm.response.code === 201) pm.collectionVariables.set("{variable}", pm.response.json().data.{value});'


def _ids_below(openapi_document: Node) -> list[str]:
    """Return the path parameters that identify a part of an object, such as `paymentId`."""
    names = (name for path in openapi_document["paths"] for name in re.findall(r"\{(\w+)\}", path))
    return list(dict.fromkeys(name for name in names if name != "id"))


def _url(path: str, parameters: list[Node], kind: str | None) -> Node:
    """Return the URL of a request. Its query parameters are disabled at first."""
    steps = [f":{step[1:-1]}" if step.startswith("{") else step for step in path.strip("/").split("/")]
    url: Node = {"raw": "/".join(["{{baseUrl}}", *steps]), "host": ["{{baseUrl}}"], "path": steps}
    query = [each for each in parameters if each["in"] == "query"]
    if query:
        url["query"] = [{**_described(each), "value": "", "disabled": True} for each in query]
    if variables := [each for each in parameters if each["in"] == "path"]:
        url["variable"] = [{**_described(each), "value": _path_value(each["name"], kind)} for each in variables]
    return url


def _path_value(name: str, kind: str | None) -> str:
    """Return the reference to the variable that holds the value of a path parameter, such as `{{invoiceId}}`."""
    variable = name if name != "id" else _id_variable(kind) if kind else ""
    return f"{{{{{variable}}}}}" if variable else ""


def _header(parameter: Node) -> Node:
    name = parameter["name"]
    return {**_described(parameter), "value": _HEADER_VALUES[name], "disabled": name != "Idempotency-Key"}


def _body(media: Node) -> Node:
    raw = json.dumps(media["example"], ensure_ascii=False, indent=2)
    return {"mode": "raw", "raw": raw, "options": {"raw": {"language": "json"}}}


def _described(parameter: Node) -> Node:
    name = parameter["name"]
    return {
        "key": f"{name}[key]" if parameter.get("style") == "deepObject" else name,
        "description": parameter["description"],
    }


def _resolve(openapi_document: Node, parameter: Node) -> Node:
    """Return the shared parameter to which `$ref` points. Return a parameter without `$ref` unchanged."""
    if "$ref" not in parameter:
        return parameter
    shared: Node = openapi_document["components"]["parameters"][parameter["$ref"].rpartition("/")[2]]
    return shared
