"""Makes examples of responses. The real handlers run the example requests in memory, so the examples stay correct."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec
from msgspec import UNSET

from api.openapi.texts import TEXTS, request_example, response_example_texts
from api.operation import Operation, OperationKind
from api.samples.placeholders import today
from commands.body import parse_command
from commands.command import Actor
from commands.dispatch import handle
from commands.memory import InMemoryUnitOfWork
from domain.aggregate import Event
from domain.calendar import financial_year, financial_year_label, instant
from domain.registry import AGGREGATES, kind_of
from projections.registry import ROWS
from projections.views.events import ShownEvent

EXAMPLE_ORIGIN = "https://api.example.com"
"""The placeholder for the service's address in examples and code samples. `openapi.json` shows the real address."""
KEY_ID, REQUEST_ID = "key_01KEXAMPLE0000000000000000", "req_4f1c2a9be07d35c8a1b2c3d4"
_SENDER, _USER = Actor("api_key", KEY_ID), Actor("user", "usr_01KEXAMPLE0000000000000000")
"""Who sends the example requests. No managing key is stored in memory, so a user sends those about keys."""
_BEGINS = time(4, 30, tzinfo=UTC)
"""The time of the first example request on the current day: 10:00 in India."""


def response_examples(operations: Iterable[Operation]) -> dict[str, Any]:
    """Return an example of `data` in the response of each operation, by the id of the operation."""
    operations = list(operations)
    examples = response_example_texts()
    log: list[Any] = []
    writes = {operation.id: operation for operation in operations if operation.command}
    for tag in TEXTS:
        of_tag = [operation for operation in operations if operation.tag == tag]
        if any(operation.command for operation in of_tag):
            examples |= _examples_of_tag(tag, of_tag, writes, log)
    for operation in operations:
        if operation.kind is OperationKind.LIST and operation.id not in examples:
            examples[operation.id] = log  # This operation lists the events of all objects.
    return examples


def pagination_example(operation: Operation, entries: list[Any]) -> dict[str, Any]:
    """Return the `pagination` of the last page of a list as an example. `entries` are the entries of the page."""
    assert operation.pagination is not None
    last: dict[str, Any] = {"limit": 50, "hasMore": False, "nextCursor": None, "nextUrl": None}
    if "nextAfter" in operation.pagination.__struct_encode_fields__:
        last["nextAfter"] = entries[-1]["position"]
    return last


def _examples_of_tag(
    tag: str, operations: Iterable[Operation], writes: dict[str, Operation], log: list[Any]
) -> dict[str, Any]:
    """Return the examples of the operations on one kind of object, by operation id. Append the events to `log`.

    `writes` are the operations of all tags that run a command.
    """
    examples, history = _run_requests(tag, writes)
    events = [example_event(event, len(log) + place) for place, event in enumerate(history, 1)]
    if any(AGGREGATES[kind_of(event.topic)].read_scope for event in history):
        log += events
    whole = list(examples.values())[-1]
    for operation in operations:
        if operation.kind in (OperationKind.GET, OperationKind.STATE):
            examples[operation.id] = _entry(operation, whole)
        elif operation.kind is OperationKind.LIST:
            examples[operation.id] = [_entry(operation, whole)]
        elif operation.kind is OperationKind.OBJECT_EVENTS:
            examples[operation.id] = events
    return examples


def path_values(resource: dict[str, Any]) -> dict[str, str]:
    """Return values for the path parameters below an object: `id`, and `paymentId` with the id of its first payment."""
    firsts = {name: value[0] for name, value in resource.items() if isinstance(value, list) and value}
    below = {
        f"{name.removesuffix('s')}Id": first["id"]
        for name, first in firsts.items()
        if isinstance(first, dict) and "id" in first
    }
    return {"id": resource["id"], **below}


def example_unit_of_work(day: date, actor: Actor = _SENDER) -> InMemoryUnitOfWork:
    """Return a unit of work in memory in the morning of this day, whose ids are examples."""
    return InMemoryUnitOfWork(
        datetime.combine(day, _BEGINS),
        new_id=lambda prefix: f"{prefix}_01KEXAMPLE0000000000000000",
        actor=actor,
        numbers=[f"INV-{financial_year_label(financial_year(day))}-0001"],
    )


def _run_requests(tag: str, writes: dict[str, Operation]) -> tuple[dict[str, Any], list[Event]]:
    """Run the example requests. Return the object after each request, by operation id, and all events of the object."""
    day = today()
    manages_keys = any(operation.needs_managing_key for operation in writes.values() if operation.tag == tag)
    uow = example_unit_of_work(day, _USER if manages_keys else _SENDER)
    resources: dict[str, Any] = {}
    history: list[Event] = []
    _run_before(tag, writes, uow, day)
    for id in TEXTS[tag].examples:
        if id not in writes:
            continue
        command = writes[id].command
        assert command is not None
        path = path_values(list(resources.values())[-1]) if resources else {}
        handle(parse_command(command, request_example(id, day), path.pop("id", None), path=path), uow)
        uow.at += timedelta(minutes=1)
        projection = ROWS[command.target.kind]
        history = [event for event in uow.events if event.topic in command.target.event_classes()]
        resources[id] = json.loads(writes[id].render(projection.to_json(projection.fold_all(history))))
    return resources, history


def _run_before(tag: str, writes: dict[str, Operation], uow: InMemoryUnitOfWork, day: date) -> None:
    """Run the example requests of other tags that the examples of this tag need."""
    object_id: str | None = None
    for id in TEXTS[tag].before:
        command = writes[id].command
        assert command is not None
        object_id = handle(parse_command(command, request_example(id, day), object_id), uow).id
        uow.at += timedelta(minutes=1)


def _entry(operation: Operation, whole: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of the object that the response of this operation always has."""
    assert operation.response is not None
    names = {name for struct in operation.response.structs for name in struct.__struct_encode_fields__}
    return {name: value for name, value in whole.items() if name in names}


def example_event(event: Event, position: int) -> Any:
    """Return an event at this position of the log as the API shows it, without the object."""
    data = msgspec.structs.replace(event, originator_id=UNSET, originator_version=UNSET, timestamp=UNSET)
    example = ShownEvent(
        id=f"evt_{position:024x}",
        position=position,
        livemode=True,
        type=event.topic,
        resource_type=kind_of(event.topic),
        resource_id=event.originator_id,
        version=event.originator_version,
        occurred_at=instant(event.timestamp),
        actor={"type": "api_key", "id": KEY_ID},
        request_id=REQUEST_ID,
        data=msgspec.Raw(msgspec.json.encode(data)),
    )
    return json.loads(msgspec.json.encode(example))
