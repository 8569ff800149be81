"""Commands and their contexts. A command is a request to change one aggregate; its context says who sent it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, NamedTuple

import msgspec

from domain.accounts.security_event import SecurityEventKind
from domain.aggregate import Aggregate
from domain.errors import DomainError
from domain.errors.codes import READ_ONLY_FIELD, UNKNOWN_FIELD, VALIDATION_FAILED
from domain.errors.messages import shorten
from domain.errors.violation import Violation


class Trace(NamedTuple):
    """The security events of a command."""

    kinds: Sequence[SecurityEventKind]
    object_id: str | None = None
    """What they are about; None stands for the aggregate of the command."""
    details: Mapping[str, str] | None = None


class Command(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The base of all commands. Fields that are annotated with a FieldType come from the body of the request."""

    target: ClassVar[type[Aggregate]]
    """The class of the aggregate that the command creates or changes."""
    read_only: ClassVar[frozenset[str]] = frozenset()
    """The API names of the resource's fields that this command cannot set."""
    security_events: ClassVar[tuple[SecurityEventKind, ...]] = ()
    """The kinds of security events to store if the command changes something, and the context names a person or key."""
    refusals: ClassVar[tuple[type[DomainError], ...]] = ()
    """The refusals that can occur although all fields are valid."""
    field_errors: ClassVar[tuple[str, ...]] = (VALIDATION_FAILED, UNKNOWN_FIELD, READ_ONLY_FIELD)
    """The codes that violations of the command's fields can have."""

    def aggregate_id(self) -> str | None:
        """Return the id of the aggregate to change; None for a command that creates an aggregate."""
        return getattr(self, "id", None)

    def trace(self) -> Trace:
        """Return what is stored as security events if the command changes something."""
        return Trace(self.security_events)

    def aggregate_class(self) -> type[Aggregate]:
        """Return the class of the aggregate that the command creates or changes."""
        return self.target

    def series_year(self) -> int | None:
        """Return the financial year of the invoice number that the command needs; None when it needs no number."""
        return None

    @classmethod
    def check_new(cls, values: Mapping[str, Any]) -> list[Violation]:
        """Return a violation for each contradiction between the fields of a new aggregate.

        `values` holds the fields that could be parsed, by attribute name.
        """
        return []

    @classmethod
    def check(cls, aggregate: Any, values: Mapping[str, Any], today: date) -> list[Violation]:
        """Return a violation for each field that the aggregate's current state does not allow.

        `values` holds the fields that could be parsed, by attribute name.
        """
        return []

    @classmethod
    def names_others(cls, values: Mapping[str, Any]) -> bool:
        """Return whether `check_named` has to look something up."""
        return False

    @classmethod
    def check_named(cls, values: Mapping[str, Any], uow: Any, aggregate: Any = None) -> list[Violation]:
        """Return a violation for each id in the fields that has to name another object, and names none.

        `values` holds the fields that could be parsed, by attribute name. `aggregate` is None for a new one.
        """
        return []


class Actor(msgspec.Struct, frozen=True):
    """The sender of a command: an API key, a user, the command line or the background worker."""

    type: str
    id: str


class Person(msgspec.Struct, frozen=True):
    """The person, or the key, that has sent a command. The command's security events name the sender."""

    type: str
    """`user`, `operator` for the command line, `api_key` for a key, or `secret_scanning`."""
    id: str
    """The id of the user or key, or the name of the reporter, or of the operating system's account."""
    address: str | None = None
    """The complete network address of the sender; None for the command line."""


class Retry(msgspec.Struct, frozen=True):
    """The Idempotency-Key of a request, and the hash of that request."""

    key: str
    request_hash: bytes
    """The hash of the method, the path, and the canonical form of the body."""
    older_hash: bytes | None = None
    """The hash of the body's bytes, which version 0.2 stored. One day after the upgrade, the database no longer holds
    such hashes."""

    def is_of(self, stored_hash: bytes) -> bool:
        """Return whether the stored hash is a hash of this request."""
        return stored_hash in (self.request_hash, self.older_hash)


class KeyReused(DomainError):
    """The request has an Idempotency-Key that was used before for a different request."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            f"The Idempotency-Key '{shorten(key)}' was used before for another request; use a new key for each new "
            "request."
        )


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """The organization of a command, its sender, and the conditions under which it runs.

    The ids and the actor are stored in the metadata of the command's events.
    """

    org_id: str
    actor: Actor
    request_id: str
    correlation_id: str | None = None
    """An id that all events of one workflow share. None means the request id."""
    causation_id: str | None = None
    """The id of the request or event that caused the command. None means the request id."""
    if_match: frozenset[int] | None = None
    """The versions of the object that the caller accepts (`If-Match`); None accepts any version."""
    retry: Retry | None = None
    scopes: tuple[str, ...] | None = None
    """The scopes of the API key that has sent the command; None for other senders, who may do everything."""
    person: Person | None = None
    """The person or key that the command's security events name. None for other senders: no such events are stored."""
