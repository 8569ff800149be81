"""The port for security events: who did what, from which network address, to which user or key."""

from __future__ import annotations

from typing import Protocol

import msgspec

from domain.accounts.security_event import SecurityEventKind


class Client(msgspec.Struct, frozen=True):
    """Where a request came from."""

    address: str
    """The client's whole network address; "unknown" if there is none."""
    network: str
    """What limits count as one client: the IPv4 address, or the /64 network of the IPv6 address."""
    request_id: str


class SecurityEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event that is not stored yet. The database adds its time and its number."""

    kind: SecurityEventKind
    org_id: str | None
    actor_type: str
    """`user`, or `operator` for the command line."""
    actor_id: str
    """The id of the user, or the name of the operating system's account that ran the command."""
    object_id: str | None = None
    """The id of the user or key that the event is about."""
    client: Client


class SecurityEvents(Protocol):
    """Stores security events."""

    def record(self, *events: SecurityEvent) -> None:
        """Store the events together, and write a line about each into the program log. Raises Unavailable."""
