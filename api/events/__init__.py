"""The resource `/events`: the organization's log, in pages."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

import falcon
from msgspec import UNSET, UnsetType

from api.http.envelope import Pagination, success_list
from api.http.origin import Origin, url_with
from api.http.parameters import Reader, parse_end, parse_position, read_parameters
from api.http.request import Request
from api.operation import Operation, OperationKind, ResponseType
from api.ports.admission import with_present_scopes
from api.ports.dependencies import Dependencies
from api.ports.event_log import EventReads
from domain.reading import parse_word
from projections.query.filters import OneOf, QueryParameter, several_of
from projections.query.listing import DEFAULT_LIMIT, LIMIT, parse_limit
from projections.views.events import EventObject, EventsPage, EventsQuery, ShownEvent, public_names, visible_names

_POSITION = {"type": "integer", "minimum": 0}
EVENTS_QUERY: dict[str, QueryParameter] = {
    "after": QueryParameter({**_POSITION, "default": 0}),
    "before": QueryParameter(_POSITION),
    "order": QueryParameter({"type": "string", "enum": ["asc", "desc"], "default": "asc"}),
    "type": OneOf("name", public_names()).parameter(),
    "limit": LIMIT,
    "include": QueryParameter({"type": "string", "enum": ["object"]}),
}
EVENT = ResponseType("Event", (ShownEvent,), (EventObject,), tag="Events")


class EventsPagination(Pagination, frozen=True, rename="camel", kw_only=True):
    """Where the next page starts, even after an empty page: `nextAfter`, or `nextBefore` in descending order."""

    next_after: int | UnsetType = UNSET
    next_before: int | UnsetType = UNSET


class Events:
    """The resource `/events`. `GET` lists the events that the scopes of the key allow, the oldest or newest first."""

    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            id="listEvents",
            tag="Events",
            kind=OperationKind.LIST,
            response=EVENT,
            envelope="EventList",
            pagination=EventsPagination,
            query=EVENTS_QUERY,
            admits_with_request=True,
            may_be_behind=True,
        )
    }

    def __init__(self, dependencies: Dependencies, origin: Origin) -> None:
        self._reads, self._origin = dependencies.event_reads, origin

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        query, page = ask_for_events(req, self._reads)
        write_page(req, resp, query, page, self._origin(req))


def ask_for_events(
    req: Request, reads: EventReads, kind: str | None = None, id: str | None = None
) -> tuple[EventsQuery, EventsPage]:
    """Return a page of the events that the key may see, and its query. With `kind` and `id`, only of one object.

    Raises InvalidQuery for unknown or wrong query parameters.
    """
    caller = req.context.sender

    def ask() -> tuple[EventsQuery, EventsPage]:
        query = read_query(req, caller.scopes, kind, id)
        return query, reads.list_events(caller.owner.org_id, query, caller)

    return with_present_scopes(ask)


def read_query(req: Request, scopes: Iterable[str], kind: str | None = None, id: str | None = None) -> EventsQuery:
    """Return the query for a page of the whole log. With `kind` and `id`, only for the events of one object.

    Raises InvalidQuery for unknown or wrong query parameters.
    """
    descending = req.params.get("order") == "desc"
    start = "before" if descending else "after"
    readers: dict[str, Reader] = {
        "order": partial(parse_word, words=("asc", "desc")),
        start: parse_end if descending else parse_position,
        "limit": parse_limit,
        "type": _read_types,
        "include": partial(parse_word, words=("object",)),
    }
    parameters = read_parameters(req, readers, {"after": "order=asc"} if descending else {"before": "order=desc"})
    return EventsQuery(
        names=visible_names(scopes, parameters.get("type", ()), kind),
        limit=parameters.get("limit", DEFAULT_LIMIT),
        descending=descending,
        start=parameters.get(start, None if descending else 0),
        originator_id=id,
        with_objects="include" in parameters,
    )


def write_page(req: Request, resp: falcon.Response, query: EventsQuery, page: EventsPage, origin: str) -> None:
    """Write a page of events into the response, with the link to the next page."""
    start = "before" if query.descending else "after"
    url = url_with(req, origin, **{start: str(page.next_start)}) if page.has_more else None
    if url:
        resp.set_header("Link", f'<{url}>; rel="next"')
    pagination = EventsPagination(
        limit=query.limit,
        has_more=page.has_more,
        next_cursor=None,
        next_url=url,
        next_after=UNSET if query.descending else page.next_start,
        next_before=page.next_start if query.descending else UNSET,
    )
    resp.data = success_list(page.items, pagination)


def _read_types(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if not set(names) <= set(public_names()):
        raise several_of(public_names(), text)
    return names
