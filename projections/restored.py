"""Projections whose stored rows hold everything that the aggregates hold. So a command needs no event of its aggregate.

A command reads the row and takes the aggregate from it, whatever the number of the aggregate's events. This is possible
because each command writes the row in the transaction of its events: docs/decisions/0064.
"""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from domain.aggregate import Aggregate
from projections.projection import RowProjection

R = TypeVar("R")
_ONLY_IN_ROWS = ("id", "created_at", "updated_at", "version", "erased", "available_actions")
"""The fields of a resource that are not attributes of its aggregate, or that `Aggregate.restored` sets."""


class RestoredProjection(RowProjection[R], Generic[R]):
    """A RowProjection from whose stored rows the aggregates can be built."""

    aggregate: ClassVar[type[Aggregate]]
    restored_from: ClassVar[tuple[str, ...]]
    """The columns that `restore` needs."""

    @abstractmethod
    def restore(self, *stored: Any) -> R:
        """Return the row, as it was folded, from its stored values of `restored_from`. JSON comes as bytes."""

    @abstractmethod
    def shown(self, row: R) -> Any:
        """Return the part of the row that holds the id, the version and the times."""

    def state(self, row: R) -> dict[str, Any]:
        """Return the attributes of the aggregate, by name. They equal those that its events set."""
        fields = msgspec.structs.asdict(self.shown(row))
        return {name: value for name, value in fields.items() if name not in _ONLY_IN_ROWS}

    def aggregate_of(self, row: R) -> Aggregate:
        """Return the aggregate after the events from which the row was folded."""
        shown = self.shown(row)
        return self.aggregate.restored(
            shown.id, shown.version, datetime.fromisoformat(shown.updated_at), self.state(row)
        )
