"""The form of a webhook's URL. Whether its host may be called is decided when the host is resolved."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from domain.reading import InvalidValue

MAX_URL_CHARACTERS = 2000
_VISIBLE_ASCII = re.compile(r"[!-~]+", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?\.?|\[[0-9A-Fa-f:.]+\]", re.ASCII)
_PORTS = {"https": 443, "http": 80}


class Target(NamedTuple):
    """The parts of a URL that are needed to connect."""

    scheme: str
    host: str
    """A name or an address in lower case; an IPv6 address without brackets."""
    port: int


def parse_target(url: str) -> Target:
    """Return where a URL leads.

    Raises InvalidValue for a URL that is not http or https, is longer than MAX_URL_CHARACTERS, or contains credentials,
    a fragment, an IPv6 zone, or characters that a URL must encode.
    """
    if len(url) > MAX_URL_CHARACTERS or not _VISIBLE_ASCII.fullmatch(url) or "\\" in url:
        raise InvalidValue(f"must be a URL of at most {MAX_URL_CHARACTERS} visible ASCII characters")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidValue("must be a URL, such as https://example.in/hooks") from None
    if parts.scheme not in _PORTS:
        raise InvalidValue("must begin with https://")
    if "@" in parts.netloc:
        raise InvalidValue("must not contain credentials; to know who sent a delivery, check its signature")
    host = parts.netloc if port is None and not parts.netloc.endswith(":") else parts.netloc.rpartition(":")[0]
    if not _HOST.fullmatch(host) or port == 0:
        raise InvalidValue("must name a host, such as https://example.in/hooks")
    if "#" in url:
        raise InvalidValue("must not contain a fragment (#…), because it is never sent")
    return Target(parts.scheme, host.strip("[]").lower(), port or _PORTS[parts.scheme])


def without_path(url: str) -> str:
    """Return the URL with `…` in place of its path and its query, in which receivers often have a secret."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/…" if parts.path.strip("/") or parts.query else url
