"""The OpenAPI 3.1 document: routes, schemas, words, failures and examples put together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from api.openapi.examples import BODIES, answers, pagination
from api.openapi.failures import Failures, error_schemas, refusals
from api.openapi.schemas import component_schemas, ref
from api.openapi.texts import ABOUT, ANSWER_HEADERS, LIMITS, OPERATIONS, PARAMETERS, REQUEST_HEADERS, TAGS
from api.operation import Operation
from commands.command import Command

Node = dict[str, Any]

_COUNTS = {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After"}
_TAG = '(W/)?"[!#-~]*"'
_HEADER_SCHEMAS: dict[str, Node] = {
    "Idempotency-Key": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    "If-Match": {"type": "string", "pattern": rf"^(\*|{_TAG}(, ?{_TAG})*)$", "examples": ['"3"']},
    "If-None-Match": {"type": "string"},
    "X-Request-Id": {"type": "string"},
}


def document(routes: Sequence[tuple[str, Any]], base: str, origin: str) -> Node:
    """The whole document. Raises KeyError for a route without words or without operations."""
    found = [
        (path, method, resource, operation)
        for path, resource in routes
        for method, operation in resource.operations.items()
    ]
    bodies = [(operation.id, operation.body) for *_, operation in found if operation.body is not None]
    data = answers([(id, body) for id, body in bodies if issubclass(body, Command)])
    paths: dict[str, Node] = {}
    failures = Failures()
    answered: dict[str, Node] = {"OpenApiDocument": {"title": "OpenApiDocument", "type": "object"}}
    for path, method, resource, operation in found:
        item = paths.setdefault(path.removeprefix(base), {})
        if "{id}" in path:
            item["parameters"] = [_parameter("id", "path", {"type": "string", "minLength": 1, "maxLength": 64})]
        item[method.lower()] = _operation(operation, path, getattr(resource, "scopes", None), method, data, failures)
        if operation.enveloped:
            answered.setdefault(_answer_name(operation), _envelope(operation))
    for path, item in paths.items():
        if "post" in item and f"{path}/{{id}}" in paths:
            item["post"]["responses"]["201"]["links"] = _links(path, paths)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {"title": "SmartDhandha API", "version": "1.0.0", "description": ABOUT},
        "servers": [{"url": f"{origin}{base}", "description": "This service"}],
        "security": [{"apiKey": []}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": {
                **component_schemas(body for _, body in bodies),
                **answered,
                **error_schemas(),
            },
            "responses": failures.responses,
            "headers": {name: _header(name) for name in ANSWER_HEADERS},
            "parameters": {
                name: _parameter(name, "header", _HEADER_SCHEMAS[name], text) for name, text in REQUEST_HEADERS.items()
            },
            "securitySchemes": {
                "apiKey": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "sd_live_…",
                    "description": "An API key; it belongs to one organization and carries scopes.",
                }
            },
        },
    }


def _links(path: str, paths: Node) -> Node:
    """What can be asked of the object that was made there."""
    below = [item for other, item in paths.items() if other.startswith(f"{path}/{{id}}")]
    asked = [item[method]["operationId"] for item in below for method in item if method != "parameters"]
    return {id: {"operationId": id, "parameters": {"id": "$response.body#/data/id"}} for id in asked}


def _operation(
    operation: Operation, path: str, scopes: dict[str, str | None] | None, method: str, data: Node, failures: Failures
) -> Node:
    words = OPERATIONS[operation.id]
    guarded = scopes is not None
    scope = scopes[method] if scopes is not None else None
    needed = f"Scope: `{scope}`." if scope else "Any valid key." if guarded else "No key is needed."
    found: Node = {
        "operationId": operation.id,
        "tags": [words.tag],
        "summary": words.summary,
        "description": f"{words.description}\n\n{needed}",
        "parameters": [
            *(_parameter(name, "query", schema) for name, schema in operation.query.items()),
            *({"$ref": f"#/components/parameters/{name}"} for name in (*operation.headers, "X-Request-Id")),
        ],
    }
    if scope:
        found["x-required-scope"] = scope
    if not guarded:
        found["security"] = []
    if operation.body is not None:
        media = {"schema": ref(operation.body.__name__), "example": BODIES[operation.id]}
        found["requestBody"] = {"required": True, "content": {"application/json": media}}
    limits = {name: _header_ref(name) for name in LIMITS} if guarded else {}
    found["responses"] = {str(operation.status): _success(operation, limits, data)}
    if "If-None-Match" in operation.headers:
        headers = {name: _header_ref(name) for name in ("X-Request-Id", "ETag")}
        found["responses"]["304"] = {"description": "It is still the one that you have.", "headers": headers | limits}
    for status, codes in refusals(operation, path, scopes, method).items():
        shown = [code for code in codes if status != 409 or code in (*words.conflicts, "conflict")]
        found["responses"][str(status)] = failures.response(status, shown, guarded)
    return found


def _success(operation: Operation, limits: Node, data: Node) -> Node:
    if not operation.enveloped:
        whole = {"application/json": {"schema": ref(operation.answer)}}
        return {"description": "The document.", "headers": limits, "content": whole}
    example: Node = {"success": True, "data": data[operation.id]}
    names = ["X-Request-Id"]
    if operation.pagination:
        example["pagination"] = pagination(operation.id, data[operation.id])
        names.append("Link")
    elif not operation.public and (operation.query.keys() & {"version"} or operation.body):
        names.append("ETag")
    if operation.body and not operation.public:
        names += ["Location", "Idempotent-Replayed"] if operation.id.startswith("create") else ["Idempotent-Replayed"]
    headers = {name: _header_ref(name) for name in names}
    content: Node = {"application/json": {"schema": ref(_answer_name(operation)), "example": example}}
    if operation.streams:
        content["text/event-stream"] = {"schema": {"type": "string"}}
    what = "A page." if operation.pagination else "Made." if operation.status == 201 else "As it stands."
    return {"description": what, "headers": {**headers, **limits}, "content": content}


def _envelope(operation: Operation) -> Node:
    one = ref(operation.answer)
    properties: Node = {"success": {"const": True}, "data": one}
    if operation.pagination:
        properties["data"] = {"type": "array", "items": one}
        properties["pagination"] = ref(operation.pagination)
    title = _answer_name(operation)
    return {"title": title, "type": "object", "properties": properties, "required": list(properties)}


def _answer_name(operation: Operation) -> str:
    return f"{operation.answer.removesuffix('Summary')}{'List' if operation.pagination else 'Answer'}"


def _parameter(name: str, place: str, schema: Node, text: str = "") -> Node:
    words = re.match(r"\^\(([^()]+)\)\(,", schema.get("pattern", ""))  # several of these, with commas between them
    text = text or PARAMETERS[name]
    if words:
        text += f" They are: {', '.join(f'`{word}`' for word in words[1].replace(chr(92), '').split('|'))}."
    found: Node = {"name": name, "in": place, "description": text, "schema": schema}
    if place == "path":
        found["required"] = True
    return found


def _header(name: str) -> Node:
    schema: Node = {"type": "integer", "minimum": 0} if name in _COUNTS else {"type": "string"}
    return {"description": ANSWER_HEADERS[name], "schema": schema}


def _header_ref(name: str) -> Node:
    return {"$ref": f"#/components/headers/{name}"}
