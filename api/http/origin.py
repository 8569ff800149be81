"""Absolute links."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

import falcon

Origin = Callable[[falcon.Request], str]
"""The scheme and host that a request's links begin with."""

_HOST = re.compile(r"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])?(?::[0-9]{0,5})?", re.ASCII)


def is_host(text: str) -> bool:
    """Whether it can stand in a URL as host and port; what names none is empty."""
    return _HOST.fullmatch(text) is not None


def origin_of(req: falcon.Request) -> str:
    """The origin that the request names; that of this machine in the refusal of one that names none."""
    return str(req.prefix) if is_host(req.netloc) else "http://localhost"


def url_with(req: falcon.Request, origin: str, **changes: str) -> str:
    """The request's own URL with some query parameters changed."""
    return f"{origin}{req.path}?{urlencode({**req.params, **changes})}"
