"""Where `smartdhandha listen` gets events: from the API with a key, or from an organization's log in the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import httpx
import msgspec
from psycopg import Connection

from domain.registry import EVENTS
from infra.cli.clients.connection import ask
from infra.log.heads import get_head
from infra.log.reading.pages import list_page
from infra.postgres.database import Row
from infra.webhooks.payload import make_bodies
from projections.views.deliveries import wrap_event
from projections.views.events import event_id

SELECT_RECENT_TESTS = """
SELECT id, event_id, type, sample FROM webhook_deliveries
WHERE org_id = %s AND origin = 'test' AND status <> 'pending' AND created_at > clock_timestamp() - interval '1 minute'
ORDER BY created_at, id
"""
PAGE_EVENTS = 100
"""How many events are asked for at once."""


class NewEvent(NamedTuple):
    """An event with the body that a webhook would receive."""

    id: str
    type: str
    body: bytes


class NewEvents(NamedTuple):
    """The next events. `position` is where to go on."""

    events: list[NewEvent]
    position: int
    has_more: bool


class EventSource(Protocol):
    """What `listen` asks. Both methods raise Refused and Unreachable."""

    def end(self) -> int:
        """Return the position of the last event."""

    def after(self, position: int) -> NewEvents:
        """Return the next events after a position."""


class ApiEvents:
    """The events that a key can see, from `GET /api/v1/events`. Each call costs one credit of the key."""

    def __init__(self, client: httpx.Client, names: Sequence[str] | None) -> None:
        """`client` sends the key, and has the address of the service. `names` are the events; None means all."""
        self._client = client
        self._names = {"type": ",".join(names)} if names is not None else {}

    def end(self) -> int:
        """Return the position of the last event that the key can see."""
        found = self._get({"order": "desc", "limit": "1"}).data
        return msgspec.json.decode(found[0], type=_Shown).position if found else 0

    def after(self, position: int) -> NewEvents:
        """Return the next events after a position."""
        query = {"after": str(position), "limit": str(PAGE_EVENTS), "include": "object", **self._names}
        page = self._get(query)
        return NewEvents([_event(each) for each in page.data], page.pagination.next_after, page.pagination.has_more)

    def _get(self, query: dict[str, str]) -> _Page:
        return ask(self._client, "/api/v1/events", query, _Page)


class LogEvents:
    """The events of an organization's log, as its owner sees them, and the tests of its webhooks.

    Reading them costs no credits.
    """

    def __init__(self, conn: Connection[Row], org_id: str, names: Sequence[str]) -> None:
        self._conn, self._org_id, self._names = conn, org_id, frozenset(names)
        self._shown_tests = {id for id, _ in self._recent_tests()}

    def end(self) -> int:
        """Return the position of the last event. Raises NotFound for an unknown organization."""
        return get_head(self._conn, self._org_id).position

    def after(self, position: int) -> NewEvents:
        """Return the next events after a position."""
        page = list_page(self._conn, self._org_id, position, PAGE_EVENTS)
        found = [event for event in page if event.name in self._names]
        bodies = make_bodies(self._conn, self._org_id, [event.position for event in found]) if found else {}
        events = [
            NewEvent(event_id(event.chain_hash), event.name, bodies[event.position].content)
            for event in found
            if event.position in bodies
        ]
        return NewEvents(
            [*self._new_tests(), *events], page[-1].position if page else position, len(page) == PAGE_EVENTS
        )

    def _new_tests(self) -> list[NewEvent]:
        """Return the tests of webhooks that have ended since the last call. They are in no log."""
        recent = self._recent_tests()
        new = [event for id, event in recent if id not in self._shown_tests and event.type in self._names]
        self._shown_tests = {id for id, _ in recent}
        return new

    def _recent_tests(self) -> list[tuple[str, NewEvent]]:
        found = self._conn.execute(SELECT_RECENT_TESTS, (self._org_id,)).fetchall()
        return [(id, NewEvent(*columns)) for id, *columns in found]


def in_order(names: frozenset[str]) -> list[str]:
    """Return the names of events in the order of the registry."""
    return [name for name in EVENTS if name in names]


class _Shown(msgspec.Struct):
    id: str
    type: str
    position: int


class _Pagination(msgspec.Struct, rename="camel"):
    has_more: bool
    next_after: int = 0


class _Page(msgspec.Struct):
    data: list[msgspec.Raw]
    pagination: _Pagination


def _event(shown: Any) -> NewEvent:
    event = msgspec.json.decode(shown, type=_Shown)
    return NewEvent(event.id, event.type, wrap_event(event.type, bytes(shown)))
