"""Describes operations for the OpenAPI document: parameters, body, responses and possible failures."""

from __future__ import annotations

from typing import Any

from api.openapi.examples import pagination_example
from api.openapi.failures import Failures, failure_codes
from api.openapi.headers import header_refs
from api.openapi.schemas import ref
from api.openapi.texts import TEXTS, parameter_text, request_example
from api.openapi.texts.common import LIMITS
from api.operation import JSON, Operation, OperationKind
from projections.query.filters import QueryParameter

Node = dict[str, Any]


def operation_node(operation: Operation, data: Any, failures: Failures) -> Node:
    """Return the operation's object of the OpenAPI document. `data` is the example of `data` in the response.

    Raises KeyError for an operation or a parameter without texts.
    """
    words = TEXTS[operation.tag].operations[operation.id]
    responses = _successes(operation, data)
    for status, codes in failure_codes(operation).items():
        responses[str(status)] = failures.response(status, codes, operation.public)
    return {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": words.summary,
        "description": f"{words.description}\n\n{_access(operation)}",
        "parameters": _parameters(operation),
        **_extensions(operation),
        **_request_body(operation),
        "responses": responses,
    }


def path_parameter(tag: str, name: str, example: str) -> Node:
    """Return a path parameter. The value of every path parameter is an id."""
    schema = {"type": "string", "minLength": 1, "maxLength": 64}
    text = parameter_text(tag, name)
    return {"name": name, "in": "path", "description": text, "schema": schema, "required": True, "example": example}


def _access(operation: Operation) -> str:
    """Return sentences that say which keys may call the operation, and how many credits a call costs."""
    if operation.public:
        return "No key is needed."
    who = f"Scope: `{operation.scope}`." if operation.scope else _any_scope(operation)
    who = "A key that may manage keys." if operation.needs_managing_key else who
    return who if operation.free else f"{who} A call costs one credit."


def _any_scope(operation: Operation) -> str:
    names = " or ".join(f"`{scope}`" for scope in operation.any_scope)
    return f"Scope: {names}." if names else "Any valid key."


def _parameters(operation: Operation) -> list[Node]:
    position = ("If-Position",) if operation.may_be_behind else ()
    headers = (*operation.facts.request_headers, *position, "X-Request-Id")
    return [
        *(_query_parameter(operation.tag, name, parameter) for name, parameter in operation.query.items()),
        *({"$ref": f"#/components/parameters/{name}"} for name in headers),
    ]


def _extensions(operation: Operation) -> Node:
    """Return the kind of object, the scopes and the credits of the operation as extensions of the document.

    For a public operation, add empty `security`.
    """
    extensions = {
        "x-resource-type": operation.resource_type,
        "x-required-scope": operation.scope,
        "x-any-scope": list(operation.any_scope) or None,
        "x-needs-managing-key": operation.needs_managing_key or None,
        "x-credits": 0 if operation.public or operation.free else 1,
    }
    security: Node = {"security": []} if operation.public else {}
    return {name: value for name, value in extensions.items() if value is not None} | security


def _request_body(operation: Operation) -> Node:
    if operation.body is None:
        return {}
    media = {"schema": ref(operation.body.__name__), "example": request_example(operation.id)}
    return {"requestBody": {"required": True, "content": {"application/json": media}}}


def _query_parameter(tag: str, name: str, parameter: QueryParameter) -> Node:
    text = parameter_text(tag, name)
    if parameter.choices:
        text += f" They are: {', '.join(f'`{word}`' for word in parameter.choices)}."
    style = {"style": "deepObject", "explode": True} if parameter.schema.get("type") == "object" else {}
    return {"name": name, "in": "query", "description": text, **style, "schema": parameter.schema}


def _successes(operation: Operation, data: Any) -> Node:
    limits = {} if operation.public else header_refs(LIMITS)
    responses = {str(operation.facts.status): _success(operation, data, limits)}
    if operation.other_success is not None:
        status, description = operation.other_success
        responses[str(status)] = {**_success(operation, data, limits), "description": description}
    if operation.kind in (OperationKind.GET, OperationKind.FILE):
        headers = header_refs(("X-Request-Id", "ETag")) | limits
        responses["304"] = {"description": "The ETag that you sent is that of the current version.", "headers": headers}
    return responses


def _success(operation: Operation, data: Any, limits: Node) -> Node:
    if operation.is_file:
        content: Node = {operation.media_type: {"schema": {"type": "string", "format": "binary"}}}
        headers = header_refs(("X-Request-Id", *operation.facts.response_headers)) | limits
        return {"description": operation.facts.response, "headers": headers, "content": content}
    media: Node = {"schema": ref(operation.envelope)}
    content = {JSON: media}
    if operation.response is None:
        return {"description": "The document.", "headers": limits, "content": content}
    media["example"] = {"success": True, "data": data}
    if operation.pagination is not None:
        media["example"]["pagination"] = pagination_example(operation, data)
    if operation.streams:
        content["text/event-stream"] = {"schema": {"type": "string"}}
    headers = header_refs(("X-Request-Id", *operation.facts.response_headers)) | limits
    return {"description": operation.facts.response, "headers": headers, "content": content}
