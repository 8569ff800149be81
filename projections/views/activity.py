"""The data of the page Activity: the events of the log, and how far the hash chain of the log was verified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec

from domain.registry import EVENTS
from projections.views.history import Change

MAX_POSITIONS_SEARCHED = 5000
"""The number of positions of the log that one page may search. Without this limit, a filter by a rare actor would read
the whole log."""
NAMES = tuple(EVENTS)
"""The names of all events, including events of API keys."""


class ActivityQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The filters of the page Activity, and where the page begins. A filter that is None is not applied."""

    readable: frozenset[str] | None = None
    """The names of the events that the user may see. None means all."""
    name: str | None = None
    object: str | None = None
    """The id of an object, or the number of an invoice or bill."""
    actor: tuple[str, str] | None = None
    """The type and the id of the actor."""
    first: date | None = None
    """The first day of the entries, in the organization's time zone."""
    last: date | None = None
    """The last day of the entries, in the organization's time zone."""
    before: int | None = None
    """The page shows entries before this position. None means that it begins at the end of the log."""
    limit: int = 50


class DisplayName(msgspec.Struct, frozen=True):
    """The parts of an object's name for people, such as the number of an invoice and its client."""

    name: str
    party: str | None = None
    """The client or vendor. For a leave it is the first day, and for a key the last four characters of its secret."""
    currency: str | None = None


class Entry(msgspec.Struct, frozen=True):
    """One event, with the values that the page needs to describe it in a sentence."""

    position: int
    id: str
    version: int
    name: str
    at: datetime
    actor: tuple[str, str]
    state: str | bytes


class ActivityPage(msgspec.Struct, frozen=True):
    """One page of entries, the newest first."""

    entries: Sequence[Entry]
    display_names: Mapping[int, DisplayName]
    """For the position of each entry, the name of its object after the event. Objects without a row are left out."""
    keys: Mapping[str, DisplayName]
    """The names of all API keys, by id. Entries name keys as actors and as objects."""
    next_before: int | None
    """The position before which the next page begins; None on the last page."""


class History(msgspec.Struct, frozen=True):
    """One page of the history of an object."""

    display_name: DisplayName | None
    """The name of the object; None for an object without a row."""
    kind: str
    steps: Sequence[Change]
    """The events of the object with its state before and after each, the newest first."""
    next_before: int | None
    """The version before which the next page begins; None on the last page."""
    keys: Mapping[str, DisplayName]
    """The names of all API keys, by id."""
    unreadable_at: int | None = None
    """The position of the first event that cannot be read, or None. `steps` holds only events before this position."""


class ChainCheck(msgspec.Struct, frozen=True):
    """The result of the last verification of an organization's hash chain."""

    head: int
    """The last position of the log."""
    position: int = 0
    """The position up to which the chain was found intact."""
    checked_at: datetime | None = None
    """The time of the verification; None when the chain was never verified."""
    broken_at: int | None = None
    """The first position whose event was changed after it was recorded; None if there is none."""
    reason: str | None = None
    """Why the chain is broken at `broken_at`; None when it is intact."""
