"""Loads the aggregate that a command changes, and folds its row after the command.

The aggregate comes from its stored row if the row is current, which costs the same for any number of events. Otherwise
it comes from its events. Both ways lead to the same aggregate and to the same row (docs/decisions/0064).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from eventsourcing.application import AggregateNotFoundError, Repository
from eventsourcing.persistence import EventStore

from domain.aggregate import Aggregate, Event
from domain.registry import aggregate_of
from infra.log.mapper import MAPPER
from infra.log.reading.histories import SELECT_HISTORY
from infra.log.reading.objects import LAST_VERSION
from infra.log.recorder import OrganizationRecorder
from infra.log.records import RecordedEvent
from infra.postgres.database import Row
from projections.projection import RowProjection
from projections.registry import ROWS
from projections.restored import RestoredProjection

Query = Callable[[str, Sequence[Any]], list[Row]]
"""Executes a statement, in which `%s` stands for each value, in the transaction of the command; returns its rows."""

# The row is current if it holds the last event, this version of the code has folded it, and no event was left out.
SELECT_CURRENT = """
SELECT last.version, {columns} FROM {last} last
LEFT JOIN {view} r ON r.org_id = %s AND r.id = %s AND r.version = last.version AND r.projection_version = {version}
AND NOT EXISTS (SELECT FROM projection_skip_list s WHERE s.org_id = %s AND s.projection = '{name}')
"""


class AggregateLoader:
    """The aggregate of one command, as it is stored before the command, and others that it reads or changes."""

    def __init__(self, org_id: str, recorder: OrganizationRecorder, query: Query) -> None:
        self._org_id, self._recorder, self._query = org_id, recorder, query
        self._id = ""
        self._projection: RestoredProjection[Any] | None = None
        self._has_events = True
        self._loaded: dict[str, list[Event]] = {}
        self._rows: dict[str, Any] = {}
        """The rows from which aggregates were taken, by the ids of the aggregates."""

    def select(self, aggregate: type[Aggregate], id: str) -> tuple[str, Sequence[Any]]:
        """Return the statement, and its values, whose rows `hold` takes. `id` is the id of the aggregate to load."""
        projection = ROWS[aggregate.kind]
        self._id, self._projection = id, projection if isinstance(projection, RestoredProjection) else None
        if self._projection is None:
            return SELECT_HISTORY, (self._org_id, id)
        return select_current(self._projection), (self._org_id, id, self._org_id, id, self._org_id)

    def hold(self, rows: Sequence[Row]) -> None:
        """Take the rows of the statement from `select`."""
        if self._projection is None:
            self._hold_history(rows)
            return
        ((version, *stored),) = rows
        self._has_events = version is not None
        if stored[0] is not None:
            self._rows[self._id] = self._projection.restore(*stored)

    def find(self, aggregate: type[Aggregate], id: str) -> Aggregate | None:
        """Return the aggregate, which may be one of another class; None if the log has no event of it."""
        if id != self._id:
            sql, values = self.select(aggregate, id)
            self.hold(self._query(sql, values))
        if self._projection is not None:
            if id in self._rows:
                return self._projection.aggregate_of(self._rows[id])
            if not self._has_events:
                return None
            self._hold_history(self._query(SELECT_HISTORY, (self._org_id, id)))
        repository: Repository[str] = Repository(EventStore(MAPPER, self._recorder))
        try:
            found: Aggregate = repository.get(id, projector_func=self._project)
        except AggregateNotFoundError:
            return None
        return found

    def has_found(self, id: str) -> bool:
        """Whether this aggregate was found. If not, the command creates it."""
        return id in self._rows or id in self._loaded

    def row_after(self, projection: RowProjection[Any], id: str, events: Sequence[Event]) -> Any:
        """Return the row of the aggregate with this id after its stored events and the new `events`."""
        return projection.fold_all([*self._loaded.get(id, ()), *events], self._rows.get(id))

    def _hold_history(self, rows: Iterable[Row]) -> None:
        self._recorder.hold(self._id, [RecordedEvent(*row) for row in rows])

    def _project(self, initial: Any, events: Iterable[Any]) -> Any:
        """Fold loaded events into their aggregate. Keep the events, too: `row_after` folds the row from them."""
        aggregate = initial
        for event in events:
            if aggregate is None:
                aggregate = aggregate_of(event.topic).empty(event.originator_id)
                self._loaded[event.originator_id] = []
            event.mutate(aggregate)
            self._loaded[event.originator_id].append(event)
        return aggregate


@cache
def select_current(projection: RestoredProjection[Any]) -> str:
    """Return the query for an aggregate's last version and the columns of its row, which are null if it is not current.

    Its values are the organization and the id, these two again, and the organization.
    """
    columns = ", ".join(f"r.{name}" for name in projection.restored_from)
    return SELECT_CURRENT.format(
        columns=columns, last=LAST_VERSION, view=projection.view, version=projection.version, name=projection.name
    )
