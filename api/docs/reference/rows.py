"""The fields of bodies and responses, and the parameters of requests, as rows for the pages of the API reference."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from markupsafe import Markup

from api.openapi.reader import Node, resolve
from api.pages.markdown import html_renderer, safe_html

_RENDERER = html_renderer()
_MANY = 12
"""A row lists at most this many choices. If there are more, the row shows only their number."""
_FORMATS = {"date": "date", "date-time": "time in UTC", "uri": "URL"}


class FieldRow(NamedTuple):
    """A field or a parameter."""

    name: str
    type: str
    """The type of the value, in words."""
    is_required: bool
    text: Markup
    example: str
    """The example as JSON; empty without one."""
    rows: tuple[FieldRow, ...] = ()
    """The fields of the object, or of the objects in the list."""


def field_rows(document: Node, schema: Node) -> tuple[FieldRow, ...]:
    """Return the fields of a schema. For a list, return the fields of its entries."""
    schema = resolve(document, schema)
    schema = resolve(document, schema.get("items", schema))
    required = schema.get("required", ())
    return tuple(
        FieldRow(name, type_in_words(field), name in required, _inline(field), _example(field), _rows(document, field))
        for name, field in schema.get("properties", {}).items()
    )


def parameter_rows(parameters: Iterable[Node]) -> list[FieldRow]:
    """Return the parameters of a request."""
    return [
        FieldRow(
            each["name"], type_in_words(each["schema"]), each.get("required", False), _inline(each), _example(each)
        )
        for each in parameters
    ]


def type_in_words(schema: Node) -> str:
    """Return what values a schema accepts, in a few words."""
    if "$ref" in schema:
        return "object"
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(type_in_words(each) for each in schema["anyOf"]))
    types = schema.get("type", "")
    names = [types] if isinstance(types, str) else list(types)
    choices = [each for each in schema.get("enum", ()) if each]
    words = _FORMATS.get(schema.get("format", ""), names[0] if names else "")
    if choices:
        words = f"one of {len(choices)} codes" if len(choices) > _MANY else "one of " + ", ".join(choices)
    elif names[:1] == ["array"]:
        words = f"list of {type_in_words(schema['items'])}s" if "enum" not in schema["items"] else "list of words"
    return f"{words}{_limits(schema)}{' or null' if 'null' in names else ''}"


def _limits(schema: Node) -> str:
    low, high = schema.get("minLength", schema.get("minItems")), schema.get("maxLength", schema.get("maxItems"))
    default = f", default {schema['default']}" if schema.get("default") else ""
    if not high:
        return default
    unit = "entries" if "maxItems" in schema else "characters"
    return f", {low} to {high} {unit}{default}" if low else f", at most {high} {unit}{default}"


def _rows(document: Node, field: Node) -> tuple[FieldRow, ...]:
    has_fields = "$ref" in field or "$ref" in field.get("items", {})
    return field_rows(document, field) if has_fields else ()


def _inline(node: Node) -> Markup:
    return safe_html(_RENDERER.renderInline(node.get("description", "")))


def _example(node: Node) -> str:
    examples = (
        [node["example"]] if "example" in node else node.get("examples") or node.get("schema", {}).get("examples")
    )
    return json.dumps(examples[0], ensure_ascii=False) if examples else ""
