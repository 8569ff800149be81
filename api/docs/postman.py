"""The OpenAPI document as a Postman collection (format 2.1): a folder for each module, ready to send with one key."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

Node = dict[str, Any]

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_USAGE = """

Put your key into the collection's variable `apiKey`; every request sends it. `baseUrl` is this service. What
was made last is kept (`invoiceId`, `billId`, `leaveId`), so that a folder can be sent from top to bottom."""
_SENT = {"Idempotency-Key": "{{$guid}}", "If-Match": '"1"', "If-None-Match": '"1"', "X-Request-Id": "{{$guid}}"}
"""What a header holds when it is switched on; all but the Idempotency-Key begin switched off."""


def collection(document: Node) -> Node:
    """The collection of this OpenAPI document's operations; modules without any have no folder."""
    folders = ((tag, list(_items(document, tag["name"]))) for tag in document["tags"])
    server = document["servers"][0]["url"]
    return {
        "info": {
            "_postman_id": str(uuid.uuid5(uuid.NAMESPACE_URL, server)),
            "name": document["info"]["title"],
            "description": document["info"]["description"] + _USAGE,
            "schema": SCHEMA,
        },
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{apiKey}}", "type": "string"}]},
        "variable": [
            {"key": "baseUrl", "value": server, "type": "string"},
            {"key": "apiKey", "value": "", "type": "string"},
            *(
                {"key": _kept(path), "value": "", "type": "string"}
                for path in document["paths"]
                if path.endswith("/{id}")
            ),
        ],
        "item": [
            {"name": tag["name"], "description": tag["description"], "item": found} for tag, found in folders if found
        ],
    }


def _items(document: Node, tag: str) -> Iterator[Node]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method != "parameters" and tag in operation["tags"]:
                shared = item.get("parameters", [])
                yield _item(document, path, method.upper(), operation, [*shared, *operation["parameters"]])


def _item(document: Node, path: str, method: str, operation: Node, parameters: list[Node]) -> Node:
    known = [_followed(document, parameter) for parameter in parameters]
    request: Node = {
        "method": method,
        "description": operation["description"],
        "header": [_header(each) for each in known if each["in"] == "header"],
        "url": _url(path, known),
    }
    if operation.get("security") == []:
        request["auth"] = {"type": "noauth"}
    if "requestBody" in operation:
        request["header"].insert(0, {"key": "Content-Type", "value": "application/json"})
        request["body"] = _body(operation["requestBody"]["content"]["application/json"])
    made: Node = {"name": operation["summary"], "request": request, "response": []}
    if method == "POST" and f"{path}/{{id}}" in document["paths"]:
        made["event"] = [{"listen": "test", "script": {"type": "text/javascript", "exec": [_keeping(path)]}}]
    return made


def _kept(path: str) -> str:
    """The variable that holds the id of what was made last at this path, such as `invoiceId`."""
    return f"{path.split('/')[1].removesuffix('s')}Id"


def _keeping(path: str) -> str:
    return f'if (pm.response.code === 201) pm.collectionVariables.set("{_kept(path)}", pm.response.json().data.id);'


def _url(path: str, parameters: list[Node]) -> Node:
    """The address, whose query parameters wait switched off."""
    steps = [f":{step[1:-1]}" if step.startswith("{") else step for step in path.strip("/").split("/")]
    url: Node = {"raw": "/".join(["{{baseUrl}}", *steps]), "host": ["{{baseUrl}}"], "path": steps}
    query = [each for each in parameters if each["in"] == "query"]
    if query:
        url["query"] = [{**_described(each), "value": "", "disabled": True} for each in query]
    if variables := [each for each in parameters if each["in"] == "path"]:
        url["variable"] = [{**_described(each), "value": f"{{{{{_kept(path)}}}}}"} for each in variables]
    return url


def _header(parameter: Node) -> Node:
    name = parameter["name"]
    return {**_described(parameter), "value": _SENT[name], "disabled": name != "Idempotency-Key"}


def _body(media: Node) -> Node:
    raw = json.dumps(media["example"], ensure_ascii=False, indent=2)
    return {"mode": "raw", "raw": raw, "options": {"raw": {"language": "json"}}}


def _described(parameter: Node) -> Node:
    return {"key": parameter["name"], "description": parameter["description"]}


def _followed(document: Node, parameter: Node) -> Node:
    if "$ref" not in parameter:
        return parameter
    found: Node = document["components"]["parameters"][parameter["$ref"].rpartition("/")[2]]
    return found
