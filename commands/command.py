"""A command: something asked of one aggregate, and in whose name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

import msgspec

from domain.aggregate import Aggregate
from domain.errors import DomainError, Violation


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
