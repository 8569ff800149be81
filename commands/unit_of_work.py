"""What a handler loads from and saves to, and what it leaves behind."""

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
    """One organization's log while its writer holds it: nothing else changes there until the end."""

    @property
    def at(self) -> datetime:
        """The time of this command: later than that of every event before it."""

    @property
    def today(self) -> date:
        """The organization's own day at that time."""

    def new_id(self, prefix: str) -> str:
        """A new id that sorts after the older ones of its prefix."""

    def next_number(self) -> str:
        """The next free number of the series that the command named by `series_year`."""

    def get(self, aggregate: type[A], id: str) -> A:
        """Load it from its events. Raises NotFound."""

    def check_version(self, aggregate: Aggregate) -> None:
        """Raises StaleVersion when the caller takes another version for the current one."""

    def save(self, aggregate: Aggregate) -> None:
        """Keep its new events; they are stored together once the handler has returned."""


class CommandResult(msgspec.Struct, frozen=True):
    """What a command left behind."""

    id: str
    version: int
    answer: bytes
    """The resource as JSON, as it now stands in its read row."""
    events: int
    """How many events were recorded; none when nothing had to change."""
    is_replay: bool = False
    """Whether the answer is that of an earlier request with the same Idempotency-Key."""


class Unavailable(Exception):
    """The database is away, or too busy to answer in time; the same request may succeed later."""


Handler = Callable[[C, UnitOfWork], Aggregate]
"""Loads, refuses, acts and saves; returns the aggregate that it acted on."""
