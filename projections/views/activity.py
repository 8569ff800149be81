"""The page Activity: what was done, to which object, by whom; and how far the log's hash chain is verified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec

from domain.registry import EVENTS
from projections.views.history import Change

MAX_POSITIONS_SEARCHED = 5000
"""One page searches at most this many positions of the log: a search for a rare actor must not read all of it."""
NAMES = tuple(EVENTS)
"""The names of all events, also of those of API keys: every user of the console may see them."""


class ActivityQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries to show; a filter that is None is not applied."""

    name: str | None = None
    object: str | None = None
    """An object's id, or the number of an invoice or bill."""
    actor: tuple[str, str] | None = None
    """The type of actor, and its id."""
    first: date | None = None
    last: date | None = None
    """`first` and `last` are days in the organization's time zone, both inclusive."""
    before: int | None = None
    """Show entries before this position; None begins at the end of the log."""
    limit: int = 50


class DisplayName(msgspec.Struct, frozen=True):
    """What an object is called: an invoice's number and its client, a leave's employee, a key's name."""

    name: str
    party: str | None = None
    """The client or vendor. For a leave it is the first day, for a key the last four characters."""
    currency: str | None = None


class Entry(msgspec.Struct, frozen=True):
    """One event, with everything that its sentence needs."""

    position: int
    id: str
    version: int
    name: str
    at: datetime
    actor: tuple[str, str]
    state: str | bytes


class ActivityPage(msgspec.Struct, frozen=True):
    """Entries, the newest first, and where the next page begins."""

    entries: Sequence[Entry]
    display_names: Mapping[int, DisplayName]
    """The name of each entry's object after the event, by position; an object without a row is left out."""
    keys: Mapping[str, DisplayName]
    """The name of every key by id: keys are actors and objects of entries."""
    next_before: int | None
    """None on the last page."""


class History(msgspec.Struct, frozen=True):
    """One object's steps, the newest first."""

    display_name: DisplayName | None
    """None for an object without a row."""
    kind: str
    steps: Sequence[Change]
    next_before: int | None
    """The next page holds the steps before this version; None on the last page."""
    keys: Mapping[str, DisplayName]
    unreadable_at: int | None = None
    """The position of the first event that cannot be read; the steps end before it."""


class Proof(msgspec.Struct, frozen=True):
    """The position up to which an organization's hash chain was recomputed and found intact."""

    head: int
    """The last position of the log."""
    position: int = 0
    checked_at: datetime | None = None
    broken_at: int | None = None
    """The first position whose event is not the one that was recorded."""
    reason: str | None = None
