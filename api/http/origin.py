"""The origin of the service: the scheme and the host with which its absolute links begin."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import quote_plus

import falcon

Origin = Callable[[falcon.Request], str]
"""A function that returns the origin for the links of a response, such as `https://api.example.in`."""

_HOST = re.compile(r"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])?(?::[0-9]{0,5})?", re.ASCII)


@lru_cache(100)
def is_host(text: str) -> bool:
    """Return whether the text is a valid host and port. An empty text is valid: HTTP/1.0 requests may have no Host."""
    return _HOST.fullmatch(text) is not None


def origin_of(req: falcon.Request) -> str:
    """Return the origin to which the request was sent. If its header Host is empty or invalid: http://localhost."""
    return str(req.prefix) if req.netloc and is_host(req.netloc) else "http://localhost"


def url_with(req: falcon.Request, origin: str, **changes: str) -> str:
    """Return the URL of the request with some query parameters changed."""
    pairs = [f"{_quote(name)}={_quote(str(value))}" for name, value in {**req.params, **changes}.items()]
    return f"{origin}{req.path}?{'&'.join(pairs)}"


_quote = lru_cache(500)(quote_plus)
"""Quoting is slow, and most requests have the names and values of earlier ones."""
