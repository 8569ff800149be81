"""The resources for one kind of object: the list, one object, the events of an object, and paths below an object."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import falcon

from api.events import ask_for_events, write_page
from api.http.adoption import adopting
from api.http.body import read_body
from api.http.command_context import command_context
from api.http.envelope import Pagination, success, success_list
from api.http.origin import Origin, url_with
from api.http.parameters import read_moment, refuse_parameters
from api.http.pdf import write_pdf
from api.http.preconditions import etag, is_not_modified
from api.http.request import Request
from api.ports.dependencies import Dependencies
from api.resource_type import ResourceType, SubResource
from commands.body import parse_command
from commands.unit_of_work import CommandResult
from domain.errors import NotFound
from projections.query.recent import RecentQueries

BASE = "/api/v1"
"""The beginning of every path of the API."""
Route = tuple[str, Any]
"""A path template, and the resource for requests to it."""


def routes_of(type_: ResourceType, dependencies: Dependencies, origin: Origin) -> list[Route]:
    """Return the routes for one kind of object."""
    path = f"{BASE}/{type_.path}"
    sub_resources = ((each.path, SubResourceEndpoint(type_, each, dependencies)) for each in type_.sub_resources)
    return [
        (path, Collection(type_, dependencies, origin)),
        (f"{path}/{{id}}", Item(type_, dependencies)),
        (f"{path}/{{id}}/events", ObjectEvents(type_, dependencies, origin)),
        *((f"{path}/{{id}}/{below}", endpoint) for below, endpoint in sub_resources),
        *([(f"{path}/{{id}}/pdf", PdfEndpoint(type_, dependencies))] if type_.prints else []),
    ]


class Collection:
    """The resource of a list. `GET` lists the objects; `POST` creates an object."""

    def __init__(self, type_: ResourceType, dependencies: Dependencies, origin: Origin) -> None:
        self._reads, self._command_bus, self._origin = dependencies.reads, dependencies.command_bus, origin
        self._queries, self._create = RecentQueries(type_.listing), type_.create
        self._adopts = type_.adopts
        self.operations = {"GET": type_.list_operation(), "POST": type_.create_operation()}

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        caller = req.context.sender
        query = self._queries.query(caller.owner.org_id, req.params)
        page = self._reads.list_page(caller, query)
        write_list(req, resp, self._origin, page.objects, query.limit, page.next_cursor)

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        body = read_body(req)
        if self._adopts and req.query_string:
            body = adopting(req, body)
        else:
            refuse_parameters(req)
        context = command_context(req)
        command = parse_command(self._create, body, may_be_retry=context.retry is not None)
        result = self._command_bus.execute(command, context, req.context.sender)
        resp.status = falcon.HTTP_201
        resp.set_header("Location", f"{self._origin(req)}{req.path}/{result.id}")
        write_result(resp, result)


class Item:
    """The resource of one object. `GET` returns its current or a past state; `PATCH` changes the object."""

    def __init__(self, type_: ResourceType, dependencies: Dependencies) -> None:
        self._reads, self._command_bus = dependencies.reads, dependencies.command_bus
        self._kind, self._listing, self._update = type_.aggregate.kind, type_.listing, type_.update
        self.operations = {"GET": type_.get_operation(), "PATCH": type_.update_operation()}

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        moment = read_moment(req) if req.query_string else None
        caller = req.context.sender
        if moment is None:
            stored_object = self._reads.get(caller, self._listing, id)
        else:
            stored_object = self._reads.get_past(caller, self._kind, id, moment)
        if stored_object is None:
            raise NotFound(self._kind, id)
        body, version = stored_object
        resp.set_header("ETag", etag(version))
        if is_not_modified(req.env.get("HTTP_IF_NONE_MATCH"), version):
            resp.status = falcon.HTTP_304
        else:
            resp.data = success(body)

    def on_patch(self, req: Request, resp: falcon.Response, id: str) -> None:
        body = read_body(req)
        refuse_parameters(req)
        command = parse_command(self._update, body, id)
        write_result(resp, self._command_bus.execute(command, command_context(req), req.context.sender))


class PdfEndpoint:
    """`GET` returns the PDF of an object as it is, or as it was in an earlier version."""

    def __init__(self, type_: ResourceType, dependencies: Dependencies) -> None:
        self._reads, self._printing = dependencies.reads, dependencies.printing
        self._kind, self._listing = type_.aggregate.kind, type_.listing
        self.operations = {"GET": type_.pdf_operation()}

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        moment = read_moment(req) if req.query_string else None
        caller = req.context.sender
        if moment is None:
            stored = self._reads.get(caller, self._listing, id)
        else:
            stored = self._reads.get_past(caller, self._kind, id, moment)
        if stored is None:
            raise NotFound(self._kind, id)
        write_pdf(req, resp, self._printing.print(caller.owner.org_id, self._kind, stored))


class ObjectEvents:
    """The resource of the events of one object. `GET` lists them, the oldest or the newest first."""

    def __init__(self, type_: ResourceType, dependencies: Dependencies, origin: Origin) -> None:
        self._reads, self._event_reads, self._origin = dependencies.reads, dependencies.event_reads, origin
        self._kind, self._listing = type_.aggregate.kind, type_.listing
        self.operations = {"GET": type_.events_operation()}

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        caller = req.context.sender
        query, page = ask_for_events(req, self._event_reads, self._kind, id)
        if not page.items and not self._reads.exists(caller, self._listing, id):
            raise NotFound(self._kind, id)
        write_page(req, resp, query, page, self._origin(req))


class SubResourceEndpoint:
    """A path below one object. `POST` runs the command of a SubResource and returns the object with the status 201."""

    def __init__(self, type_: ResourceType, sub_resource: SubResource, dependencies: Dependencies) -> None:
        self._command_bus, self._command = dependencies.command_bus, sub_resource.command
        self.operations = {"POST": type_.sub_resource_operation(sub_resource)}

    def on_post(self, req: Request, resp: falcon.Response, id: str, **path: str) -> None:
        body = read_body(req)
        refuse_parameters(req)
        command = parse_command(self._command, body, id, path=path)
        result = self._command_bus.execute(command, command_context(req), req.context.sender)
        resp.status = falcon.HTTP_201
        write_result(resp, result)


def write_list(
    req: Request, resp: falcon.Response, origin: Origin, objects: Iterable[bytes], limit: int, cursor: str | None
) -> None:
    """Write a page of a list into the response. `cursor` is the cursor of the next page; None on the last page."""
    url = cursor and url_with(req, origin(req), cursor=cursor)
    if url:
        resp.set_header("Link", f'<{url}>; rel="next"')
    pagination = Pagination(limit=limit, has_more=cursor is not None, next_cursor=cursor, next_url=url)
    resp.data = success_list(objects, pagination)


def write_result(resp: falcon.Response, result: CommandResult) -> None:
    """Write the changed object into the response, with its ETag."""
    resp.set_header("ETag", etag(result.version))
    mark_result(resp, result)
    resp.data = success(result.body)


def mark_result(resp: falcon.Response, result: CommandResult) -> None:
    """Write into headers where the log is after the command, and whether the response is stored from earlier."""
    resp.set_header("Position", str(result.position))
    if result.is_replay:
        resp.set_header("Idempotent-Replayed", "true")
