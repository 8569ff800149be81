"""The two cookies of the console: the session's, and that of a browser which has no session yet."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import falcon

SESSION, VISIT = "session", "visit"
_LONGEST = int(timedelta(days=30).total_seconds())
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def cookie(req: falcon.Request, name: str, origin: str) -> str | None:
    """The cookie's value, under the name that it has at this origin."""
    values = req.get_cookie_values(_full_name(name, origin)) or [""]
    return values[0] or None


def keep_cookie(resp: falcon.Response, name: str, value: str, origin: str) -> None:
    """Give the browser a cookie that no script reads and no other site's form brings along."""
    _set(resp, name, value, origin, _LONGEST if name == SESSION else None)


def drop_cookie(resp: falcon.Response, name: str, origin: str) -> None:
    """Let the browser forget it."""
    _set(resp, name, "", origin, 0)


def is_secure(origin: str) -> bool:
    """Whether cookies are for HTTPS alone: everywhere but on the machine itself."""
    parts = urlsplit(origin)
    return parts.scheme == "https" or parts.hostname not in _LOCAL


def _full_name(name: str, origin: str) -> str:
    # Browsers take a __Host- cookie from nobody but this very host, over HTTPS.
    return f"__Host-{name}" if is_secure(origin) else f"smartdhandha_{name}"


def _set(resp: falcon.Response, name: str, value: str, origin: str, max_age: int | None) -> None:
    resp.set_cookie(
        _full_name(name, origin),
        value,
        max_age=max_age,
        path="/",
        secure=is_secure(origin),
        http_only=True,
        same_site="Lax",
    )
