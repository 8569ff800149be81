"""The unit of work, through which a handler loads and saves aggregates; and the result of a command."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Protocol, TypeVar

import msgspec

from commands.command import Command
from domain.aggregate import Aggregate

A = TypeVar("A", bound=Aggregate)

C = TypeVar("C", bound=Command)


class UnitOfWork(Protocol):
    """One command's transaction on an organization's log. Until it ends, no other command can change that log."""

    @property
    def at(self) -> datetime:
        """The time of this command; later than the time of every earlier event of the organization."""

    @property
    def today(self) -> date:
        """The calendar day at that time, in the organization's time zone."""

    def new_id(self, prefix: str) -> str:
        """Return a new id, which sorts after the older ids with this prefix."""

    def next_number(self) -> str:
        """Return the next free invoice number of the financial year that the command's `series_year` returns."""

    def get(self, aggregate: type[A], id: str) -> A:
        """Load the aggregate from its events. Raises NotFound, also when the id belongs to another kind."""

    def check_version(self, aggregate: Aggregate) -> None:
        """Raise StaleVersion when the caller expects another version than the current one (`If-Match`)."""

    def save(self, aggregate: Aggregate) -> None:
        """Take the new events of the aggregate. All events are stored together when the handler has returned."""


class CommandResult(msgspec.Struct, frozen=True):
    """The aggregate after a command, as the response shows it."""

    id: str
    version: int
    body: bytes
    """The resource as JSON, from its read row."""
    events: int
    """How many events were recorded; 0 when nothing changed."""
    is_replay: bool = False
    """Whether this is the stored result of an earlier request with the same Idempotency-Key."""


class Unavailable(Exception):
    """The database cannot be reached, or is too busy; the same command may succeed later."""


Handler = Callable[[C, UnitOfWork], Aggregate]
"""A function that loads an aggregate, refuses or acts, saves, and returns the aggregate."""
