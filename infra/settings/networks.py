"""The parser of networks that webhooks may reach although they are not public."""

from __future__ import annotations

import ipaddress

from domain.reading import InvalidValue

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def parse_networks(text: str) -> tuple[Network, ...]:
    """Return the networks of a list with commas, each in CIDR notation."""
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in text.split(","))
    except ValueError:
        raise InvalidValue("must be networks in CIDR notation separated by commas, such as 10.2.0.0/16") from None
