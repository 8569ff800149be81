"""Projections whose stored rows hold everything that the aggregates hold. So a command needs no event of its aggregate.

A command reads the row and takes the aggregate from it, whatever the number of the aggregate's events. This is possible
because each command writes the row in the transaction of its events: docs/decisions/0064.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar

import msgspec
from msgspec import UNSET

from domain.aggregate import Aggregate, Event
from domain.calendar import instant
from projections.folding.merge import FieldMerge, ReadState
from projections.folding.stored_event import FoldedEvent
from projections.projection import RowProjection

_encode = msgspec.json.Encoder().encode

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
        for name in _ONLY_IN_ROWS:
            fields.pop(name, None)
        return fields

    def aggregate_of(self, row: R) -> Aggregate:
        """Return the aggregate after the events from which the row was folded."""
        shown = self.shown(row)
        return self.aggregate.restored(
            shown.id, shown.version, datetime.fromisoformat(shown.updated_at), self.state(row)
        )


class SummaryProjection(RestoredProjection[R], Generic[R]):
    """A RestoredProjection whose row is the whole resource (`entry_type`). Its JSON is the column `summary`."""

    entry_type: ClassVar[type[msgspec.Struct]]
    restored_from: ClassVar[tuple[str, ...]] = ("summary",)

    def fold(self, row: R | None, event: Event) -> R:
        folded: Any = row
        at = instant(event.timestamp)
        if folded is None:
            base: dict[str, Any] = {
                "id": event.originator_id,
                "created_at": at,
                "updated_at": at,
                "version": 1,
                "available_actions": (),
            }
            folded = self.entry_type(**base, **event.changes())
        else:
            for name, value in event.changes().items():
                setattr(folded, name, value)
        folded.updated_at, folded.version = at, event.originator_version
        if event.erased is not UNSET:
            folded.erased = event.erased
        return self._with_actions(folded)

    def fold_merged(self, events: Sequence[FoldedEvent], read_state: ReadState) -> R | None:
        merged = self._merge.merge(events, read_state)
        return None if merged is None else self._with_actions(merged.row)

    def to_json(self, row: R) -> bytes:
        return _encode(row)

    def restore(self, *stored: Any) -> R:
        (summary,) = stored
        row: R = self._decode(summary)
        return row

    def shown(self, row: R) -> R:
        return row

    def _with_actions(self, row: Any) -> R:
        row.available_actions = self.aggregate.actions(row.status)
        folded: R = row
        return folded

    @cached_property
    def _merge(self) -> FieldMerge[Any]:
        return FieldMerge(self.entry_type, self.aggregate.event_classes())

    @cached_property
    def _decode(self) -> Callable[..., Any]:
        return msgspec.json.Decoder(self.entry_type).decode
