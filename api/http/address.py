"""The address of a caller. Questions and failed log-ins are counted for each address."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

import falcon

Address = Callable[[falcon.Request], str]
"""Returns the address of a request's caller."""


def address_of(req: falcon.Request, header: str | None) -> str:
    """Return the caller's IPv4 address, or the /64 network of its IPv6 address: one household has a whole network.

    A header is used only when the settings name it. A proxy appends the address that it saw, so the last one counts.
    Returns "unknown" when neither the header nor the connection has an address.
    """
    forwarded = (req.get_header(header) or "").rpartition(",")[2].strip() if header else ""
    for text in (forwarded, req.remote_addr):
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            continue
        if not isinstance(address, ipaddress.IPv6Address):
            return str(address)
        # A dual-stack socket shows IPv4 callers as ::ffff:192.0.2.1; they do not share a network.
        mapped = address.ipv4_mapped
        return str(mapped or ipaddress.ip_network((int(address), 64), strict=False))
    return "unknown"
