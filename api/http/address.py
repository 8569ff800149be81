"""Where a request comes from: the address by which questions and failed log-ins are counted."""

from __future__ import annotations

import ipaddress

import falcon


def address_of(req: falcon.Request, header: str | None) -> str:
    """The caller's address; of IPv6 the network, since a household has a whole one.

    A header is believed only when the settings name it. A proxy adds to what its caller sent: its own word is the last.
    """
    told = (req.get_header(header) or "").rpartition(",")[2].strip() if header else ""
    for text in (told, req.remote_addr):
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            continue
        if not isinstance(address, ipaddress.IPv6Address):
            return str(address)
        # A socket that takes both families writes IPv4 as ::ffff:192.0.2.1; those are not all one network.
        mapped = address.ipv4_mapped
        return str(mapped or ipaddress.ip_network((int(address), 64), strict=False))
    return "unknown"
