"""The page `/status`: what `/readyz` says, in words."""

from __future__ import annotations

import falcon

from api.http.error_table import RETRY_AFTER_SECONDS
from api.http.request import PRIVATE, Request
from api.pages.factory import PageFactory
from api.pages.responses import HTML
from api.pages.security_headers import PUBLIC_PAGE
from api.ports.health import Health


class Status:
    """The resource `/status`. Like `/readyz`, it responds with 503 while the service cannot serve requests."""

    def __init__(self, pages: PageFactory, health: Health) -> None:
        self._pages, self._health = pages, health

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        problem = self._health.problem()
        resp.set_headers({**PUBLIC_PAGE, **PRIVATE})
        if problem is not None:
            resp.status = falcon.HTTP_503
            resp.set_header("Retry-After", str(RETRY_AFTER_SECONDS))
        resp.content_type = HTML
        resp.text = self._pages.render("docs/status.html", path="/status", problem=problem)
