"""The ports for queries on the log, and for proofs of its events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from api.ports.admission import Caller
from projections.views.events import EventsPage, EventsQuery
from projections.views.proofs import EventProof, LogCheckpoint, LogKeyFacts


class TreeBehind(Exception):
    """The background worker has not made enough tiles yet. It makes those of about 8 000 events in a second."""

    def __init__(self, events: int) -> None:
        self.seconds = 1 + events // 8_000
        super().__init__(
            f"The hashes of {events} events are not in the tree of the log yet: the background worker adds them. Try "
            f"again in {self.seconds} seconds."
        )


class SignerUnavailable(Exception):
    """The service has no key that signs checkpoints, or cannot decrypt it."""


class EventReads(Protocol):
    """Queries on the log of one organization."""

    def list_events(self, org_id: str, query: EventsQuery, caller: Caller | None = None) -> EventsPage:
        """Return a page of the log. Raises Unavailable, and PositionBeyondLog for a start beyond the end of the log.

        A caller without an admission is admitted in the same trip to the database. Then the method can also raise the
        errors of `AdmissionControl.admit`. `caller` is None for a signed-in user of the organization.
        """


class Proofs(Protocol):
    """Proofs of an organization's log. Each method can raise Unavailable."""

    def get_checkpoint(self, org_id: str) -> LogCheckpoint:
        """Return the signed root of the log as it is now. Raises TreeBehind and SignerUnavailable."""

    def get_proof(self, org_id: str, event_id: str, check_type: Callable[[str], None]) -> EventProof | None:
        """Return the proof of an event; None if the organization has no event with this id.

        `check_type` is called with the type of the event before anything else of it is read; what it raises ends the
        call. Raises TreeBehind and SignerUnavailable.
        """

    def list_keys(self) -> Sequence[LogKeyFacts]:
        """Return the public keys of the service, the newest first. Those of the past verify what they have signed."""
