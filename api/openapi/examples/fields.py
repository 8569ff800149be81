"""Gives each field of the OpenAPI document an example, taken from the examples of bodies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Node = dict[str, Any]
_REF = "#/components/schemas/"
_EMPTY: tuple[Any, ...] = (None, "", [], (), {})


def add_field_examples(document: Node) -> None:
    """Add `examples` to each field that has none and does not refer to another schema.

    The example is the first value of the field in the examples of its own schema. If there is none, the example is the
    value of a field with the same name in another schema.
    """
    schemas = document["components"]["schemas"]
    found: dict[tuple[str, str], Any] = {}
    for schema, value in _media(document):
        _collect(schemas, schema, value, found)
    for owner, schema in schemas.items():
        for name, field in schema.get("properties", {}).items():
            values = [found[owner, name]] if (owner, name) in found else _values_of(name, field, found)
            if needs_example(field) and "examples" not in field and values:
                field["examples"] = values[:1]


def needs_example(field: Node) -> bool:
    """Return whether a field needs an example. A constant, or a reference to another schema, needs none."""
    return not ("$ref" in field or "const" in field or "$ref" in field.get("items", {}))


def _values_of(name: str, field: Node, found: dict[tuple[str, str], Any]) -> list[Any]:
    """Return the values of all fields with this name. If this field has choices, return only values among them."""
    choices = field.get("enum")
    return [value for (_, each), value in found.items() if each == name and (choices is None or value in choices)]


def _media(document: Node) -> Iterator[tuple[Node, Any]]:
    """Yield the schema and the value of each example of a body."""
    operations = (each for item in document["paths"].values() for name, each in item.items() if name != "parameters")
    for operation in operations:
        for body in (operation.get("requestBody", {}), *operation["responses"].values()):
            for media in body.get("content", {}).values():
                if "example" in media:
                    yield media["schema"], media["example"]
    for response in document["components"]["responses"].values():
        media = response["content"]["application/json"]
        for example in media["examples"].values():
            yield media["schema"], example["value"]


def _collect(schemas: Node, schema: Node, value: Any, found: dict[tuple[str, str], Any], owner: str = "") -> None:
    """Add the values of all fields in `value` to `found`. A key of `found` is the name of a schema and of its field."""
    if "$ref" in schema:
        owner = schema["$ref"].removeprefix(_REF)
        schema = schemas[owner]
    if isinstance(value, list):
        for entry in value:
            _collect(schemas, schema.get("items", {}), entry, found, owner)
    elif isinstance(value, dict):
        for name, field in schema.get("properties", {}).items():
            if name in value and value[name] not in _EMPTY:
                found.setdefault((owner, name), value[name])
                _collect(schemas, field, value[name], found)
