"""The unit of work, with which a handler loads and saves aggregates, and the result of a command."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

import msgspec

from commands.command import Actor, Command
from domain.accounts.zones import Zones
from domain.aggregate import Aggregate
from domain.tax.supplier import Supplier

A = TypeVar("A", bound=Aggregate)

C = TypeVar("C", bound=Command)


class UnitOfWork(Protocol):
    """The transaction of one command on an organization's log. Other commands on this log wait until it ends."""

    @property
    def at(self) -> datetime:
        """The time of this command. It is later than the times of all earlier events of the organization."""

    @property
    def zones(self) -> Zones:
        """The organization's time zone, and the one that was chosen last."""

    @property
    def today(self) -> date:
        """The calendar day at the time `at`, in the organization's time zone."""

    @property
    def supplier(self) -> Supplier | None:
        """What documents say of the organization, from its profile; None if it has none."""

    @property
    def actor(self) -> Actor:
        """The sender of this command."""

    @property
    def scopes(self) -> tuple[str, ...] | None:
        """The scopes of the API key that has sent this command; None for other senders, who may do everything."""

    def new_id(self, prefix: str) -> str:
        """Return a new id with this prefix. New ids sort after older ids with the same prefix."""

    def next_number(self) -> str:
        """Return the next free invoice number of the financial year that the command's `series_year` returns."""

    def next_note_number(self, kind: str, prefix: str, day: date) -> str:
        """Return the next number of the series of this kind of note, in the financial year of this day.

        `prefix` begins the number. This takes a trip of its own, so that other commands need not pay for it.
        """

    def get(self, aggregate: type[A], id: str) -> A:
        """Load the aggregate, as its events have left it.

        Raises NotFound, also if the id belongs to another kind of object, or the sender's key must not see the object.
        """

    def check_version(self, aggregate: Aggregate) -> None:
        """Raise StaleVersion when `If-Match` does not name the current version of the aggregate."""

    def save(self, aggregate: Aggregate) -> None:
        """Collect the new events of the aggregate. All collected events are stored after the handler has returned.

        A handler that changes two aggregates saves first the one that the response shows.
        """

    def store_logo(self, png: bytes | None) -> None:
        """Store the picture of the organization's logo together with the events of the command; None takes it away."""

    def skip_deliveries(self, webhook_id: str, names: Collection[str]) -> None:
        """Let a webhook go on at the end of the log. `names` are the names of the events that it gets.

        This happens together with the command. CommandResult.skipped is how many events are skipped.
        """


class CommandResult(msgspec.Struct, frozen=True):
    """The aggregate after a command, as the response shows it."""

    id: str
    version: int
    body: bytes
    """The resource as JSON: the bytes that are stored in its row."""
    events: int
    """The number of recorded events; 0 when the command changed nothing."""
    is_replay: bool = False
    """Whether this is the stored result of an earlier request with the same Idempotency-Key."""
    skipped: int | None = None
    """The number of events that a webhook skips from now on; None if the command skips none."""
    position: int = 0
    """The position of the log after the command; 0 if it is not known."""
    security_events: tuple[bytes, ...] = ()
    """The security events that were stored with the command, each as JSON."""


class Unavailable(Exception):
    """The database cannot be reached, or is too busy. The same request may succeed later."""


Handler = Callable[[C, UnitOfWork], Aggregate]
"""A function that runs one command: it loads an aggregate, refuses or changes it, saves it, and returns it."""


def changing(change: Callable[[Any, Any, UnitOfWork], None]) -> Handler[Any]:
    """Make a handler of a function that changes the aggregate with the command's `id`.

    The handler loads the aggregate, checks `If-Match`, calls `change(aggregate, command, uow)`, and saves it.
    """

    def handle(command: Any, uow: UnitOfWork) -> Aggregate:
        aggregate: Aggregate = uow.get(command.target, command.id)
        uow.check_version(aggregate)
        change(aggregate, command, uow)
        uow.save(aggregate)
        return aggregate

    return handle
