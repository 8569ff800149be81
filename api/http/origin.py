"""Absolute links: the scheme and host that they begin with."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

import falcon

Origin = Callable[[falcon.Request], str]
"""Returns the scheme and host with which the links of a response begin."""

_HOST = re.compile(r"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])?(?::[0-9]{0,5})?", re.ASCII)


def is_host(text: str) -> bool:
    """Whether the text is valid as host and port of a URL. An empty text is valid: HTTP/1.0 requests have no Host."""
    return _HOST.fullmatch(text) is not None


def origin_of(req: falcon.Request) -> str:
    """Return the origin that the request was sent to; http://localhost when its Host is not valid."""
    return str(req.prefix) if is_host(req.netloc) else "http://localhost"


def url_with(req: falcon.Request, origin: str, **changes: str) -> str:
    """Return the request's own URL with some query parameters changed."""
    return f"{origin}{req.path}?{urlencode({**req.params, **changes})}"
