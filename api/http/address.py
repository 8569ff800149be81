"""The network address of a client. Limits count requests per address, and security events contain the address."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Callable
from functools import lru_cache

import falcon

from api.http.request import Request
from api.ports.request.browser import browser_family
from api.ports.users import Client

Address = Callable[[falcon.Request], str]
"""A function that returns the client's address for a request."""

ClientOf = Callable[[Request], Client]
"""A function that returns where a request came from."""

logger = logging.getLogger("smartdhandha.api")

NO_ADDRESS_HEADER = (
    "SMARTDHANDHA_ADDRESS_HEADER is not set: all clients count as one address. Set it to the header in which the proxy "
    "sends the client's address."
)
"""The end of the warnings about a proxy."""

_FORWARDED_HEADERS = {
    "HTTP_FORWARDED": "Forwarded",
    "HTTP_X_FORWARDED_FOR": "X-Forwarded-For",
    "HTTP_X_REAL_IP": "X-Real-IP",
    "HTTP_VIA": "Via",
}
"""The headers that proxies add to the requests that they forward, by their keys in the environ."""


_ADDRESS = "smartdhandha.address"
"""The entry of the WSGI environ with the result of `seen_address`. Requests of tools of AI clients inherit it."""
_MAX_ADDRESS_CHARACTERS = 100
"""An IPv6 address has at most 45 characters; a zone may follow."""


def seen_address(req: falcon.Request, header: str | None) -> str:
    """Return the address from which a request came, for the networks of its key; empty if it is not known.

    `header` is the one of `client_address`. If the request has it, the connection is the proxy's. So the address is
    unknown if the header ends with something else than an address.
    """
    seen: str | None = req.env.get(_ADDRESS)
    if seen is None:
        forwarded = req.get_header(header) if header else None
        text = (req.remote_addr or "") if forwarded is None else forwarded.rpartition(",")[2].strip()
        seen = req.env[_ADDRESS] = _canonical(text) if len(text) <= _MAX_ADDRESS_CHARACTERS else ""
    return seen


@lru_cache(4096)
def _canonical(text: str) -> str:
    """Return the address without its zone, an IPv4 address in IPv4 form; an empty text if it is no address."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        return str(address.ipv4_mapped or ipaddress.IPv6Address(int(address)))
    return str(address)


def client_address(req: falcon.Request, header: str | None) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the client's address; None when neither the header nor the connection has an address.

    `header` is the header in which a trusted proxy sends the client's address; None for no proxy. The proxy appends the
    address, so the last address in the header is used. A request that a tool of an AI client makes has no
    such header; it carries the address from which the AI client called.
    """
    forwarded = (req.get_header(header) or "").rpartition(",")[2].strip() if header else ""
    for text in (forwarded, req.env.get(_ADDRESS, ""), req.remote_addr):
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            continue
        # A dual-stack socket shows IPv4 clients as ::ffff:192.0.2.1. They must not be counted as one /64 network.
        return getattr(address, "ipv4_mapped", None) or address
    return None


def address_of(req: falcon.Request, header: str | None) -> str:
    """Return what counts as one client for limits: the IPv4 address, or the /64 network of the IPv6 address.

    A whole /64 network counts, because one household usually has all of its addresses. Clients without an address count
    together, as "unknown". For `header` see `client_address`.
    """
    address = client_address(req, header)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(address), 64), strict=False))
    return str(address or "unknown")


def client_of(req: Request, header: str | None) -> Client:
    """Return where a request came from. For `header` see `client_address`."""
    address = client_address(req, header)
    network, browser = address_of(req, header), browser_family(req.get_header("User-Agent"))
    return Client(str(address or "unknown"), network, req.context.request_id, browser)


class ProxyDetection:
    """Middleware that warns about a proxy if no setting names the header with the client's address.

    Each process logs one warning, at the first request that comes from this machine or a private network and has a
    header that proxies add. In a request from elsewhere, the client may have added such a header itself.
    """

    def __init__(self) -> None:
        self._has_warned = False

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        if self._has_warned:
            return
        if req.env.keys().isdisjoint(_FORWARDED_HEADERS):  # most requests end here
            return
        header = next((name for key, name in _FORWARDED_HEADERS.items() if req.env.get(key)), None)
        address = client_address(req, None) if header else None
        if address is not None and address.is_private:
            self._has_warned = True
            logger.warning(
                "A proxy at %s forwards requests (they have the header %s), and %s", address, header, NO_ADDRESS_HEADER
            )
