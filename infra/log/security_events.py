"""Stores the security events of a command in its transaction, and writes them to the program log."""

from __future__ import annotations

import logging
from typing import Any

import msgspec

from commands.command import Context, Trace
from infra.postgres.statements import Call
from infra.postgres.wire import Wire

logger = logging.getLogger("smartdhandha.security")

RECORD = "SELECT record_security_event(%s, %s, %s, %s, %s, %s, %s, %s)"
"""Stores an event, and returns it as JSON. Its values are: kind, organization, type of the actor, id of the actor,
id of the object, network address, request id, details as JSON."""


def security_event_calls(wire: Wire, context: Context, trace: Trace, aggregate_id: str | None) -> list[Call]:
    """Return the calls that store a command's security events; none if the context names no person and no key."""
    person = context.person
    if person is None:
        return []
    details = None if trace.details is None else msgspec.json.encode(trace.details).decode()
    object_id = trace.object_id or aggregate_id
    who = (context.org_id, person.type, person.id, object_id, person.address, context.request_id, details)
    return [wire.bind(RECORD, (kind.value, *who)) for kind in trace.kinds]


def write_lines(*stored: bytes) -> None:
    """Write a line for each event to the program log. Call this after the transaction of the events was committed."""
    for event in stored:
        facts = msgspec.json.decode(event, type=dict[str, Any])
        logger.info("%s", facts.pop("kind"), extra={"facts": facts})
