"""Loads the aggregate that a command changes, and folds its row after the command."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from eventsourcing.application import AggregateNotFoundError, Repository
from eventsourcing.persistence import EventStore

from domain.aggregate import Aggregate, Event
from domain.registry import aggregate_of
from infra.log.recorder import OrganizationRecorder
from infra.log.records import RecordedEvent
from infra.postgres.database import Row
from projections.projection import RowProjection


class AggregateLoader:
    """The aggregate of one command, as it is stored before the command."""

    def __init__(self, store: EventStore[str], recorder: OrganizationRecorder) -> None:
        self._repository: Repository[str] = Repository(store)
        self._recorder = recorder
        self._loaded: list[Event] = []

    def hold(self, id: str, rows: Iterable[Row]) -> None:
        """Keep the events of an aggregate, which are already read, for `find`."""
        self._recorder.hold(id, [RecordedEvent(*row) for row in rows])

    def find(self, id: str) -> Aggregate | None:
        """Return the aggregate; None if the log has no event of it."""
        try:
            found: Aggregate = self._repository.get(id, projector_func=self._project)
        except AggregateNotFoundError:
            return None
        return found

    @property
    def has_found(self) -> bool:
        """Whether an aggregate was found. If not, the command creates one."""
        return bool(self._loaded)

    def row_after(self, projection: RowProjection[Any], events: Sequence[Event]) -> Any:
        """Return the row of the aggregate after its stored events and the new `events`."""
        return projection.fold_all([*self._loaded, *events])

    def _project(self, initial: Any, events: Iterable[Any]) -> Any:
        """Fold loaded events into their aggregate. Keep the events, too: `row_after` folds the row from them."""
        aggregate = initial
        for event in events:
            if aggregate is None:
                aggregate = aggregate_of(event.topic).empty(event.originator_id)
            event.mutate(aggregate)
            self._loaded.append(event)
        return aggregate
