"""The pages about the service itself: `/status`, which shows the result of `/readyz` in words, and `/security`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import falcon

from api.http.errors.table import RETRY_AFTER_SECONDS
from api.http.origin import Origin
from api.http.request import PRIVATE, Request
from api.pages.factory import PageFactory
from api.pages.responses import HTML, PLAIN_TEXT, CachedResponse
from api.pages.security_headers import PUBLIC_PAGE
from api.ports.health import Health
from api.samples.placeholders import today

_VALID = timedelta(days=90)
"""How long security.txt is valid, by its field Expires."""


def service_routes(pages: PageFactory, health: Health, origin: Origin, contact: str | None) -> list[tuple[str, Any]]:
    """Return the routes of these pages. With a contact, add the route of security.txt, which must name a contact (RFC
    9116)."""

    def security_txt(origin: str, day: date) -> CachedResponse:
        expires = f"{(day + _VALID).isoformat()}T00:00:00Z"
        return pages.text(f"Contact: {contact}\nExpires: {expires}\nPolicy: {origin}/security\n", PLAIN_TEXT)

    routes: list[tuple[str, Any]] = [
        ("/status", Status(pages, health)),
        ("/security", pages.page(lambda: pages.html("docs/security.html", path="/security"))),
    ]
    if contact is not None:
        routes.append(("/.well-known/security.txt", pages.daily_page(security_txt, origin, today)))
    return routes


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
