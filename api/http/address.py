"""The network address of a client. Rate limits count questions and failed log-ins by address."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

import falcon

Address = Callable[[falcon.Request], str]
"""A function that returns the client's address for a request."""


def address_of(req: falcon.Request, header: str | None) -> str:
    """Return the client's IPv4 address, or the /64 network of its IPv6 address.

    The /64 network is used because one household usually has a whole network. `header` is the header in which a trusted
    proxy sends the client's address; None for no proxy. A proxy appends the address, so the last one in the header is
    used. Returns "unknown" when neither the header nor the connection has an address.
    """
    forwarded = (req.get_header(header) or "").rpartition(",")[2].strip() if header else ""
    for text in (forwarded, req.remote_addr):
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            continue
        if not isinstance(address, ipaddress.IPv6Address):
            return str(address)
        # A dual-stack socket shows IPv4 clients as ::ffff:192.0.2.1. They must not be counted as one /64 network.
        mapped = address.ipv4_mapped
        return str(mapped or ipaddress.ip_network((int(address), 64), strict=False))
    return "unknown"
