"""The port for what webhooks need besides their commands: addresses, secrets, and what the sender is asked for."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class NewSecret(NamedTuple):
    """A secret that was just made, and the id under which it is stored, encrypted."""

    id: str
    secret: str


class SecretsUnavailable(Exception):
    """The service has no key with which it could encrypt secrets of webhooks."""


class Webhooks(Protocol):
    """Checks where webhooks lead, makes their secrets, and asks the sender for deliveries.

    Ids of webhooks are those of webhooks that the organization has. All methods but `check_address` raise Unavailable.
    """

    def check_address(self, url: str) -> None:
        """Raise Invalid for a URL that leads to an address that the service does not call."""

    def make_secret(self, org_id: str) -> NewSecret:
        """Store a new secret, encrypted, for a webhook of the organization. It cannot be read by this port again.

        Raises SecretsUnavailable.
        """

    def retry(self, org_id: str, webhook_id: str, delivery_id: str) -> str | None:
        """Attempt a delivery now; return the id of the one that is attempted, or None if there is no such delivery.

        For a delivery that is not pending, this is a new one with the same event.
        """

    def delivery(self, org_id: str, webhook_id: str, id: str) -> bytes | None:
        """Return a delivery as `webhook_delivery_state_list` has it; None if there is no such delivery."""
