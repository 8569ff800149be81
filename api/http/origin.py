"""The origin of the service: the scheme and the host with which its absolute links begin."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

import falcon

Origin = Callable[[falcon.Request], str]
"""A function that returns the origin for the links of a response, such as `https://api.example.in`."""

_HOST = re.compile(r"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])?(?::[0-9]{0,5})?", re.ASCII)


def is_host(text: str) -> bool:
    """Return whether the text is a valid host and port. An empty text is valid: HTTP/1.0 requests may have no Host."""
    return _HOST.fullmatch(text) is not None


def origin_of(req: falcon.Request) -> str:
    """Return the origin to which the request was sent. If its header Host is empty or invalid: http://localhost."""
    return str(req.prefix) if req.netloc and is_host(req.netloc) else "http://localhost"


def url_with(req: falcon.Request, origin: str, **changes: str) -> str:
    """Return the URL of the request with some query parameters changed."""
    return f"{origin}{req.path}?{urlencode({**req.params, **changes})}"
