"""The port for what webhooks need besides their commands: addresses, secrets, and what the sender is asked for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple, Protocol


class NewSecret(NamedTuple):
    """A secret that was just made, and the id under which it is stored, encrypted."""

    id: str
    secret: str


class SecretsUnavailable(Exception):
    """The service has no key with which it could encrypt secrets of webhooks."""


class StartedReplay(NamedTuple):
    """The outcome of a request for a replay."""

    outcome: str
    """`started`, `running` if another one has not ended, or `too_many` events."""
    id: str | None
    events: int | None


class DeliveryRequests(Protocol):
    """Asks the sender for deliveries: tests, retries and replays.

    Ids of webhooks are those of webhooks that the organization has. All methods raise Unavailable.
    """

    def retry(self, org_id: str, webhook_id: str, delivery_id: str) -> str | None:
        """Attempt a delivery now; return the id of the one that is attempted, or None if there is no such delivery.

        For a delivery that is not pending, this is a new one with the same event.
        """

    def delivery(self, org_id: str, webhook_id: str, id: str) -> bytes | None:
        """Return a delivery as `webhook_delivery_state_list` has it; None if there is no such delivery."""

    def await_delivery(self, org_id: str, webhook_id: str, id: str, seconds: float) -> bytes | None:
        """Wait up to `seconds` until the delivery is not pending any more; return it like `delivery`."""

    def request_test(self, org_id: str, webhook_id: str, type: str, event_id: str, sample: bytes) -> str | None:
        """Let a sender post `sample` once; return the id of the delivery, or None for an unknown webhook."""

    def start_replay(
        self, org_id: str, webhook_id: str, after: int | None, since: datetime | None, names: Collection[str]
    ) -> StartedReplay:
        """Let the sender post the events with these names once more, from a position or a time on."""

    def last_replay(self, org_id: str, webhook_id: str) -> bytes | None:
        """Return the last replay as JSON; None if there was none."""

    def cancel_replay(self, org_id: str, webhook_id: str, id: str) -> None:
        """End a replay. One that has ended stays as it is."""


class Webhooks(DeliveryRequests, Protocol):
    """Checks where webhooks lead, makes their secrets, and asks the sender for deliveries.

    All methods but `check_address` raise Unavailable.
    """

    def check_address(self, url: str) -> None:
        """Raise Invalid for a URL that leads to an address that the service does not call."""

    def make_secret(self, org_id: str) -> NewSecret:
        """Store a new secret, encrypted, for a webhook of the organization. It cannot be read by this port again.

        Raises SecretsUnavailable.
        """
