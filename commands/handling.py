"""How a command is read and handled: the dispatch table, and the ledger that a handler loads from and saves to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Protocol, TypeVar

import msgspec

from commands.fields import read_fields
from domain.aggregate import Aggregate
from domain.errors import DomainError, Invalid, Violation

A = TypeVar("A", bound=Aggregate)
C = TypeVar("C", bound="Command")


class Command(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Something asked of one aggregate. Its annotated fields are the body of the request."""

    target: ClassVar[type[Aggregate]]
    computed: ClassVar[frozenset[str]] = frozenset()
    """Fields of the resource, by their API names, that this command cannot write."""

    def aggregate_id(self) -> str | None:
        """The aggregate of which it is asked; None when it makes a new one."""
        return getattr(self, "id", None)

    def series_year(self) -> int | None:
        """The financial year of whose series the command needs the next number, if it needs one."""
        return None

    @classmethod
    def check_new(cls, values: Mapping[str, Any]) -> list[Violation]:
        """What is wrong between these values of a new aggregate, as far as they are given."""
        return []

    @classmethod
    def check(cls, aggregate: Any, values: Mapping[str, Any], today: date) -> list[Violation]:
        """What is wrong with these values in the state where the aggregate stands."""
        return []


class Faulty(Command, frozen=True, kw_only=True):
    """A request with wrong fields: refused with all of them, once its object is known to be there and its
    Idempotency-Key to be new."""

    of: type[Command]
    id: str | None
    values: Mapping[str, Any]
    violations: tuple[Violation, ...]

    def invalid_from_the_start(self) -> Invalid:
        """The refusal of what was to be new."""
        return Invalid((*self.violations, *self.of.check_new(self.values)))


class Actor(msgspec.Struct, frozen=True):
    """Who asks: an API key, a user, the command line or the worker."""

    type: str
    id: str


class Retry(msgspec.Struct, frozen=True):
    """A request that its sender may send again: its key, and the hash of what it asked."""

    key: str
    request_hash: bytes


class KeyReused(DomainError):
    """The same Idempotency-Key came before with another request."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            f"The Idempotency-Key '{key}' was used before for another request; send a new key with a new request."
        )


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """In whose name a command is handled; it goes into the metadata of its events."""

    org_id: str
    actor: Actor
    request_id: str
    correlation_id: str | None = None
    """What ties together the events of one undertaking; the request itself unless told otherwise."""
    causation_id: str | None = None
    """What brought the command about; the request itself unless told otherwise."""
    if_match: frozenset[int] | None = None
    """The versions of which the caller takes one for the current one; None when any will do."""
    retry: Retry | None = None


class Ledger(Protocol):
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

    def match(self, aggregate: Aggregate) -> None:
        """Raises StaleVersion when the caller takes another version for the current one."""

    def save(self, aggregate: Aggregate) -> None:
        """Keep its new events; they are stored together once the handler has returned."""


Handler = Callable[[C, Ledger], Aggregate]
_HANDLERS: dict[type[Command], Handler[Any]] = {}


def handles(command: type[C]) -> Callable[[Handler[C]], Handler[C]]:
    """Enter a handler in the dispatch table."""

    def enter(handler: Handler[C]) -> Handler[C]:
        _HANDLERS[command] = handler
        return handler

    return enter


def handle(command: Command, ledger: Ledger) -> Aggregate:
    """Let the command's own handler act on the ledger; answers with the aggregate as it now stands."""
    return _HANDLERS[type(command)](command, ledger)


def command_from(
    command: type[C], body: Mapping[str, Any], id: str | None = None, *, retried: bool = False
) -> C | Faulty:
    """The command that a body asks for.

    Raises Invalid with every wrong field. A request to an object (`id`), or one that may be a retry, becomes Faulty
    instead: whether the object is there, and whether the Idempotency-Key is new, is answered first.
    """
    found: list[Violation] = []
    values = read_fields(command, body, found.append, command.computed)
    if not found:
        return command(**values) if id is None else command(id=id, **values)
    faulty = Faulty(of=command, id=id, values=values, violations=tuple(found))
    if id is None and not retried:
        raise faulty.invalid_from_the_start()
    return faulty


@handles(Faulty)
def refuse_faulty(command: Faulty, ledger: Ledger) -> Aggregate:
    if command.id is None:
        raise command.invalid_from_the_start()
    aggregate = ledger.get(command.of.target, command.id)
    raise Invalid((*command.violations, *command.of.check(aggregate, command.values, ledger.today)))
