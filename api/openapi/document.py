"""Builds the OpenAPI 3.1 document from operations, schemas, texts, failures and examples."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from api.openapi.code_samples import code_samples, sample_request
from api.openapi.error_schemas import error_schemas
from api.openapi.examples import path_values, response_examples
from api.openapi.examples.fields import add_field_examples
from api.openapi.failures import Failures
from api.openapi.headers import request_headers, response_headers
from api.openapi.operations import operation_node, path_parameter
from api.openapi.posted_events import POSTED, posted_events
from api.openapi.schemas import component_schemas, envelope_schema
from api.openapi.statuses import statuses_by_tag, statuses_table
from api.openapi.tags import tag_descriptions
from api.openapi.texts import TEXTS
from api.openapi.texts.common import ABOUT, ABOUT_KEYS
from api.operation import Operation, OperationKind
from api.samples.placeholders import today

Node = dict[str, Any]

_PARAMETER = re.compile(r"\{([A-Za-z]+)\}")
_SECURITY = {
    "apiKey": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "sd_live_…",
        "description": ABOUT_KEYS,
    }
}


def openapi_document(routes: Sequence[tuple[str, Any]], base: str, origin: str) -> Node:
    """Return the OpenAPI document of these routes. A route is a pair of a path and a resource with `operations`.

    Raises AttributeError for a resource without operations, and KeyError for an operation without texts.
    """
    by_path = {path.removeprefix(base): dict(resource.operations) for path, resource in routes}
    operations = [operation for methods in by_path.values() for operation in methods.values()]
    failures = Failures()
    paths = _paths(by_path, base, response_examples(operations), failures)
    document: Node = {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {"title": "SmartDhandha API", "version": "1.0.0", "description": ABOUT},
        "servers": [{"url": f"{origin}{base}", "description": "This service"}],
        "security": [{"apiKey": []}],
        "tags": _tags(operations),
        "paths": paths,
        "components": {
            "schemas": {**component_schemas(operations), **_envelopes(operations), **error_schemas()},
            "responses": failures.responses,
            "headers": response_headers(),
            "parameters": request_headers(),
            "securitySchemes": _SECURITY,
        },
    }
    if document["components"]["schemas"].keys() >= POSTED:
        document["webhooks"] = posted_events(today())
    add_field_examples(document)
    return document


def _tags(operations: Sequence[Operation]) -> list[Node]:
    statuses = statuses_by_tag(operations)
    tables = {tag: f"\n\n**Statuses**\n\n{statuses_table(each)}" for tag, each in statuses.items()}
    descriptions = tag_descriptions(operations)
    return [{"name": tag, "description": text + tables.get(tag, "")} for tag, text in descriptions.items()]


def _paths(by_path: dict[str, dict[str, Operation]], base: str, examples: Node, failures: Failures) -> Node:
    paths: Node = {}
    values: dict[str, dict[str, str]] = {tag: dict(texts.path_examples) for tag, texts in TEXTS.items()}
    for operation in (each for operations in by_path.values() for each in operations.values()):
        if operation.kind in (OperationKind.GET, OperationKind.STATE):
            values[operation.tag] |= path_values(examples[operation.id])
    for path, operations in by_path.items():
        item = paths[path] = {}
        if names := _PARAMETER.findall(path):
            tag = next(iter(operations.values())).tag
            item["parameters"] = [path_parameter(tag, name, values[tag][name]) for name in names]
        for method, operation in operations.items():
            request = sample_request(operation, method, base + path, values[operation.tag])
            item[method.lower()] = {
                **operation_node(operation, examples.get(operation.id), failures),
                "x-codeSamples": code_samples(request),
            }
    _add_links(by_path, paths)
    return paths


def _add_links(by_path: dict[str, dict[str, Operation]], paths: Node) -> None:
    """Add links to each operation that creates an object. A link leads to an operation on the created object."""
    for path, operations in by_path.items():
        for method, operation in operations.items():
            if operation.kind is not OperationKind.CREATE:
                continue
            below = (
                each for other, each in by_path.items() if other.startswith(f"{path}/{{id}}") and other.count("{") == 1
            )
            ids = (linked.id for each in below for linked in each.values())
            response = paths[path][method.lower()]["responses"][str(operation.facts.status)]
            response["links"] = {id: {"operationId": id, "parameters": {"id": "$response.body#/data/id"}} for id in ids}


def _envelopes(operations: Sequence[Operation]) -> Node:
    return {
        operation.envelope: {"title": operation.envelope, "description": operation.facts.response, "type": "object"}
        if operation.response is None
        else envelope_schema(operation, operation.response)
        for operation in operations
        if not operation.is_file
    }
