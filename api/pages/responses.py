"""Responses that are the same for all users: their bytes are compressed once, and they have an ETag."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache

import falcon

from api.http.origin import Origin
from api.pages.security_headers import PUBLIC_FILE, Headers

HTML, CSS, JAVASCRIPT = "text/html; charset=utf-8", "text/css; charset=utf-8", "text/javascript; charset=utf-8"
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLAIN_TEXT, MARKDOWN, SVG = "text/plain; charset=utf-8", "text/markdown; charset=utf-8", "image/svg+xml"
JSON = "application/json; charset=utf-8"

FIVE_MINUTES = "public, max-age=300"
ONE_YEAR = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
"""Values of the header Cache-Control. With REVALIDATE, browsers ask each time whether the file has changed."""

MAX_ORIGINS = 4
"""For how many origins a page that contains the origin is kept in memory."""


class CachedResponse:
    """A response that is kept in memory: its compressed body, its headers, and its ETag."""

    def __init__(
        self, gzipped: bytes, content_type: str, headers: Headers = PUBLIC_FILE, cache_control: str = FIVE_MINUTES
    ) -> None:
        self._gzipped, self._content_type = gzipped, content_type
        self._etag = f'"{hashlib.sha256(gzipped).hexdigest()[:16]}"'
        self._headers = {**headers, "Cache-Control": cache_control, "Vary": "Accept-Encoding"}

    @property
    def content(self) -> bytes:
        """The body without compression."""
        return gzip.decompress(self._gzipped)

    def send(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Send the response, compressed if the client accepts gzip. Send a 304 if the client's copy is current."""
        resp.set_headers(self._headers)
        resp.set_header("ETag", self._etag)
        if self._etag in (req.env.get("HTTP_IF_NONE_MATCH") or ""):
            resp.status = falcon.HTTP_304
            return
        resp.content_type = self._content_type
        if "gzip" in (req.env.get("HTTP_ACCEPT_ENCODING") or ""):
            resp.set_header("Content-Encoding", "gzip")
            resp.data = self._gzipped
        else:
            resp.data = self.content


class CachedPage:
    """A resource with one response. It is made for the first request, or for each request with `reload`."""

    def __init__(self, make: Callable[[], CachedResponse], *, reload: bool = False) -> None:
        self._current = make if reload else cache(make)

    @property
    def content(self) -> bytes:
        """The body without compression."""
        return self._current().content

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        self._current().send(req, resp)


class PageByOrigin:
    """A resource whose response contains the origin to which the request was sent.

    The responses for the last MAX_ORIGINS origins are kept. If `reload` is set, none are kept.
    """

    def __init__(self, make: Callable[[str], CachedResponse], origin: Origin, *, reload: bool = False) -> None:
        self._response_for = lru_cache(maxsize=0 if reload else MAX_ORIGINS)(make)
        self._origin = origin

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        self._response_for(self._origin(req)).send(req, resp)


class DailyPage:
    """A resource whose response contains the origin to which the request was sent, and the current day.

    The responses of the current day are kept for the last MAX_ORIGINS origins. If `reload` is set, none are kept.
    """

    def __init__(
        self,
        make: Callable[[str, date], CachedResponse],
        origin: Origin,
        today: Callable[[], date],
        *,
        reload: bool = False,
    ) -> None:
        self._response_for = lru_cache(maxsize=0 if reload else MAX_ORIGINS)(make)
        self._origin, self._today = origin, today

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        self._response_for(self._origin(req), self._today()).send(req, resp)
