"""The port for what an organization holds about a person, and for requests to erase it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol

from api.ports.users import Client
from domain.privacy.erasures import SubjectKind
from domain.privacy.retention import Choice

WAITING, DONE, FAILED = "waiting", "done", "failed"
CANCELLED, NO_LONGER_ALLOWED, OLD_FORMAT, EXPIRED, NO_RIGHTS, GIVEN_UP, BROKEN = (
    "cancelled",
    "not_allowed",
    "old_format",
    "expired",
    "no_rights",
    "given_up",
    "broken",
)
"""Why a request has failed: a user took it back, its user lost the rights, the log has the first format, nobody
carried it out in time, the background worker may not change events, it could not finish it in MAX_ATTEMPTS attempts, or
the service has a fault."""
MAX_HOURS = 24
"""How long a request waits at most. Later, it is not carried out any more."""
MAX_ATTEMPTS = 3
"""How often the background worker begins to carry a request out."""
MAX_WAITING = 20
"""How many requests of an organization wait at once. The SQL function `ask_for_erasure` says so, too."""
FIRST_OBJECTS = 5
"""How many objects of a group are named."""


class PersonQuery(NamedTuple):
    """Whom a user looks up: a client or vendor (`party`), or an employee."""

    kind: SubjectKind
    id: str
    left: date | None
    """The day on which an employee has left; None if it is not known."""


class HeldObject(NamedTuple):
    """An object that is about the person."""

    id: str
    number: str
    """The number of a document; empty for a leave."""


class HeldGroup(NamedTuple):
    """Objects of a kind of which the same is to be said."""

    kind: str
    goes: bool
    """Whether its personal values go when the person is erased now."""
    until: date | None
    """The last day on which they must be kept; None if no law asks for it, or if it is not known."""
    why: str
    """Why they stay or go, as a word."""
    objects: int
    erased: int
    """Of how many objects the values are gone already."""
    first: Sequence[HeldObject]


class Holdings(NamedTuple):
    """What is held about a person."""

    groups: Sequence[HeldGroup]
    more: int
    """How many objects there are besides, which were not looked at."""
    is_erasable: bool
    """Whether anything can be erased from the log, whose format may be too old for it."""


class Stay(NamedTuple):
    """Objects that an erasure has left."""

    kind: str
    why: str
    until: date | None
    objects: int


class ErasureResult(NamedTuple):
    """What an erasure has done."""

    objects: int
    events: int
    position: int | None
    """Of the event that records it; None if nothing could go."""
    stays: Sequence[Stay]


class ErasureRequest(NamedTuple):
    """A request to erase a person."""

    id: str
    user_id: str
    """Who has asked."""
    kind: SubjectKind
    subject: str | None
    """The id of the person; None as soon as the request has ended."""
    state: str
    failure: str | None
    asked_at: datetime
    ended_at: datetime | None
    result: ErasureResult | None


class ErasingWorker(NamedTuple):
    """What is known of the background worker, which carries requests out."""

    ran_at: datetime | None
    """When it last looked for requests; None if it never did."""
    has_failed: bool
    is_late: bool
    """Whether this is longer ago than two minutes. It looks for requests every 20 seconds."""


class Requests(NamedTuple):
    """The newest requests of an organization, the newest first, and who carries them out."""

    requests: Sequence[ErasureRequest]
    worker: ErasingWorker


class TooManyRequests(Exception):
    """MAX_WAITING requests of the organization wait."""


class Privacy(Protocol):
    """What an organization holds about persons. Each method can raise Unavailable."""

    def get_choice(self, org_id: str) -> Choice:
        """Return for how long the organization keeps its records."""

    def look_up(self, org_id: str, subject: PersonQuery) -> Holdings:
        """Return what is held about a person: how many objects, and what happens to some of them."""

    def ask(self, org_id: str, token: str, id: str, subject: PersonQuery, client: Client) -> None:
        """Ask for an erasure; the id is that of the request. `token` is the secret of the session.

        Nothing happens if there is such a request. Raises NotProved and TooManyRequests.
        """

    def list_requests(self, org_id: str) -> Requests:
        """Return the newest requests."""

    def cancel(self, org_id: str, id: str) -> bool:
        """Take a request back. Return False if it has ended, or is being carried out."""

    def get_record(self, org_id: str, id: str) -> bytes | None:
        """Return the record of an erasure, with which it is done again after a restore; None if there is none."""
