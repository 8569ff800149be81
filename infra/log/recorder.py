"""The recorder through which the event sourcing library reads and appends an organization's events.

The library's own PostgreSQL recorder has one lock for all writers, and its readers can miss events. In this service,
each organization has its own log with dense positions, and a writer locks only the head of that log.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import msgspec
from eventsourcing.persistence import ApplicationRecorder, Notification, StoredEvent, Subscription
from psycopg import Connection

from domain.registry import EVENTS
from infra.log.heads import get_position
from infra.log.mapper import SplitEvent
from infra.log.proofs.chain import FIRST_FORMAT, Chain, link
from infra.log.reading.pages import select_where
from infra.log.records import COLUMNS, Head, RecordedEvent
from infra.log.subscription import PollingSubscription
from infra.postgres.database import Row

INSERT_EVENT = f"INSERT INTO events (org_id, {COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
MOVE_HEAD = "UPDATE org_log SET position = %s, recorded_at = %s, chain_hash = %s WHERE org_id = %s"
"""Moves the head to a command's last event."""
MOVE_NUMBERED = MOVE_HEAD.replace(" WHERE", ", series = series || jsonb_build_object(%s::text, %s::int) WHERE")
"""The same, and stores the last serial number of a financial year in the head, which is so updated only once."""


class OrganizationRecorder(ApplicationRecorder):
    """Reads and appends the events of one organization on one connection, inside the caller's transaction."""

    def __init__(
        self, conn: Connection[Row], org_id: str, execute: Callable[[str, Sequence[Any]], object] | None = None
    ) -> None:
        """`execute` is called with each statement that appends events; by default, the connection executes it."""
        self._conn, self._org_id, self._execute = conn, org_id, execute or conn.execute
        self._histories: dict[str, list[RecordedEvent]] = {}
        self.head: Head | None = None
        """The head after the events that were appended; None if none was."""

    def hold(self, originator_id: str, history: list[RecordedEvent]) -> None:
        """Keep an aggregate's events, which are already loaded. The next call of `select_events` returns them."""
        self._histories[originator_id] = history

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """Append events after the head, and move the head to the last of them. Return their positions.

        The keyword arguments are `head`, which the caller has locked, for all events `metadata` and the time `at`,
        `series`: if the events use a number of the invoice series, the year and the serial number; else nothing, and
        `chain_format`: that of the log, in which the events were encoded.
        """
        chain = Chain(self._org_id, kwargs.get("chain_format", FIRST_FORMAT))
        head: Head = kwargs["head"]
        at: datetime = kwargs["at"]
        series: Sequence[Any] = kwargs.get("series", ())
        for stored in stored_events:
            event = _recorded(stored, head.position + 1, kwargs["metadata"], at)
            head = Head(event.position, link(head.chain_hash, chain, event))
            self._execute(INSERT_EVENT, (self._org_id, *_values(event), head.chain_hash))
        move = MOVE_NUMBERED if series else MOVE_HEAD
        self._execute(move, (head.position, at, head.chain_hash, *series, self._org_id))
        self.head = head
        return range(head.position + 1 - len(stored_events), head.position + 1)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        history = self._histories.pop(str(originator_id), None)
        if history is not None and (gt, lte, desc, limit) == (None, None, False, None):
            return cast("Sequence[StoredEvent]", history)
        conditions = ["originator_id = %(id)s"]
        if gt is not None:
            conditions.append("originator_version > %(gt)s")
        if lte is not None:
            conditions.append("originator_version <= %(lte)s")
        values = {"org": self._org_id, "id": originator_id, "gt": gt, "lte": lte}
        order_by = f"originator_version {'DESC' if desc else 'ASC'}"
        return cast("Sequence[StoredEvent]", select_where(self._conn, conditions, values, order_by, limit).fetchall())

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Return events in the order of the log.

        Positions are dense, and events are committed in the order of their positions. So an event that is committed
        later always has a higher position than the returned ones.
        """
        conditions = []
        if start is not None:
            conditions.append(f"position {'>=' if inclusive_of_start else '>'} %(start)s")
        if stop is not None:
            conditions.append("position <= %(stop)s")
        if topics:
            conditions.append("name = ANY(%(names)s)")
        values = {"org": self._org_id, "start": start, "stop": stop, "names": list(topics)}
        found = select_where(self._conn, conditions, values, limit=limit).fetchall()
        return cast("Sequence[Notification]", found)

    def max_notification_id(self) -> int | None:
        return get_position(self._conn, self._org_id) or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        """Return a subscription to events as they are recorded.

        The subscription polls. It does not use NOTIFY, because writers that use NOTIFY in their transaction wait for
        one lock of the whole database.
        """
        return PollingSubscription(self, gt, topics)


def _recorded(stored: StoredEvent, position: int, metadata: str, at: datetime) -> RecordedEvent:
    """Return the row of a new event, without its hash."""
    return RecordedEvent(
        position,
        str(stored.originator_id),
        stored.originator_version,
        stored.topic,
        EVENTS[stored.topic].schema_version,
        stored.state.decode(),
        metadata,
        at,
        stored.personal if isinstance(stored, SplitEvent) else None,
    )


def _values(event: RecordedEvent) -> tuple[Any, ...]:
    """Return the values of COLUMNS without the hash, which is the last column."""
    return msgspec.structs.astuple(event)[:-1]
