"""Makes a tool of each operation that needs a key, from the OpenAPI document.

A tool has the id of its operation as its name. Its arguments are the parameters in the path, the query parameters, the
fields of the body and some headers, all in one object.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec

from api.openapi.reader import DocumentOperation, Node, operations_of, resolve
from api.openapi.texts.accounts.webhook import WEBHOOK

RETRY_KEY = "idempotencyKey"
VERSION = "ifVersion"
_RETRY_TEXT = (
    " Without it, each call is a new change. The result contains the key that was used: if you do not know whether a "
    "change was made, call again with the same arguments and this key."
)
_VERSION_TEXT = "The `version` of the object that you read. If the object has changed since, the change is refused."


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """A tool: its definition for clients, and the request that a call of the tool sends."""

    name: str
    definition: Mapping[str, Any]
    """What `tools/list` shows."""
    scopes: tuple[str, ...]
    """The scopes of which the key needs one; empty if any valid key may call the tool."""
    method: str
    path: str
    """The path below the base path of the API, such as `/invoices/{id}`."""
    path_names: tuple[str, ...]
    query_names: tuple[str, ...]
    map_names: tuple[str, ...]
    """The query parameters that are sent as `name[key]=value`."""
    has_body: bool
    has_retry_key: bool
    """Whether the argument `idempotencyKey` is accepted."""
    has_version: bool
    """Whether the argument `ifVersion` is accepted."""

    def is_open_to(self, scopes: Collection[str]) -> bool:
        """Return whether a key with these scopes may call the tool."""
        return not self.scopes or any(scope in scopes for scope in self.scopes)


def tools_of(document: Node) -> dict[str, Tool]:
    """Return the tools by name, in the order of the document.

    Operations that need no key are left out, and those for managing keys: a new secret would stand in a conversation.
    So are files, which a conversation cannot show.
    """
    return {each.id: _tool(document, each) for each in operations_of(document) if _is_tool(each)}


def _is_tool(operation: DocumentOperation) -> bool:
    node = operation.node
    return node.get("security") != [] and not node.get("x-needs-managing-key") and not operation.is_file


def _tool(document: Node, operation: DocumentOperation) -> Tool:
    parameters = [resolve(document, each) for each in (*operation.shared, *operation.node["parameters"])]
    by_place = {
        place: tuple(str(each["name"]) for each in parameters if each["in"] == place)
        for place in ("path", "query", "header")
    }
    return Tool(
        name=operation.id,
        definition={
            "name": operation.id,
            "title": operation.node["summary"],
            "description": operation.node["description"],
            "inputSchema": _input_schema(document, operation, parameters),
            "annotations": _annotations(operation),
        },
        scopes=operation.scopes,
        method=operation.method,
        path=operation.path,
        path_names=by_place["path"],
        query_names=by_place["query"],
        map_names=tuple(str(each["name"]) for each in parameters if each.get("style") == "deepObject"),
        has_body=operation.body is not None,
        has_retry_key="Idempotency-Key" in by_place["header"],
        has_version="If-Match" in by_place["header"],
    )


def _annotations(operation: DocumentOperation) -> dict[str, Any]:
    """Return hints about what a call does. A POST to a path with an id changes an object; to another path, it adds.

    The operations on webhooks reach outside: they decide where events are posted, or show what other servers answered.
    """
    annotations: dict[str, Any] = {"title": operation.node["summary"], "readOnlyHint": operation.method == "GET"}
    if operation.method != "GET":
        annotations["destructiveHint"] = operation.method != "POST" or "{" in operation.path
        annotations["idempotentHint"] = operation.method != "POST"
    return {**annotations, "openWorldHint": operation.tag == WEBHOOK.tag}


def _input_schema(document: Node, operation: DocumentOperation, parameters: list[Node]) -> dict[str, Any]:
    body = {} if operation.body is None else _inlined(document, operation.body["schema"])
    properties = {**dict(_parameter_schemas(parameters)), **body.get("properties", {})}
    required = [*(each["name"] for each in parameters if each.get("required")), *body.get("required", ())]
    return {
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _parameter_schemas(parameters: list[Node]) -> Iterator[tuple[str, Node]]:
    for parameter in parameters:
        name, schema = parameter["name"], {**parameter["schema"], "description": parameter["description"]}
        if parameter["in"] != "header":
            yield name, schema
        elif name == "Idempotency-Key":
            yield RETRY_KEY, {**schema, "description": parameter["description"] + _RETRY_TEXT}
        elif name == "If-Match":
            yield VERSION, {"type": "integer", "minimum": 1, "description": _VERSION_TEXT}


def _inlined(document: Node, node: Any) -> Any:
    """Return the schema with the schemas to which it refers in their places, because not all clients follow `$ref`."""
    if isinstance(node, list):
        return [_inlined(document, each) for each in node]
    if not isinstance(node, Mapping):
        return node
    resolved = resolve(document, node)
    return {
        name: _inlined(document, each)
        for name, each in resolved.items()
        if not (name == "title" and isinstance(each, str))  # The name of a schema, not a field with the name "title".
    }
