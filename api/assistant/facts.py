"""The facts about an operation that an answer lists: scope, fields, parameters and errors."""

from __future__ import annotations

from collections.abc import Iterator

from api.assistant.knowledge.operations import DocumentedOperation, Node

_OWN_FAILURES = ("403", "404", "409", "412", "422", "429")
"""The statuses whose error codes are listed. The codes of other statuses are the same for all operations."""


def operation_facts(operation: DocumentedOperation, origin: str) -> Iterator[str]:
    """Yield the facts, each as one line of Markdown. Links begin with the origin."""
    if operation.scope is not None:
        yield f"**Scope:** `{operation.scope}`"
    else:
        yield f"**Key:** {'any valid key' if operation.needs_key else 'no key is needed'}."
    if operation.body:
        yield f"**Body:** {_fields(operation, operation.body)}"
    for place, label in (("path", "Path"), ("query", "Query")):
        parameters = [_parameter(each) for each in operation.parameters if each["in"] == place]
        if parameters:
            yield f"**{label}:** {'; '.join(parameters)}"
    yield f"**Errors to expect:** {_failures(operation, f'{origin}/docs/guides/errors')}"


def _fields(operation: DocumentedOperation, schema: Node) -> str:
    required = schema.get("required", [])
    names = [f"`{name}` (required)" if name in required else f"`{name}`" for name in schema["properties"]]
    statuses = ", ".join(f"`{status}`" for status in operation.settable_statuses)
    return ", ".join(names) + (f"; `status` takes {statuses}" if statuses else "")


def _parameter(parameter: Node) -> str:
    return f"`{parameter['name']}`: {parameter['description'].rstrip('.')}"


def _failures(operation: DocumentedOperation, guide: str) -> str:
    links = [
        f"[`{code}`]({guide}#{code}) ({status})"
        for status, codes in operation.failures.items()
        for code in codes
        if status in _OWN_FAILURES
    ]
    return ", ".join([*links, f"and [those that any request can meet]({guide})"])
