"""What the API needs from outside, as it is handed to `create_app`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec

from api.ports.keys import KeyReads
from api.ports.overview import Overview
from api.ports.users import Users
from commands.handling import Command, Context
from projections.query.listing import Listing, ListQuery
from projections.views.account import AccountFacts
from projections.views.events import EventsPage, EventsQuery, Moment

WINDOW = timedelta(hours=720)


class Admission(msgspec.Struct, frozen=True):
    """Whose key it is, and what is left of its credits after this request."""

    org_id: str
    key_id: str
    scopes: Sequence[str]
    limit: int
    used: int
    first_at: datetime | None
    """When the oldest request that still counts was admitted; None when none does."""
    last_at: datetime | None
    asked_at: datetime
    readmitted_at: datetime | None = None
    """Set when the key has no credit left: the instant from which its next request is admitted."""

    @property
    def remaining(self) -> int:
        return max(self.limit - self.used, 0)

    @property
    def reset_at(self) -> datetime | None:
        """When credit returns: the next request is admitted from then on, or one more than now."""
        return self.readmitted_at or (self.first_at and self.first_at + WINDOW)

    @property
    def fully_reset_at(self) -> datetime | None:
        """When none of the requests so far counts any more."""
        return self.last_at and self.last_at + WINDOW


class Gate(Protocol):
    """Admission: who a key is, and whether it has credit."""

    def admit(self, key_hash: bytes, method: str, route: str, free: bool) -> Admission:
        """Spend a credit, or only look when the request is free.

        Raises UnknownKey, RevokedKey, ExpiredKey or CreditExhausted.
        """


class KeyRefused(Exception):
    """The key does not open anything."""


class UnknownKey(KeyRefused):
    """No key has this hash."""


class RevokedKey(KeyRefused):
    """The key was revoked."""


class ExpiredKey(KeyRefused):
    """The key's time, or that of a secret which was rotated away, has run out."""


class CreditExhausted(Exception):
    """The window is full; the admission says when credit returns."""

    def __init__(self, admission: Admission) -> None:
        self.admission = admission
        super().__init__(admission.key_id)


class Unavailable(Exception):
    """The database is away, or too busy to answer in time; the same request may succeed later."""


class Written(msgspec.Struct, frozen=True):
    """What a command left behind."""

    id: str
    version: int
    answer: bytes
    """The resource as JSON, as it now stands in its read row."""
    events: int
    """How many events were recorded; none when nothing had to change."""
    is_replay: bool = False
    """Whether the answer is that of an earlier request with the same Idempotency-Key."""


class Ledgers(Protocol):
    """Where commands are handled."""

    def execute(self, command: Command, context: Context) -> Written:
        """Handle it; raises a DomainError when it is refused."""


class Reads(Protocol):
    """Where queries are answered, each within one organization."""

    def page(self, org_id: str, query: ListQuery) -> list[tuple[Any, ...]]:
        """The rows of a list's page, and one more where there is one."""

    def one(self, org_id: str, listing: Listing, id: str) -> tuple[bytes, int] | None:
        """One object as JSON, and its version."""

    def past(self, org_id: str, kind: str, id: str, moment: Moment) -> tuple[bytes, int] | None:
        """One object as it then was, folded from its events; None when it was not there yet.

        Raises InTheFuture for a moment that has not come.
        """

    def events(self, org_id: str, query: EventsQuery) -> EventsPage:
        """A page of the organization's log."""

    def has(self, org_id: str, listing: Listing, id: str) -> bool:
        """Whether there is such an object."""

    def account(self, org_id: str, key_id: str, presented: str) -> AccountFacts:
        """The organization and the key, as `GET /me` shows them to who `presented` a secret with these last four
        characters."""

    def usage(
        self, org_id: str, key_id: str, granularity: str, start: datetime, end: datetime
    ) -> list[tuple[datetime, int]]:
        """The key's credits after `start` up to `end`, for each day or hour of the organization's time zone."""


class Health(Protocol):
    """Whether the service can do its work."""

    def problem(self) -> str | None:
        """Why it cannot; None when it can."""


class Passage(msgspec.Struct, frozen=True):
    """A piece of the reference or of a guide, as it is looked up."""

    id: str
    """An operation's id, or a guide's slug, with # and an anchor where it is one of its sections."""
    fields: tuple[str, str, str, str]
    """What it says, the telling words first: they weigh most."""


class Edition(msgspec.Struct, frozen=True):
    """All passages of this version of the reference and the guides."""

    id: str
    """A hash of what they say."""
    passages: tuple[Passage, ...]


class Term(msgspec.Struct, frozen=True):
    """One thing that is looked for: words that mean the same, in ASCII letters and digits."""

    words: tuple[str, ...]
    weight: float = 1.0


class PassageIndex(Protocol):
    """Where the assistant looks passages up."""

    def unknown(self, edition: Edition, words: Sequence[str]) -> dict[str, list[str]]:
        """Those of the words that no passage has, each with words of the passages that are written alike."""

    def search(self, edition: Edition, terms: Sequence[Term], limit: int) -> list[tuple[str, float, set[int]]]:
        """The best passages' ids, the best first, each with its score and the places of the terms that it has."""


class Pace(Protocol):
    """How fast an address may ask the assistant."""

    def wait(self, address: str) -> float:
        """Admits a question, and answers 0; or the seconds after which one will be admitted."""


class ModelFailed(Exception):
    """The language model is away, busy, slow, or says nothing."""


class Model(Protocol):
    """A language model that writes the assistant's answers from the passages that were found."""

    def write(self, instructions: str, question: str) -> Iterator[str]:
        """The answer, piece by piece as it is written. Raises ModelFailed, also in the middle."""


class Help(msgspec.Struct, frozen=True):
    """What the assistant is given."""

    index: PassageIndex
    pace: Pace
    model: Model | None = None
    address_header: str | None = None
    """The header in which a trusted proxy names the caller's address; None when callers come directly."""


class Answered(msgspec.Struct, frozen=True):
    """What may be told of a request: nothing that a client wrote but its id."""

    method: str
    """OTHER for a word that is no method of HTTP."""
    route: str | None
    """The route's template, such as /api/v1/invoices/{id}; None when no route was found."""
    status: int
    seconds: float
    org_id: str | None
    key_id: str | None
    request_id: str


Observer = Callable[[Answered], None]
"""Is told of each request just before its answer leaves; it must be quick, and must not raise."""


class Dependencies(msgspec.Struct, frozen=True):
    """Everything that the API is given."""

    gate: Gate
    ledgers: Ledgers
    reads: Reads
    health: Health
    help: Help
    users: Users
    overview: Overview
    key_reads: KeyReads
    public_url: str | None = None
    """The origin used in links, when the service stands behind a proxy."""
    observers: Sequence[Observer] = ()
    reference_script: bytes | None = None
    """The script of the reference page, gzipped; without it the page takes it from its public CDN."""
