"""What the application tells the server about the sender of a request, through the WSGI environ.

The server lets no organization use all threads of a process. Before it calls the application, the server sees only the
credential of a request. Afterwards the application tells the server to which organization the credential belongs.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

SENDER = "smartdhandha.sender"
"""The key of the WSGI environ that holds a ProvenSender, once the application has looked up the credential."""


class ProvenSender(NamedTuple):
    """The organization of an API key or of a session of the console."""

    credential: bytes
    """The SHA-256 hash of the key's secret, or of the session's token."""
    org_id: str | None
    """The id of the organization; None if the credential is not valid."""


class OrganizationLookup(Protocol):
    """Finds the organization of a key before the application is called, so that the server can count its requests."""

    def organization_of(self, key_hash: bytes) -> str | None:
        """Return the id of the organization of a valid key; None for another key. It costs no credit.

        Raises Unavailable.
        """

    def live_sibling_of(self, org_id: str) -> str:
        """Return the id of the live organization whose test mode this organization is. Raises Unavailable."""
