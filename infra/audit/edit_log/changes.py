"""The changes of events in the order of the log. Of the objects, only the last ones are kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec
from psycopg import Connection

from domain.registry import kind_of
from infra.log.mapper import MAPPER
from infra.log.reading.histories import stream_versions
from infra.log.records import RecordedEvent
from infra.postgres.database import Row
from projections.folding.stored_event import FoldedEvent, UnreadableEvent
from projections.registry import ROWS
from projections.views.history import Change

KEPT_BYTES = 4_000_000
"""How many bytes of JSON the kept objects may have together. In memory, they take some times as much."""
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class _Kept(NamedTuple):
    """An object after the last event that was read: its row, its resource, and the number of bytes of its JSON."""

    row: Any
    state: Mapping[str, Any]
    size: int


_NOTHING = _Kept(None, {}, 0)


class ChangeReader:
    """Folds the events of a log, page after page, and yields what each has changed.

    An object that is not kept any more is folded again from its earlier events.
    """

    def __init__(self, org_id: str) -> None:
        self._org_id = org_id
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self.kept_bytes = 0
        """How many bytes of JSON the kept objects have."""

    def prepare(self, conn: Connection[Row], page: Sequence[RecordedEvent]) -> None:
        """Read the earlier events of those objects of the page that are not kept."""
        first = {record.originator_id: record.originator_version for record in reversed(page)}
        versions = {id: version - 1 for id, version in first.items() if version > 1 and id not in self._kept}
        for id, events in groupby(stream_versions(conn, self._org_id, versions), attrgetter("originator_id")):
            row: Any = None
            for event in events:
                row = self._fold(row, event)
            self._keep(id, row, kind_of(event.name))

    def changes(self, page: Sequence[RecordedEvent]) -> Iterator[Change]:
        """Yield the change of each event of a page that was prepared. Raises UnreadableEvent."""
        for record in page:
            before = self._take(record.originator_id)
            kept = self._keep(record.originator_id, self._fold(before.row, record), kind_of(record.name))
            yield Change(record, before.state, kept.state)
        while self.kept_bytes > KEPT_BYTES:
            self._take(next(iter(self._kept)))

    def _fold(self, row: Any, event: FoldedEvent) -> Any:
        try:
            return ROWS[kind_of(event.name)].fold(row, MAPPER.event(event))
        except Exception as error:
            raise UnreadableEvent(self._org_id, event, error) from error

    def _keep(self, id: str, row: Any, kind: str) -> _Kept:
        json = ROWS[kind].to_json(row)
        kept = self._kept[id] = _Kept(row, _decode(json), len(json))
        self.kept_bytes += kept.size
        return kept

    def _take(self, id: str) -> _Kept:
        kept = self._kept.pop(id, _NOTHING)
        self.kept_bytes -= kept.size
        return kept
