"""What the resources of one kind of object share: lists, one object, commands; each responder is a few lines."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import falcon

from api.dependencies import Admission, Dependencies, Written
from api.envelope import read_body, success, success_list
from api.parameters import refuse_parameters
from commands.handling import Actor, Command, Context, command_from
from domain.errors import NotFound
from projections.listing import Listing
from projections.projection import join_details

Origin = Callable[[falcon.Request], str]


def context_of(req: falcon.Request) -> Context:
    """In whose name the request acts."""
    admission: Admission = req.context.admission
    return Context(
        org_id=admission.org_id,
        actor=Actor("api_key", admission.key_id),
        request_id=req.context.request_id,
        if_match=_versions(req.env.get("HTTP_IF_MATCH")),
    )


class Collection:
    """`GET` lists, `POST` makes a new one."""

    def __init__(
        self, dependencies: Dependencies, origin: Origin, listing: Listing, create: type[Command], read: str, write: str
    ) -> None:
        self._reads, self._ledgers, self._origin = dependencies.reads, dependencies.ledgers, origin
        self._listing, self._create = listing, create
        self.scopes = {"GET": read, "POST": write}

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        org_id = req.context.admission.org_id
        query = self._listing.query(org_id, req.params)
        rows = self._reads.page(org_id, query)
        page = rows[: query.limit]
        cursor = query.cursor_after(*page[-1][-2:]) if len(rows) > query.limit else None
        url = cursor and f"{self._origin(req)}{req.path}?{urlencode({**req.params, 'cursor': cursor})}"
        if url:
            resp.set_header("Link", f'<{url}>; rel="next"')
        items = (join_details(row[0], row[1]) for row in page) if query.with_details else (row[0] for row in page)
        pagination = {"limit": query.limit, "hasMore": cursor is not None, "nextCursor": cursor, "nextUrl": url}
        resp.data = success_list(items, pagination)

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        body = read_body(req)
        refuse_parameters(req)
        written = self._ledgers.execute(command_from(self._create, body), context_of(req))
        resp.status = falcon.HTTP_201
        resp.set_header("Location", f"{self._origin(req)}{req.path}/{written.id}")
        answer(resp, written)


class Item:
    """`GET` shows one, `PATCH` changes it."""

    def __init__(
        self, dependencies: Dependencies, kind: str, view: str, update: type[Command], read: str, write: str
    ) -> None:
        self._reads, self._ledgers = dependencies.reads, dependencies.ledgers
        self._kind, self._view, self._update = kind, view, update
        self.scopes = {"GET": read, "PATCH": write}

    def on_get(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:
        refuse_parameters(req)
        found = self._reads.one(req.context.admission.org_id, self._view, id)
        if found is None:
            raise NotFound(self._kind, id)
        summary, details, version = found
        resp.set_header("ETag", f'"{version}"')
        if _is_known(req.env.get("HTTP_IF_NONE_MATCH"), version):
            resp.status = falcon.HTTP_304
        else:
            resp.data = success(join_details(summary, details))

    def on_patch(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:
        body = read_body(req)
        refuse_parameters(req)
        answer(resp, self._ledgers.execute(command_from(self._update, body, id), context_of(req)))


class Action:
    """`POST` does something with one object and answers 201 with it."""

    def __init__(self, dependencies: Dependencies, command: type[Command], write: str) -> None:
        self._ledgers, self._command = dependencies.ledgers, command
        self.scopes = {"POST": write}

    def on_post(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:
        body = read_body(req)
        refuse_parameters(req)
        written = self._ledgers.execute(command_from(self._command, body, id), context_of(req))
        resp.status = falcon.HTTP_201
        answer(resp, written)


def answer(resp: falcon.Response, written: Written) -> None:
    """The object that was written, with its version."""
    resp.set_header("ETag", f'"{written.version}"')
    resp.data = success(written.answer)


def _is_known(header: str | None, version: int) -> bool:
    if header is None:
        return False
    tags = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return "*" in tags or f'"{version}"' in tags


def _versions(header: str | None) -> frozenset[int] | None:
    """The versions that an If-Match header names: none at all when it holds nothing that was ever an ETag of ours."""
    if header is None or header.strip() == "*":
        return None
    tags = (tag.strip().strip('"') for tag in header.split(","))
    return frozenset(int(tag) for tag in tags if tag.isascii() and tag.isdecimal() and len(tag) < 10)
