"""Cross-Origin Resource Sharing (CORS): which other websites may call the API with scripts in a browser."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import falcon

from api.http.request import Request
from api.resources import BASE

REQUEST_HEADERS = (
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "If-Position",
    "X-Request-Id",
)
"""The headers of API requests that scripts of other websites may send. Accept is missing: every script may send it."""
MCP_HEADERS = ("MCP-Protocol-Version", "Mcp-Method", "Mcp-Name")
"""The headers of AI clients that a script may send: the revision of their protocol, the method, and the tool's name."""
RESPONSE_HEADERS = (
    "RateLimit",
    "RateLimit-Policy",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "ETag",
    "Content-Disposition",
    "Location",
    "Link",
    "Position",
    "Idempotent-Replayed",
    "Retry-After",
    "X-Request-Id",
    "WWW-Authenticate",
    "Accept-Encoding",
)
"""The headers that a script may read. Every script may read Content-Type."""
_PREFLIGHT_SECONDS = 600
"""How long a browser may remember the response to a preflight request."""


def refusal_headers(origins: Collection[str], path: str, origin: str | None) -> dict[str, str]:
    """Return the CORS headers of an error that the server sends without calling the application.

    `path` and `origin` are those of the request. Without these headers, a script in a browser could not read the error.
    """
    if not origins or not path.startswith(f"{BASE}/"):
        return {}
    if origin is None or origin not in origins:
        return {"Vary": "Origin"}
    exposed = ", ".join(RESPONSE_HEADERS)
    return {"Vary": "Origin", "Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": exposed}


class Cors:
    """Middleware that lets scripts of these origins call the API, with a key but without cookies.

    `origins` are written as browsers send them in the header `Origin`. Only responses of the API get CORS headers, so
    that no other website can read the pages.

    Cors must stand before RequestMiddleware in the list of middleware. Responses pass the list from its end to its
    beginning, so Cors reads the header `Allow` after RequestMiddleware has completed it.
    """

    def __init__(self, origins: Iterable[str]) -> None:
        self._origins = frozenset(origins)

    def process_response(self, req: Request, resp: falcon.Response, resource: Any, req_succeeded: bool) -> None:
        if not _is_for_scripts(req, resource) or resp.get_header(
            "Access-Control-Allow-Origin"
        ):  # The OpenAPI document allows every origin.
            return
        resp.append_header("Vary", "Origin")
        origin = req.env.get("HTTP_ORIGIN")
        if origin not in self._origins:
            return
        resp.set_header("Access-Control-Allow-Origin", origin)
        if req.method == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in req.env:
            resp.set_header("Access-Control-Allow-Methods", resp.get_header("Allow") or "OPTIONS")
            resp.set_header("Access-Control-Allow-Headers", ", ".join((*REQUEST_HEADERS, *MCP_HEADERS)))
            resp.set_header("Access-Control-Max-Age", str(_PREFLIGHT_SECONDS))
        else:
            resp.set_header("Access-Control-Expose-Headers", ", ".join(RESPONSE_HEADERS))


def _is_for_scripts(req: Request, resource: Any) -> bool:
    """Return whether the response is one of the API, or of a resource that says so. Pages are not."""
    if resource is None:
        return req.path.startswith(f"{BASE}/")
    return hasattr(resource, "operations") or getattr(resource, "for_scripts", False)
