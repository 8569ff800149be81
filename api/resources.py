"""What the resources of one kind of object share: lists, one object, commands; each responder is a few lines."""

from __future__ import annotations

import hashlib
import re

import falcon

from api.events import History
from api.http.answers import Pagination, read_body, success, success_list
from api.http.errors import ApiError
from api.http.origin import Origin, url_with
from api.http.parameters import MOMENT, read_moment, refuse_parameters
from api.http.preconditions import etag, is_known, versions_to_match
from api.operation import Operation
from api.ports.admission import Admission
from api.ports.dependencies import Dependencies
from commands.body import parse_command
from commands.command import Actor, Command, Context, Retry
from commands.unit_of_work import CommandResult
from domain.errors import NotFound
from projections.projection import join_details
from projections.query.listing import Listing

WRITE_HEADERS = ("Idempotency-Key", "If-Match")
_RETRY_KEY = re.compile(r"[!-~]{1,255}", re.ASCII)


class ResourceRoutes:
    """The resources of one kind of object, and their addresses."""

    def __init__(
        self,
        dependencies: Dependencies,
        origin: Origin,
        *,
        kind: str,
        listing: Listing,
        create: type[Command],
        update: type[Command],
        pay: type[Command] | None = None,
        scopes: tuple[str, str],
    ) -> None:
        read, write = scopes
        self.routes: dict[str, object] = {
            "": Collection(dependencies, origin, kind, listing, create, read, write),
            "/{id}": Item(dependencies, kind, listing, update, read, write),
            "/{id}/events": History(dependencies, origin, kind, listing, read),
        }
        if pay is not None:
            self.routes["/{id}/payments"] = PaymentResource(
                dependencies, f"record{kind.capitalize()}Payment", kind, pay, write
            )


def context_of(req: falcon.Request) -> Context:
    """In whose name the request acts."""
    admission: Admission = req.context.admission
    return Context(
        org_id=admission.org_id,
        actor=Actor("api_key", admission.key_id),
        request_id=req.context.request_id,
        if_match=versions_to_match(req.env.get("HTTP_IF_MATCH")),
        retry=_retry(req),
    )


class Collection:
    """`GET` lists, `POST` makes a new one."""

    def __init__(
        self,
        dependencies: Dependencies,
        origin: Origin,
        kind: str,
        listing: Listing,
        create: type[Command],
        read: str,
        write: str,
    ) -> None:
        self._reads, self._command_bus, self._origin = dependencies.reads, dependencies.command_bus, origin
        self._listing, self._create = listing, create
        self.scopes = {"GET": read, "POST": write}
        name = kind.capitalize()
        line = f"{name}Summary" if listing.detailed else name
        self.operations = {
            "GET": Operation(id=f"list{name}s", answer=line, pagination="Pagination", query=listing.schemas()),
            "POST": Operation(id=f"create{name}", answer=name, status=201, body=create, headers=("Idempotency-Key",)),
        }

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        org_id = req.context.admission.org_id
        query = self._listing.query(org_id, req.params)
        rows = self._reads.page(org_id, query)
        page = rows[: query.limit]
        cursor = query.cursor_after(*page[-1][-2:]) if len(rows) > query.limit else None
        url = cursor and url_with(req, self._origin(req), cursor=cursor)
        if url:
            resp.set_header("Link", f'<{url}>; rel="next"')
        items = (join_details(row[0], row[1]) for row in page) if query.with_details else (row[0] for row in page)
        pagination = Pagination(limit=query.limit, has_more=cursor is not None, next_cursor=cursor, next_url=url)
        resp.data = success_list(items, pagination)

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        body = read_body(req)
        refuse_parameters(req)
        context = context_of(req)
        command = parse_command(self._create, body, may_be_retry=context.retry is not None)
        written = self._command_bus.execute(command, context)
        resp.status = falcon.HTTP_201
        resp.set_header("Location", f"{self._origin(req)}{req.path}/{written.id}")
        answer(resp, written)


class Item:
    """`GET` shows one, now or as it was; `PATCH` changes it."""

    def __init__(
        self, dependencies: Dependencies, kind: str, listing: Listing, update: type[Command], read: str, write: str
    ) -> None:
        self._reads, self._command_bus = dependencies.reads, dependencies.command_bus
        self._kind, self._listing, self._update = kind, listing, update
        self.scopes = {"GET": read, "PATCH": write}
        name = kind.capitalize()
        self.operations = {
            "GET": Operation(id=f"get{name}", answer=name, query=MOMENT, headers=("If-None-Match",)),
            "PATCH": Operation(id=f"update{name}", answer=name, body=update, headers=WRITE_HEADERS),
        }

    def on_get(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:
        moment = read_moment(req) if req.query_string else None
        org_id = req.context.admission.org_id
        if moment is None:
            found = self._reads.one(org_id, self._listing, id)
        else:
            found = self._reads.past(org_id, self._kind, id, moment)
        if found is None:
            raise NotFound(self._kind, id)
        body, version = found
        resp.set_header("ETag", etag(version))
        if is_known(req.env.get("HTTP_IF_NONE_MATCH"), version):
            resp.status = falcon.HTTP_304
        else:
            resp.data = success(body)

    def on_patch(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:
        body = read_body(req)
        refuse_parameters(req)
        answer(resp, self._command_bus.execute(parse_command(self._update, body, id), context_of(req)))


class PaymentResource:
    """`POST` does something with one object and answers 201 with it."""

    def __init__(self, dependencies: Dependencies, id: str, kind: str, command: type[Command], write: str) -> None:
        self._command_bus, self._command = dependencies.command_bus, command
        self.scopes = {"POST": write}
        self.operations = {
            "POST": Operation(id=id, answer=kind.capitalize(), status=201, body=command, headers=WRITE_HEADERS)
        }

    def on_post(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:
        body = read_body(req)
        refuse_parameters(req)
        written = self._command_bus.execute(parse_command(self._command, body, id), context_of(req))
        resp.status = falcon.HTTP_201
        answer(resp, written)


def answer(resp: falcon.Response, written: CommandResult) -> None:
    """The object that was written, with its version."""
    resp.set_header("ETag", etag(written.version))
    if written.is_replay:
        resp.set_header("Idempotent-Replayed", "true")
    resp.data = success(written.answer)


def _retry(req: falcon.Request) -> Retry | None:
    key = req.env.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        return None
    if not _RETRY_KEY.fullmatch(key):
        message = "must be 1 to 255 visible ASCII characters, such as a UUID"
        details = [("Idempotency-Key", "invalid_parameter", message)]
        raise ApiError(400, "invalid_parameter", f"The header Idempotency-Key {message}.", details)
    what = b"%b\n%b\n%b" % (req.method.encode(), req.path.encode(), req.context.body)
    return Retry(key, hashlib.sha256(what).digest())
