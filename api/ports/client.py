"""Where a request came from."""

from __future__ import annotations

import msgspec


class Client(msgspec.Struct, frozen=True):
    """Where a request came from."""

    address: str
    """The client's whole network address; "unknown" if there is none."""
    network: str
    """The unit that limits count as one client: the IPv4 address, or the /64 network of the IPv6 address."""
    request_id: str
