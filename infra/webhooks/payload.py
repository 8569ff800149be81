"""The bodies of deliveries: an event as `/events` shows it, with the object as it was after the event."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import NamedTuple

import psycopg
from psycopg import Connection

from infra.log.mapper import MAPPER
from infra.log.reading.histories import stream_histories
from infra.log.reading.pages import select_where
from infra.log.records import RecordedEvent
from infra.postgres.database import Row
from infra.reads.event_objects import fold_objects, latest_versions
from projections.views.deliveries import wrap_event
from projections.views.events import add_object, event_id, render_event

logger = logging.getLogger("smartdhandha.webhooks")


class EventBody(NamedTuple):
    """The body of an event, and the id of the event."""

    event_id: str
    content: bytes


def make_bodies(conn: Connection[Row], org_id: str, positions: Sequence[int]) -> dict[int, EventBody]:
    """Return the body of the event at each of these positions of an organization's log.

    Events that cannot be read or folded are left out, and logged.
    """
    if not positions:
        return {}
    values = {"org": org_id, "positions": list(positions)}
    records = select_where(conn, ["position = ANY(%(positions)s)"], values).fetchall()
    try:
        return _make(conn, org_id, records)
    except psycopg.Error:
        raise
    except Exception:
        if len(records) > 1:
            return {key: body for each in records for key, body in make_bodies(conn, org_id, [each.position]).items()}
        logger.exception("the event at position %d of %s cannot be delivered", records[0].position, org_id)
        return {}


def _make(conn: Connection[Row], org_id: str, records: Sequence[RecordedEvent]) -> dict[int, EventBody]:
    bodies: dict[int, EventBody] = {}
    while len(bodies) < len(records):
        bodies |= _make_some(conn, org_id, records[len(bodies) :])
    return bodies


def _make_some(conn: Connection[Row], org_id: str, records: Sequence[RecordedEvent]) -> dict[int, EventBody]:
    """Return the bodies of the first records: as many as fit on a page of events, and at least one."""
    events = [render_event(org_id, record, MAPPER.state(record)) for record in records]
    with conn.transaction():
        histories = stream_histories(conn, org_id, latest_versions(records))
        objects = fold_objects(records, [len(event) for event in events], histories)
    return {
        record.position: EventBody(event_id(record.chain_hash), wrap_event(record.name, add_object(event, resource)))
        for record, event, resource in zip(records, events, objects, strict=False)
    }
