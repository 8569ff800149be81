"""Absolute links."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import falcon

Origin = Callable[[falcon.Request], str]
"""The scheme and host that a request's links begin with."""


def url_with(req: falcon.Request, origin: str, **changes: str) -> str:
    """The request's own URL with some query parameters changed."""
    return f"{origin}{req.path}?{urlencode({**req.params, **changes})}"
