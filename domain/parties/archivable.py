"""The common base of parties and employees: objects that are changed at any time, archived, and made active again."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from domain.aggregate import Aggregate, Event
from domain.errors import Invalid
from domain.errors.violation import Violation
from domain.metadata import Metadata, merge_metadata

ACTIVE, ARCHIVED = "active", "archived"
_TRANSITIONS = {ACTIVE: (ARCHIVED,), ARCHIVED: (ACTIVE,)}
_ACTIONS = {ACTIVE: ("update", "archive"), ARCHIVED: ("update", "activate")}


class Archivable(Aggregate):
    """An aggregate that is active or archived."""

    Updated: ClassVar[type[Event]]
    Archived: ClassVar[type[Event]]

    status: str
    metadata: Metadata | None

    @classmethod
    def transitions(cls) -> Mapping[str, tuple[str, ...]]:
        return _TRANSITIONS

    @classmethod
    def actions(cls, status: str) -> tuple[str, ...]:
        return _ACTIONS[status]

    @abstractmethod
    def check_changes(self, changes: Mapping[str, Any]) -> list[Violation]:
        """Return a violation for each change that contradicts what is known. `changes` are without the status."""

    def completed(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Return the changes with what follows from them."""
        return dict(changes)

    def change(self, changes: Mapping[str, Any], status: str | None, at: datetime) -> None:
        """Record the fields whose values change, and the status, if one is given. Without a change, there is no event.

        Raises Invalid for changes that contradict what is known.
        """
        if violations := self.check_changes(changes):
            raise Invalid(violations)
        fields = self.completed(changes)
        if "metadata" in fields:
            fields["metadata"] = merge_metadata(self.metadata, fields["metadata"])
        if status == ACTIVE:
            fields["status"] = ACTIVE
        changed = {name: value for name, value in fields.items() if value != getattr(self, name)}
        if changed:
            self.record(self.Updated, at, **changed)
        if status == ARCHIVED and self.status != ARCHIVED:
            self.record(self.Archived, at, status=ARCHIVED)
