"""Makes the JSON Schemas of bodies and responses from the types that parse bodies and write responses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from api.openapi.texts import TEXTS, field_example, field_text, is_own_text
from api.operation import Operation, ResponseType
from commands.command import Actor
from commands.fields.of_body import BodyField, body_fields
from commands.objects import Items, Object
from projections.views.events import READ_SCOPES, ShownEvent, public_names

Schema = dict[str, Any]
REF = "#/components/schemas/{name}"
DECIMAL: Schema = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}


def ref(name: str) -> Schema:
    """Return a reference to the schema with this name."""
    return {"$ref": REF.format(name=name)}


def component_schemas(operations: Iterable[Operation]) -> dict[str, Schema]:
    """Return all schemas that these operations need, by name."""
    schemas: dict[str, Schema] = {}
    for operation in operations:
        if operation.response is not None:
            schemas = response_schemas(operation.response, operation.response.tag or operation.tag) | schemas
        if operation.pagination is not None:
            schemas = _components(operation.pagination, operation.tag) | schemas
        if operation.body is not None:
            schemas = body_schemas(operation.body, operation.tag) | schemas
    return schemas


def envelope_schema(operation: Operation, response: ResponseType) -> Schema:
    """Return the schema of the whole response: the envelope with `data`."""
    one = ref(response.name)
    data = {**one, "description": operation.facts.response}
    if operation.pagination is not None:
        data = {"type": "array", "items": one, "description": "The entries of this page."}
    properties: Schema = {"success": {"const": True}, "data": data}
    if operation.pagination is not None:
        properties["pagination"] = ref(operation.pagination.__name__)
    described = {name: _described(operation.tag, operation.envelope, name, each) for name, each in properties.items()}
    text = "A page of a list." if operation.pagination is not None else "A success."
    shape: Schema = {"title": operation.envelope, "description": text, "type": "object"}
    return {**shape, "properties": described, "required": list(described)}


def response_schemas(response: ResponseType, tag: str) -> dict[str, Schema]:
    """Return the schema of `data` in a response, and the schemas to which it refers, by name."""
    parts = [_components(struct, tag) for struct in (*response.structs, *response.optional_structs)]
    schemas = {name: schema for part in parts for name, schema in part.items()}
    wholes = [schemas.pop(struct.__name__) for struct in response.structs]
    optional = [schemas.pop(struct.__name__) for struct in response.optional_structs]
    schema = {**wholes[0], "title": response.name}
    if response.description:
        schema["description"] = response.description
    if optional:
        names = " and ".join(f"`{name}`" for part in optional for name in part["properties"])
        schema["description"] += f" {names} are present only when `include` requests them."
    schema["properties"] = {name: each for part in (*wholes, *optional) for name, each in part["properties"].items()}
    schema["required"] = [name for part in wholes for name in part["required"]]
    if ShownEvent in response.structs:
        _refine_event(schema["properties"])
        schemas |= _components(Actor, tag)
    return {**schemas, response.name: schema}


def body_schemas(struct: type[msgspec.Struct], tag: str) -> dict[str, Schema]:
    """Return the schema of a body, and the schemas of the objects inside it, by name."""
    fields = body_fields(struct)
    defaults = {field.encode_name: field.default for field in msgspec.structs.fields(struct)}
    parts: dict[str, Schema] = {}
    for field in fields.values():
        if isinstance(field.type, Items | Object):
            parts |= body_schemas(field.type.of, tag)
    owner = struct.__name__
    properties = {
        name: _described(tag, owner, name, _field_schema(field, defaults[name])) for name, field in fields.items()
    }
    schema: Schema = {
        "title": owner,
        "description": text_of(struct),
        "type": "object",
        "properties": properties,
    }
    schema["additionalProperties"] = False
    if required := [name for name, field in fields.items() if field.required]:
        schema["required"] = required
    return {**parts, owner: schema}


def text_of(described: type) -> str:
    """Return the docstring of a type on one line."""
    return " ".join((described.__doc__ or "").split())


def _components(struct: type[msgspec.Struct], tag: str) -> dict[str, Schema]:
    """Return the schemas of a Struct of a response, and of the Structs inside it, by name."""
    _, components = msgspec.json.schema_components((struct,), ref_template=REF)
    return {name: _shown(schema, tag, name) for name, schema in components.items()}


def _shown(schema: Schema, tag: str, owner: str) -> Schema:
    """Return the schema that msgspec makes of a Struct, changed for a response and with texts for its fields.

    A response contains all fields, even if their value is null. Therefore fields with a default are marked as required,
    which msgspec does not do. Only a field with the default UNSET can be absent. For such a field, msgspec shows no
    default.
    """
    required = schema.get("required", ())
    properties = schema.get("properties", {})
    return {
        **_walk(schema),
        "description": " ".join(schema.get("description", "").split()),
        "properties": {name: _described(tag, owner, name, _walk(each)) for name, each in properties.items()},
        "required": [name for name, each in properties.items() if name in required or "default" in each],
    }


def _walk(node: Any) -> Any:
    """Return a schema of msgspec with two changes: decimals become strings, and nullable types lose their `anyOf`."""
    if not isinstance(node, dict):
        return [_walk(each) for each in node] if isinstance(node, list) else node
    if node.get("format") == "decimal":
        return dict(DECIMAL)
    if "anyOf" in node and {"type": "null"} in node["anyOf"] and len(node["anyOf"]) == 2:
        other = _walk(next(each for each in node["anyOf"] if each != {"type": "null"}))
        if "type" in other:
            choices = {"enum": [*other["enum"], None]} if "enum" in other else {}
            return {**other, "type": [other["type"], "null"], **choices}
    return {name: _walk(each) for name, each in node.items() if name not in ("default", "prefixItems")}


def _field_schema(field: BodyField, default: object) -> Schema:
    schema = field.type.schema()
    if isinstance(field.type, Items):
        schema["items"] = ref(field.type.of.__name__)
    if isinstance(field.type, Object):
        schema["anyOf"] = [{**each, **ref(field.type.of.__name__)} for each in schema["anyOf"]]
    if field.nullable:
        schema = _nullable(schema)
    return {**schema, "default": default} if isinstance(default, str) else schema


def _nullable(schema: Schema) -> Schema:
    """Return a schema that also accepts null and an empty string, which means null."""
    if "type" not in schema:
        return {"anyOf": [*schema["anyOf"], {"type": "string", "maxLength": 0}, {"type": "null"}]}
    if schema["type"] != "string":
        return {**schema, "type": [schema["type"], "string", "null"], "maxLength": 0}
    nullable = {**schema, "type": [schema["type"], "null"]}
    nullable.pop("minLength", None)
    if "pattern" in schema:
        nullable["pattern"] = f"^({schema['pattern'].removeprefix('^').removesuffix('$')})?$"
    if "enum" in schema:
        nullable["enum"] = [*schema["enum"], "", None]
    return nullable


def _described(tag: str, owner: str, name: str, schema: Schema) -> Schema:
    """Return the schema of a field with its text. `owner` is the name of the schema that has the field."""
    if "description" in schema or (text := field_text(tag, owner, name)) is None:
        return schema
    if name == "status" and not is_own_text(tag, owner, name):
        text += "".join(f" `{status}`: {meaning}" for status, meaning in TEXTS[tag].statuses.items())
    example = field_example(tag, owner, name)
    examples = {} if example is None else {"examples": [example]}
    return {**schema, "description": text, **examples}


def _refine_event(properties: dict[str, Schema]) -> None:
    """Add facts that the Struct of an event cannot declare, such as the possible types of events."""
    properties["type"]["enum"] = list(public_names())
    properties["resourceType"]["enum"] = list(READ_SCOPES)
    properties["data"]["type"] = "object"
    properties["object"]["type"] = "object"
    properties["actor"] = {**ref("Actor"), "description": properties["actor"]["description"]}
