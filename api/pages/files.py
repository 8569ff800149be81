"""A page or a file that is the same for everyone: made once, served as ready bytes."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

import falcon

from api.http.origin import Origin

HERE = Path(__file__).parent
HTML, CSS, JAVASCRIPT = "text/html; charset=utf-8", "text/css; charset=utf-8", "text/javascript; charset=utf-8"
CURRENT = ' aria-current="page"'
WITHIN = ' aria-current="true"'
A_WHILE = "public, max-age=300"
FOREVER = "public, max-age=31536000, immutable"
NAVIGATION = {"/docs/guides": "Guides", "/docs": "Reference", "/assistant": "Assistant", "/login": "Log in"}
"""What the head of each page for people links, in this order."""

_SAFE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
_NOTHING = {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'"}


class Page:
    """One file over HTTP; public, and compressed for whoever takes it so."""

    def __init__(
        self,
        gzipped: bytes,
        content_type: str,
        cache: str = A_WHILE,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._gzipped, self._type = gzipped, content_type
        self._etag = f'"{hashlib.sha256(gzipped).hexdigest()[:16]}"'
        self._headers = {**_SAFE, "Cache-Control": cache, "Vary": "Accept-Encoding", **(headers or {})}

    @property
    def content(self) -> bytes:
        """The file as it is."""
        return gzip.decompress(self._gzipped)

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        resp.set_headers(self._headers)
        resp.set_header("ETag", self._etag)
        if self._etag in (req.env.get("HTTP_IF_NONE_MATCH") or ""):
            resp.status = falcon.HTTP_304
            return
        resp.content_type = self._type
        if "gzip" in (req.env.get("HTTP_ACCEPT_ENCODING") or ""):
            resp.set_header("Content-Encoding", "gzip")
            resp.data = self._gzipped
        else:
            resp.data = self.content


class Addressed:
    """A page that names the address under which it is asked for; made once for each of the last few of them."""

    def __init__(self, make: Callable[[str], Page], origin: Origin) -> None:
        self._made, self._origin = lru_cache(maxsize=4)(make), origin

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        self._made(self._origin(req)).on_get(req, resp)


def page(content: str, content_type: str, policy: Mapping[str, str] | None = None) -> Page:
    """A page of this text, which may load what its Content-Security-Policy allows and nothing else."""
    headers = {} if policy is None else {"Content-Security-Policy": policy_of(policy)}
    return Page(gzip.compress(content.encode(), mtime=0), content_type, headers=headers)


def static(name: str, content_type: str) -> Page:
    """A file of `static/`."""
    return page((HERE / "static" / name).read_text("utf-8"), content_type)


def navigation(here: str = "", current: str = CURRENT) -> str:
    """The links of a page's head; the one to the page itself, or to where it belongs (`WITHIN`), is marked."""
    return "\n".join(
        f'    <a href="{path}"{current if path == here else ""}>{label}</a>' for path, label in NAVIGATION.items()
    )


def policy_of(allowed: Mapping[str, str]) -> str:
    """A Content-Security-Policy of these directives on top of none at all."""
    return "; ".join(f"{name} {sources}" for name, sources in {**_NOTHING, **allowed}.items())
