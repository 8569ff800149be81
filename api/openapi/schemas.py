"""JSON Schemas of what comes in and goes out, made from the types that read the one and write the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from api.account import Account, UsageReport
from api.assistant.reply import AssistantReply
from api.events import EventsPagination
from api.http.answers import Pagination
from api.openapi.texts import FIELDS
from commands.command import Actor
from commands.document import NewLine
from commands.objects import Items, body_fields
from domain.bill import Bill
from domain.document_events import Payment
from domain.invoice import Invoice
from domain.leave import DAY_PARTS, TYPES, Leave
from domain.pricing import LineItem
from projections.bill import BillSummary
from projections.document import Details
from projections.invoice import InvoiceSummary
from projections.leave import LeaveRow
from projections.views.events import READ_SCOPES, ShownEvent, public_names

Schema = dict[str, Any]
REF = "#/components/schemas/{name}"
DECIMAL: Schema = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
INSTANT: Schema = {"type": "string", "format": "date-time"}

_NAMES = {"ShownEvent": "Event", "LeaveRow": "Leave", "NewLine": "NewLineItem"}
"""Schemas that are called otherwise than their Structs."""

_SHOWN = (InvoiceSummary, BillSummary, LeaveRow, Details, LineItem, Payment, ShownEvent, Actor)
_ACCOUNT = (Account, UsageReport, Pagination, EventsPagination, AssistantReply)


def ref(name: str) -> Schema:
    """A reference to the schema of that name."""
    return {"$ref": REF.format(name=name)}


def component_schemas(bodies: Iterable[type[msgspec.Struct]]) -> dict[str, Schema]:
    """Every schema by its name: the resources', and those of these request bodies."""
    found = _resources()
    structs: list[type[msgspec.Struct]] = [NewLine, *bodies]
    for struct in structs:
        found[_named(struct.__name__)] = body_schema(struct)
    return found


def body_schema(struct: type[msgspec.Struct]) -> Schema:
    """What a request's body, or an object inside it, may hold."""
    properties: dict[str, Schema] = {}
    required = []
    defaults = {field.encode_name: field.default for field in msgspec.structs.fields(struct)}
    for name, field in body_fields(struct).items():
        schema = field.type.schema()
        if isinstance(field.type, Items):
            schema["items"] = ref(_named(field.type.of.__name__))
        if field.nullable:
            schema = {**schema, "type": [schema["type"], "null"]}
            if "enum" in schema:
                schema["enum"] = [*schema["enum"], None]
        if isinstance(default := defaults[name], str):
            schema["default"] = default
        properties[name] = _described(name, schema)
        if field.required:
            required.append(name)
    schema = {"title": _named(struct.__name__), "description": _text(struct), "type": "object"}
    schema |= {"properties": properties, "additionalProperties": False}
    return {**schema, "required": required} if required else schema


def _resources() -> dict[str, Schema]:
    _, made = msgspec.json.schema_components((*_SHOWN, *_ACCOUNT), ref_template=REF)
    found = {_named(name): _shown(schema) for name, schema in made.items()}
    details = found.pop("Details")["properties"]
    for name, aggregate in (("Invoice", Invoice), ("Bill", Bill), ("Leave", Leave)):
        line = found[name if aggregate is Leave else f"{name}Summary"]
        _refine(line["properties"], status=_words(aggregate.transitions()))
        actions = {action: None for status in aggregate.transitions() for action in aggregate.actions(status)}
        line["properties"]["availableActions"]["items"] = _words(actions)
        if aggregate is not Leave:
            whole = {**line, "title": name, "properties": {**line["properties"], **details}}
            found[name] = {**whole, "description": f"{line['description'].split(' as ')[0]}, whole."}
            found[name]["required"] = list(found[name]["properties"])
            line["properties"] = whole["properties"]
            line["description"] += " `items` and `payments` are there with `include=items` alone."
    _refine(found["Leave"]["properties"], type=_words(TYPES), dayPart=_words(DAY_PARTS))
    event = found["Event"]["properties"]
    _refine(event, type=_words(public_names()), resourceType=_words(READ_SCOPES), data={"type": "object"})
    event["actor"] = ref("Actor")
    return found


def _shown(schema: Schema) -> Schema:
    """The schema of something that is always answered whole: every field is there, if only as null."""
    schema = _walk(schema)
    schema["title"] = _named(schema["title"])
    schema["description"] = " ".join(schema.get("description", "").split())
    properties = schema["properties"]
    for name in properties:
        if name.endswith("At") or name in ("windowStart", "start"):
            properties[name] = _walk(properties[name], INSTANT)
        properties[name] = _described(name, properties[name])
    schema["required"] = [name for name in properties if name not in ("nextAfter", "nextBefore")]
    return schema


def _walk(node: Any, text: Schema | None = None) -> Any:
    """The same schema with decimals as the API writes them, renamed references, and `text` in place of plain texts."""
    if not isinstance(node, dict):
        return [_walk(each, text) for each in node] if isinstance(node, list) else node
    if node.get("format") == "decimal":
        return dict(DECIMAL)
    if text is not None and node in ({"type": "string"}, {"type": ["string", "null"]}):
        return {**text, **node}
    if "anyOf" in node and {"type": "null"} in node["anyOf"] and len(node["anyOf"]) == 2:
        other = _walk(next(each for each in node["anyOf"] if each != {"type": "null"}), text)
        if "type" in other:
            return {**other, "type": [other["type"], "null"]}
    found = {name: _walk(each, text) for name, each in node.items() if name not in ("default", "prefixItems")}
    if "$ref" in found:
        return ref(_named(found["$ref"].rpartition("/")[2]))
    return found


def _described(name: str, schema: Schema) -> Schema:
    return {**schema, "description": FIELDS[name]} if name in FIELDS and "$ref" not in schema else schema


def _refine(properties: dict[str, Schema], **schemas: Schema) -> None:
    for name, schema in schemas.items():
        properties[name] = _described(name, schema)


def _words(words: Iterable[str]) -> Schema:
    return {"type": "string", "enum": list(words)}


def _named(name: str) -> str:
    return _NAMES.get(name, name)


def _text(struct: type) -> str:
    return " ".join((struct.__doc__ or "").split())
