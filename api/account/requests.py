"""The resource `/requests`: what a key has sent, and how it ended. It costs no credit."""

from __future__ import annotations

from typing import ClassVar

import falcon
import msgspec

from api.http.envelope import Pagination
from api.http.errors.codes import CODES
from api.http.observation import OTHER_METHOD
from api.http.origin import Origin
from api.http.request import Request
from api.operation import Operation, OperationKind, ResponseType
from api.ports.dependencies import Dependencies
from api.resources import write_list
from domain.calendar import Timestamp
from projections.query.access import Combined, Recurring
from projections.query.filters import INSTANT, Condition, Exact, From, OneOf, Statuses, To
from projections.query.listing import Listing
from projections.query.ranges import Range

MAX_REQUEST_ID_CHARACTERS = 128
ERROR_CODES = tuple(dict.fromkeys(code for codes in CODES.values() for code in codes))
"""All codes that a failure can have."""
METHODS = ("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS", OTHER_METHOD)


class RequestEntry(msgspec.Struct, frozen=True, rename="camel"):
    """A request that a key has sent, and how it ended."""

    request_id: str
    key_id: str
    at: Timestamp
    method: str
    route: str | None
    status: int
    error_code: str | None
    duration_ms: float


MAX_WITH_ONE_ID = 1_000
"""Of the requests with the same id, only so many are looked through: the newest.

Clients choose ids, but seldom repeat one.
"""
REQUEST_LIST = Listing(
    view="request_record_list",
    filters={
        "requestId": Exact("request_id", MAX_REQUEST_ID_CHARACTERS),
        "method": OneOf("method", METHODS),
        "status": Statuses("status"),
        "errorCode": OneOf("error_code", ERROR_CODES),
        "from": From("at", INSTANT),
        "to": To("at", INSTANT),
    },
    sorts={"at": ("at", INSTANT)},
    default_sort="-at",
    ranges=(Range("from", "to", "-at"),),
    # The number of an ending is known only while the query runs, so the plan for it is the same for all values. To plan
    # anew for a year of weekly partitions would take four times as long as to read the page.
    same_plan={"at": ("method", "status", "errorCode")},
    has_oldest=True,
    accesses=(
        Recurring("requestId", view="request_arrival_list", rows=MAX_WITH_ONE_ID, bounds=("from", "to")),
        Combined(
            ("method", "status", "errorCode"),
            combinations="request_ending_list",
            view="request_arrival_list",
            number="key_ending",
            number_in_all="org_ending",
            of_all=Condition("key_id = ''", None),
        ),
    ),
)
"""The requests of an organization. The API shows a key its own ones."""


class Requests:
    """The resource `/requests`. `GET` lists the requests of the key, the newest first."""

    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            id="listRequests",
            tag="Account",
            kind=OperationKind.LIST,
            response=ResponseType("RequestEntry", (RequestEntry,)),
            envelope="RequestEntryList",
            pagination=Pagination,
            query=REQUEST_LIST.query_parameters(),
            free=True,
            admits_with_request=True,
        )
    }

    def __init__(self, dependencies: Dependencies, origin: Origin) -> None:
        self._reads, self._origin = dependencies.reads, origin

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        caller = req.context.sender
        own = Condition("key_id = %s", caller.owner.key_id)
        query = REQUEST_LIST.query(caller.owner.org_id, req.params, [own])
        page = self._reads.list_page(caller, query)
        write_list(req, resp, self._origin, page.objects, query.limit, page.next_cursor)
