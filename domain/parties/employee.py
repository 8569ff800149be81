"""Employees: the people of an organization who ask for leave."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Self

from msgspec import UNSET, UnsetType

from domain.aggregate import Event
from domain.errors import Invalid
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation
from domain.metadata import Metadata, MetadataChanges, check_metadata, merge_metadata
from domain.parties.archivable import ACTIVE, Archivable
from domain.personal import Personal


class Employee(Archivable):
    """A person who works for the organization, or did."""

    class Created(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "employee.created"
        phrase: ClassVar[str] = "added {object}"
        status: str
        name: Personal[str | None]
        email: Personal[str | None]
        external_id: str | None
        joined_on: date | None
        left_on: date | None
        metadata: Personal[Metadata | None]

    class Updated(Event, frozen=True, kw_only=True):
        """Fields changed, or the employee is active again; the other fields are absent."""

        topic: ClassVar[str] = "employee.updated"
        phrase: ClassVar[str] = "changed {object}{fields}"
        status: str | UnsetType = UNSET
        name: Personal[str | UnsetType | None] = UNSET
        email: Personal[str | UnsetType | None] = UNSET
        external_id: str | UnsetType | None = UNSET
        joined_on: date | UnsetType | None = UNSET
        left_on: date | UnsetType | None = UNSET
        metadata: Personal[Metadata | UnsetType | None] = UNSET

    class Archived(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "employee.archived"
        phrase: ClassVar[str] = "archived {object}"
        status: str

    kind: ClassVar[str] = "employee"
    id_prefix: ClassVar[str] = "employee"
    read_scope: ClassVar[str | None] = "leaves:read"
    write_scope: ClassVar[str | None] = "leaves:write"

    status: str
    name: str | None
    """None only after it was erased."""
    email: str | None
    external_id: str | None
    joined_on: date | None
    left_on: date | None
    metadata: Metadata | None

    @classmethod
    def create(
        cls,
        id: str,
        *,
        at: datetime,
        name: str,
        email: str | None = None,
        external_id: str | None = None,
        joined_on: date | None = None,
        left_on: date | None = None,
        metadata: MetadataChanges = None,
    ) -> Self:
        """Return a new active employee. Raises Invalid for a last day before the first, and for too much metadata."""
        if violations := [*check_days(joined_on, left_on), *check_metadata({}, metadata)]:
            raise Invalid(violations)
        return cls.begin(
            id,
            cls.Created,
            at,
            status=ACTIVE,
            name=name,
            email=email,
            external_id=external_id,
            joined_on=joined_on,
            left_on=left_on,
            metadata=merge_metadata({}, metadata),
        )

    def check_changes(self, changes: Mapping[str, Any]) -> list[Violation]:
        """Return a violation for each change that contradicts what is known. `changes` are without the status."""
        days = check_days(changes.get("joined_on", self.joined_on), changes.get("left_on", self.left_on))
        return days + check_metadata(self.metadata, changes.get("metadata", {}))


def check_days(joined: date | None, left: date | None) -> list[Violation]:
    """Return a violation when the last day of an employee is before the first."""
    if joined is None or left is None or left >= joined:
        return []
    return [Violation("leftOn", VALIDATION_FAILED, f"must not be before joinedOn ({joined.isoformat()})")]
