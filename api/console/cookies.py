"""The cookies of the console.

SESSION is for a signed-in user, VISIT for a browser without a session, and BROWSER for one in which users have logged
in. ORGANIZATION is no secret and opens nothing: with it, a script can show in the header of the public pages, which
are the same bytes for everybody, that there is a session.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import falcon

from domain.accounts.user import BROWSER_LIFETIME, MAX_SESSION

SESSION, VISIT, BROWSER, ORGANIZATION = "session", "visit", "browser", "organization"
_PREFIXES = "__Host-", "smartdhandha_"
"""What the names of cookies begin with: over HTTPS, and on the local machine."""
_LIFETIMES = {SESSION: MAX_SESSION, BROWSER: BROWSER_LIFETIME, ORGANIZATION: MAX_SESSION}
"""How long browsers keep a cookie. They keep another one until they are closed."""
_FOR_SCRIPTS = frozenset({ORGANIZATION})
"""The cookies that scripts of our pages may read."""
_MAX_NAME_CHARACTERS = 60
_EXPIRED: dict[str, Any] = {"max_age": "0", "expires": datetime.fromtimestamp(0, UTC)}
"""The lifetime of a deleted cookie. The age is a text, because falcon leaves out the number 0."""
_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


def cookie(req: falcon.Request, name: str, origin: str) -> str | None:
    """Return the value of a cookie; None if the browser did not send it. The origin decides its full name."""
    values = req.get_cookie_values(_full_name(name, origin)) or [""]
    return values[0] or None


def session_tokens(environ: dict[str, Any]) -> list[str]:
    """Return the values of the cookies by which a request may have a session, whatever the origin is."""
    req = falcon.Request(environ)
    found = (req.get_cookie_values(f"{prefix}{SESSION}") for prefix in _PREFIXES)
    return [values[0] for values in found if values]


def token_hash(token: str) -> bytes:
    """Return the SHA-256 hash of a session's token, by which the server remembers whose it is."""
    return hashlib.sha256(token.encode()).digest()


def keep_cookie(resp: falcon.Response, name: str, value: str, origin: str) -> None:
    """Set a cookie, which browsers do not send with forms of other sites. Scripts can read ORGANIZATION alone."""
    lifetime = _LIFETIMES.get(name)
    _set(resp, name, value, origin, max_age=None if lifetime is None else lifetime // timedelta(seconds=1))


def drop_cookie(resp: falcon.Response, name: str, origin: str) -> None:
    """Delete the cookie from the browser. Its attributes are the same as when it was set: __Host- demands them."""
    _set(resp, name, "", origin, **_EXPIRED)


def mark_session(req: falcon.Request, resp: falcon.Response, organization: str | None, origin: str) -> None:
    """Let the cookie ORGANIZATION say whose session the browser has; None deletes the cookie.

    Nothing is sent if the cookie already says so. A long name is cut.
    """
    value = None if organization is None else quote(organization[:_MAX_NAME_CHARACTERS], safe="")
    if value is None and cookie(req, ORGANIZATION, origin):
        drop_cookie(resp, ORGANIZATION, origin)
    elif value is not None and value != cookie(req, ORGANIZATION, origin):
        keep_cookie(resp, ORGANIZATION, value, origin)


def is_secure(origin: str) -> bool:
    """Return whether browsers must send cookies over HTTPS only. This is False only for HTTP on the local machine."""
    parts = urlsplit(origin)
    return parts.scheme == "https" or parts.hostname not in _LOCAL_HOSTS


def _full_name(name: str, origin: str) -> str:
    # Browsers accept a cookie with the prefix __Host- only over HTTPS, and never share it with other hosts.
    secure, local = _PREFIXES
    return f"{secure if is_secure(origin) else local}{name}"


def _set(resp: falcon.Response, name: str, value: str, origin: str, **lifetime: Any) -> None:
    resp.set_cookie(
        _full_name(name, origin),
        value,
        path="/",
        secure=is_secure(origin),
        http_only=name not in _FOR_SCRIPTS,
        same_site="Lax",
        **lifetime,
    )
