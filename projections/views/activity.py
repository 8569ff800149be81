"""The log as people read it: what was done, to what, by whom; and how far its chain is verified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec

from domain.registry import EVENTS
from projections.views.history import Change

WINDOW = 5000
"""Positions that one page looks through at most, so that a rare actor never costs the whole log."""
NAMES = tuple(EVENTS)
"""Every type of event, also those of keys: who may see the console may see them."""


class ActivityQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries; what is absent narrows nothing."""

    name: str | None = None
    object: str | None = None
    """An object's id, or the number of an invoice or bill."""
    actor: tuple[str, str] | None = None
    """The type of actor, and its id."""
    first: date | None = None
    last: date | None = None
    """Days in the organization's time zone, both included."""
    before: int | None = None
    """Entries below this position; None begins at the end of the log."""
    limit: int = 50


class DisplayName(msgspec.Struct, frozen=True):
    """What an object is called: an invoice's number and its client, a leave's employee, a key's name."""

    name: str
    party: str | None = None
    """The client or vendor; of a leave its first day, of a key its last four characters."""
    currency: str | None = None


class Entry(msgspec.Struct, frozen=True):
    """One event with what is needed to tell of it."""

    position: int
    id: str
    version: int
    name: str
    at: datetime
    actor: tuple[str, str]
    state: str | bytes


class ActivityPage(msgspec.Struct, frozen=True):
    """Entries, the newest first, and where to go on."""

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
    """The version below which to go on; None on the last page."""
    keys: Mapping[str, DisplayName]
    unreadable_at: int | None = None
    """The position of the first event that cannot be read; the steps end before it."""


class Proof(msgspec.Struct, frozen=True):
    """Up to where an organization's chain of hashes was recomputed and found whole."""

    head: int
    """The last position of the log."""
    position: int = 0
    checked_at: datetime | None = None
    broken_at: int | None = None
    """The first position that is not what was recorded."""
    reason: str | None = None
