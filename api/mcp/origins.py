"""Which websites may call the endpoint: a browser names the website of a script in the header Origin."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

import falcon

FOREIGN = "Scripts of this website may not call this address. The setting SMARTDHANDHA_CORS_ORIGINS can allow it."
"""The message of a refusal."""
_LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))


class Websites:
    """The websites whose scripts may call the endpoint: this service itself, and those that its operator allows."""

    def __init__(self, public_url: str | None, allowed: Collection[str]) -> None:
        """`public_url` is the origin of this service, if it is configured. `allowed` are the origins of websites."""
        self._public_url, self._allowed = public_url, frozenset(allowed)

    def allow(self, req: falcon.Request) -> bool:
        """Return whether the request comes from no script, or from a script of one of these websites.

        The header Host does not prove that a page is of this service: a website can let its own name lead to the
        address of a local service (DNS rebinding). So without a configured origin, only pages of this machine are.
        """
        origin = req.env.get("HTTP_ORIGIN")
        if origin is None or origin == self._public_url or origin in self._allowed:
            return True
        return origin == req.prefix and _host_of(origin) in _LOOPBACK


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).hostname
    except ValueError:
        return None
