"""Objects with many events, which tests of growth compare with objects that have few."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from eventsourcing.persistence import EventStore
from psycopg import Connection

from commands.command import Actor, Context
from commands.document import UpdateDocument
from commands.invoice import UpdateInvoice
from infra.log.command_bus import execute_on
from infra.log.heads import get_head, get_organization
from infra.log.mapper import MAPPER
from infra.log.reading.histories import select_history
from infra.log.recorder import INSERT_EVENT, OrganizationRecorder
from projections.registry import ROWS
from tests.support.restored import folded

METADATA = '{"actor":{"type":"test","id":"t"},"requestId":"test_long"}'


def lengthen(conn: Connection[Any], org_id: str, kind: str, id: str, events: int) -> None:
    """Change the notes of a document until it has this number of events, one microsecond apart, and store its row."""
    projection: Any = ROWS[kind]
    history = [MAPPER.event(record) for record in select_history(conn, org_id, id).fetchall()]
    document: Any = folded(projection.aggregate, history)
    begin, head = get_organization(conn, org_id).recorded_at, get_head(conn, org_id)
    assert begin is not None
    appended: list[tuple[str, Sequence[Any]]] = []
    recorder = OrganizationRecorder(conn, org_id, lambda sql, values: appended.append((sql, values)))
    store: EventStore[str] = EventStore(MAPPER, recorder)
    for number in range(len(history) + 1, events + 1):
        at = begin + timedelta(microseconds=number)
        document.update({"notes": f"Change {number}"}, at)
        new = document.collect_events()
        store.put(new, head=recorder.head or head, metadata=METADATA, at=at)
        history += new
    with conn.transaction():
        _execute(conn, appended)
        for sql, values in projection.statements(org_id, id, projection.fold_all(history), is_new=False):
            conn.execute(sql, values)


def _execute(conn: Connection[Any], appended: Sequence[tuple[str, Sequence[Any]]]) -> None:
    """Insert all events at once, and move the head only to the last of them: one by one takes five times as long."""
    inserted = [values for sql, values in appended if sql == INSERT_EVENT]
    conn.cursor().executemany(INSERT_EVENT, inserted)
    conn.execute(*appended[-1])


def change_notes(conn: Connection[Any], org_id: str, id: str, notes: str) -> Any:
    """Run a command that changes one field of an invoice; return its result."""
    command: UpdateDocument = UpdateInvoice(id=id, notes=notes)
    return execute_on(conn, command, Context(org_id=org_id, actor=Actor("test", "t"), request_id="test_notes"))


def pages_read(conn: Connection[Any], sql: str, values: Any = ()) -> int:
    """Return how many pages of 8 kB the statement touches, in the buffer cache or not."""
    ((plan,),) = conn.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}", values).fetchall()
    top = json.loads(plan)[0]["Plan"]
    return int(top["Shared Hit Blocks"] + top["Shared Read Blocks"])
