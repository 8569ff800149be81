"""An organization's log behind the contracts of the event sourcing library.

The stock PostgreSQL recorder takes one lock for all writers and can let a reader miss events; here each organization
has a log of its own with dense positions, and whoever writes to it holds the lock on its head.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from eventsourcing.persistence import ApplicationRecorder, Notification, StoredEvent, Subscription
from psycopg import Connection, Cursor

from domain.registry import EVENTS
from infra.log.chain import link
from infra.log.records import COLUMNS, RecordedEvent, records
from infra.postgres.database import Row

_SELECT = f"SELECT {COLUMNS} FROM events WHERE org_id = %s AND originator_id = %s ORDER BY originator_version"
INSERT = f"INSERT INTO events (org_id, {COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
INSERT_LAST = f"""
WITH head AS (UPDATE org_log SET position = %s, recorded_at = %s, chain_hash = %s WHERE org_id = %s)
{INSERT}
"""
"""The last event of a command, with the head that moves onto it: one statement less while the head is locked."""


class Head:
    """The end of an organization's log, as it was locked and as events are put after it."""

    __slots__ = ("chain_hash", "position")

    def __init__(self, position: int, chain_hash: bytes) -> None:
        self.position, self.chain_hash = position, chain_hash


class OrganizationRecorder(ApplicationRecorder):
    """Reads and appends the events of one organization on one connection, inside the caller's transaction."""

    def __init__(self, conn: Connection[Row], org_id: str) -> None:
        self._conn, self._org_id = conn, org_id
        self._asked: dict[str, Cursor[Row]] = {}

    def ask_for(self, originator_id: str) -> None:
        """Send the query for an aggregate's events now, in the caller's pipeline; `select_events` has the answer."""
        self._asked[originator_id] = self._conn.execute(_SELECT, (self._org_id, originator_id), binary=True)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """Append events after `head`, which the caller has locked, and move it onto the last of them.

        `metadata` and `at` are theirs in common.
        """
        head: Head = kwargs["head"]
        metadata: str = kwargs["metadata"]
        at: datetime = kwargs["at"]
        positions = []
        for stored in stored_events:
            head.position += 1
            schema_version = EVENTS[stored.topic].schema_version
            fields = (str(stored.originator_id), stored.originator_version, stored.topic, schema_version)
            state = stored.state.decode()
            head.chain_hash = link(head.chain_hash, self._org_id, head.position, *fields, at, metadata, state)
            row = (self._org_id, head.position, *fields, state, metadata, at, head.chain_hash)
            if stored is stored_events[-1]:
                self._conn.execute(INSERT_LAST, (head.position, at, head.chain_hash, self._org_id, *row))
            else:
                self._conn.execute(INSERT, row)
            positions.append(head.position)
        return positions

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        asked = self._asked.pop(str(originator_id), None)
        if asked is not None and (gt, lte, desc, limit) == (None, None, False, None):
            return cast("Sequence[StoredEvent]", records(asked.fetchall()))
        sql = f"SELECT {COLUMNS} FROM events WHERE org_id = %s AND originator_id = %s"
        args: list[Any] = [self._org_id, originator_id]
        if gt is not None:
            sql, args = f"{sql} AND originator_version > %s", [*args, gt]
        if lte is not None:
            sql, args = f"{sql} AND originator_version <= %s", [*args, lte]
        sql += f" ORDER BY originator_version {'DESC' if desc else 'ASC'}"
        if limit is not None:
            sql, args = f"{sql} LIMIT %s", [*args, limit]
        return cast("Sequence[StoredEvent]", self._fetch(sql, args))

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Events in the order of the log. Positions are dense and commit in order, so none appears below later."""
        sql = f"SELECT {COLUMNS} FROM events WHERE org_id = %s"
        args: list[Any] = [self._org_id]
        if start is not None:
            sql, args = f"{sql} AND position {'>=' if inclusive_of_start else '>'} %s", [*args, start]
        if stop is not None:
            sql, args = f"{sql} AND position <= %s", [*args, stop]
        if topics:
            sql, args = f"{sql} AND name = ANY(%s)", [*args, list(topics)]
        return cast("Sequence[Notification]", self._fetch(f"{sql} ORDER BY position LIMIT %s", [*args, limit]))

    def max_notification_id(self) -> int | None:
        row = self._conn.execute("SELECT position FROM org_log WHERE org_id = %s", (self._org_id,)).fetchone()
        return row[0] or None if row else None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        """Events as they are recorded, found by asking again: no NOTIFY in a writer's transaction, which would make
        all writers of the database queue for one lock."""
        return PollingSubscription(self, gt, topics)

    def _fetch(self, sql: str, args: Sequence[Any]) -> list[RecordedEvent]:
        return records(self._conn.execute(sql, args, binary=True).fetchall())


class PollingSubscription(Subscription[ApplicationRecorder]):
    """Asks for the next page, and again after a pause when there is none."""

    PAUSE = 0.2
    PAGE = 500

    def __init__(self, recorder: ApplicationRecorder, gt: int | None, topics: Sequence[str]) -> None:
        super().__init__(recorder, gt, topics)
        self._position, self._names = gt or 0, topics
        self._page: list[Notification] = []
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()

    def __next__(self) -> Notification:
        while not self._page:
            if self._stopped.is_set():
                raise StopIteration
            found = self._recorder.select_notifications(
                self._position, self.PAGE, topics=self._names, inclusive_of_start=False
            )
            self._page = list(reversed(found))
            if not found:
                self._stopped.wait(self.PAUSE)
        notification = self._page.pop()
        self._position = notification.id
        return notification
