"""The page `/run`: a visitor of the start page runs a request without a key, and sees the real response.

The request reads test data of the sandbox, with a key that never leaves the service. Each address may run as many in a
minute as it may ask the assistant questions; both count together.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Protocol

import falcon
from markupsafe import Markup

from api.http.origin import Origin
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.markdown import highlight_code, safe_html
from api.pages.responses import HTML
from api.pages.security_headers import PUBLIC_PAGE

RUN_PATH = "/invoices?status=sent&limit=2"
"""The path and the query of the request that visitors can run."""


class Response(Protocol):
    """The response of the API to the request of a visitor."""

    @property
    def status(self) -> int: ...

    @property
    def body(self) -> bytes: ...


Visit = Callable[[Request, str, str], Response]
"""Sends a GET of a path and a query for a visitor; the first argument is the visitor's request. Raises ApiError 429."""


class RunIt:
    """`GET` runs the request, and shows its response: as a page, or alone for the script of the start page."""

    def __init__(self, pages: PageFactory, visit: Visit, origin: Origin) -> None:
        self._pages, self._visit, self._origin = pages, visit, origin

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        path, _, query = RUN_PATH.partition("?")
        response = self._visit(req, path, query)
        text = json.dumps(json.loads(response.body), indent=2, ensure_ascii=False)
        facts = {
            "status": response.status,
            "phrase": HTTPStatus(response.status).phrase,
            "answer": safe_html(highlight_code(text, "json")),
            "run": run_command(self._origin(req)),
        }
        resp.content_type = HTML
        resp.set_headers({**PUBLIC_PAGE, "Cache-Control": "no-store"})
        template = "docs/landing/ran.html" if "part" in req.params else "docs/landing/run.html"
        resp.text = self._pages.render(template, path=req.path, **facts)


def run_command(origin: str) -> Markup:
    """Return the command that visitors can run, as HTML."""
    command = f'curl "{origin}/api/v1{RUN_PATH}" \\\n  -H "Authorization: Bearer $SD_KEY"'
    return safe_html(highlight_code(command, "sh"))
