"""The cookies of the console.

SESSION holds the session of a signed-in user. VISIT identifies a browser without a session, and BROWSER a browser in
which users have logged in. LANGUAGE holds the language that somebody chose in this browser. ORGANIZATION is not secret
and gives no access: it only tells a script that the browser has a session. The script then changes the header of the
public pages, whose bytes are the same for everybody. THEME tells the script which theme the user has chosen; the script
stores it in the browser and deletes the cookie.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import falcon

from domain.accounts.user import BROWSER_LIFETIME, MAX_SESSION

SESSION, VISIT, BROWSER = "session", "visit", "browser"
ORGANIZATION, THEME, LANGUAGE = "organization", "theme", "language"
_PREFIXES = "__Host-", "smartdhandha_"
"""The prefixes of the names of cookies: over HTTPS, and on the local machine."""
_LIFETIMES = {SESSION: MAX_SESSION, BROWSER: BROWSER_LIFETIME, ORGANIZATION: MAX_SESSION, LANGUAGE: BROWSER_LIFETIME}
"""How long browsers keep these cookies. Browsers delete the other cookies when they are closed."""
_FOR_SCRIPTS = frozenset({ORGANIZATION, THEME})
"""The cookies that scripts of the pages can read."""
_MAX_NAME_CHARACTERS = 60
_EXPIRED: dict[str, Any] = {"max_age": "0", "expires": datetime.fromtimestamp(0, UTC)}
"""The lifetime of a deleted cookie. The age is a text, because falcon leaves out the number 0."""
_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


def cookie(req: falcon.Request, name: str, origin: str) -> str | None:
    """Return the value of a cookie; None if the browser did not send it. Its prefix depends on the origin."""
    values = req.get_cookie_values(_full_name(name, origin)) or [""]
    return values[0] or None


def session_tokens(environ: dict[str, Any]) -> list[str]:
    """Return the values of the cookie SESSION with each prefix, because the origin is not known here."""
    req = falcon.Request(environ)
    found = (req.get_cookie_values(f"{prefix}{SESSION}") for prefix in _PREFIXES)
    return [values[0] for values in found if values]


def token_hash(token: str) -> bytes:
    """Return the SHA-256 hash of a session's token. By this hash, the server remembers the organization."""
    return hashlib.sha256(token.encode()).digest()


def keep_cookie(resp: falcon.Response, name: str, value: str, origin: str) -> None:
    """Set a cookie that browsers do not send with forms of other sites.

    Scripts can read only the cookies ORGANIZATION and THEME.
    """
    lifetime = _LIFETIMES.get(name)
    _set(resp, name, value, origin, max_age=None if lifetime is None else lifetime // timedelta(seconds=1))


def drop_cookie(resp: falcon.Response, name: str, origin: str) -> None:
    """Delete the cookie from the browser, with the attributes that browsers require for the prefix __Host-."""
    _set(resp, name, "", origin, **_EXPIRED)


def mark_session(req: falcon.Request, resp: falcon.Response, organization: str | None, origin: str) -> None:
    """Set the cookie ORGANIZATION to the organization of the session; None deletes the cookie.

    Send nothing if the cookie already has this value. A long name is shortened.
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
