"""`/events`: the organization's log; and the history of one object."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import falcon
from msgspec import UNSET, UnsetType

from api.http.answers import Pagination, success_list
from api.http.origin import Origin, url_with
from api.http.parameters import LAST_POSITION, OneWord, Reader, parse_position, read_parameters
from api.operation import Operation
from api.ports.admission import Admission
from api.ports.dependencies import Dependencies
from domain.errors import NotFound
from domain.reading import InvalidValue
from projections.query.filters import OneOf, Schema
from projections.query.listing import DEFAULT_LIMIT, LIMIT_SCHEMA, Listing, parse_limit
from projections.views.events import EventsPage, EventsQuery, public_names, shown_names

QUERY: dict[str, Schema] = {
    "after": {"type": "integer", "minimum": 0, "maximum": LAST_POSITION, "default": 0},
    "before": {"type": "integer", "minimum": 0, "maximum": LAST_POSITION},
    "order": {"type": "string", "enum": ["asc", "desc"], "default": "asc"},
    "type": OneOf("name", public_names()).schema(),
    "limit": LIMIT_SCHEMA,
}


class EventsPagination(Pagination, frozen=True, rename="camel", kw_only=True):
    """Where to go on, also from an empty page: `nextAfter`, or `nextBefore` when the newest come first."""

    next_after: int | UnsetType = UNSET
    next_before: int | UnsetType = UNSET


class Events:
    """Every event that the key's scopes show, in the order of the log or the newest first."""

    scopes: ClassVar[dict[str, str | None]] = {"GET": None}
    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(id="listEvents", answer="Event", pagination="EventsPagination", query=QUERY)
    }

    def __init__(self, dependencies: Dependencies, origin: Origin) -> None:
        self._reads, self._origin = dependencies.reads, origin

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        admission: Admission = req.context.admission
        query = read_query(req, admission.scopes)
        answer_page(req, resp, query, self._reads.events(admission.org_id, query), self._origin(req))


class History:
    """The events of one object, the first one first."""

    def __init__(self, dependencies: Dependencies, origin: Origin, kind: str, listing: Listing, read: str) -> None:
        self._reads, self._origin, self._kind, self._listing = dependencies.reads, origin, kind, listing
        self.scopes = {"GET": read}
        id_ = f"list{kind.capitalize()}Events"
        self.operations = {"GET": Operation(id=id_, answer="Event", pagination="EventsPagination", query=QUERY)}

    def on_get(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:
        admission: Admission = req.context.admission
        query = read_query(req, admission.scopes, self._kind, id)
        page = self._reads.events(admission.org_id, query)
        if not page.items and not self._reads.has(admission.org_id, self._listing, id):
            raise NotFound(self._kind, id)
        answer_page(req, resp, query, page, self._origin(req))


def read_query(
    req: falcon.Request, scopes: Iterable[str], kind: str | None = None, id: str | None = None
) -> EventsQuery:
    """What the query parameters ask for, of the whole log or of one object. Raises InvalidQuery."""
    descending = req.params.get("order") == "desc"
    start = "before" if descending else "after"
    readers: dict[str, Reader] = {
        "order": OneWord(("asc", "desc")),
        start: parse_position,
        "limit": parse_limit,
        "type": _read_types,
    }
    found = read_parameters(req, readers)
    return EventsQuery(
        names=shown_names(scopes, found.get("type", ()), kind),
        limit=found.get("limit", DEFAULT_LIMIT),
        descending=descending,
        start=found.get(start, None if descending else 0),
        originator_id=id,
    )


def answer_page(req: falcon.Request, resp: falcon.Response, query: EventsQuery, page: EventsPage, origin: str) -> None:
    """The events, and where to go on: by `after`, or backwards by `before`."""
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
    wanted = tuple(text.split(","))
    if not set(wanted) <= set(public_names()):
        raise InvalidValue(f"must be one or more of: {', '.join(public_names())}; separate them with commas")
    return wanted
