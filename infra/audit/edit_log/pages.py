"""Reads a part of a log page by page, and computes the hashes of each page again before anybody is shown it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from psycopg import Connection

from infra.audit.edit_log.changes import ChangeReader
from infra.log.proofs.chain import Break, Chain, first_break
from infra.log.reading.erasures import with_erasures
from infra.log.reading.pages import BEFORE_ALL, list_page
from infra.log.records import Head, RecordedEvent
from infra.postgres.database import Row
from projections.views.history import Change

PAGE_EVENTS = 200
"""How many events one statement reads for an edit log. The changes of a page are in memory at once."""


class CheckedPages:
    """The events of a log between two places, in its order. Each page may be read on another connection."""

    def __init__(self, chain: Chain, before: Head, last: Head, page_events: int) -> None:
        """`before` is the place of the event before the first one, or the beginning of the log; `last` is that of the
        last event."""
        self._chain, self._last, self._page_events = chain, last, page_events
        self._latest: datetime | None = None
        self.reached = before
        """The place of the last event that fits."""
        self.broken: Break | None = None
        """The first position that does not fit into the chain, or whose time is before that of the event before it."""

    @property
    def has_more(self) -> bool:
        """Whether there is a page to read."""
        return self.broken is None and self.reached.position < self._last.position

    def read(self, conn: Connection[Row]) -> list[RecordedEvent]:
        """Return the next events. From the first one on that does not fit, all are left out."""
        end = min(self._last.position, self.reached.position + self._page_events)
        after = self.reached.position or BEFORE_ALL
        page = [each for each in list_page(conn, self._chain.org_id, after, self._page_events) if each.position <= end]
        self.broken = self._first_break(with_erasures(conn, self._chain), page, end)
        if self.broken is not None:
            page = [record for record in page if record.position < self.broken.position]
        if page:
            self.reached, self._latest = Head(page[-1].position, page[-1].chain_hash), page[-1].recorded_at
        return page

    def _first_break(self, chain: Chain, page: list[RecordedEvent], end: int) -> Break | None:
        own = Head(end, page[-1].chain_hash if page else self.reached.chain_hash)
        after = self.reached if self.reached.position else None
        broken = first_break(chain, page, self._last if end == self._last.position else own, after)
        found = [each for each in (broken, _first_earlier(page, self._latest)) if each is not None]
        return min(found, default=None)


class EditLogPages:
    """The changes of the events between two places of a log, in its order.

    Between two pages nothing is held but the objects that ChangeReader keeps.
    """

    def __init__(self, chain: Chain, before: Head, last: Head) -> None:
        self.checked = CheckedPages(chain, before, last, PAGE_EVENTS)
        self._reader = ChangeReader(chain.org_id)

    @property
    def has_more(self) -> bool:
        """Whether there is a page to read."""
        return self.checked.has_more

    def read(self, conn: Connection[Row]) -> Iterator[Change]:
        """Read the next page, and yield the changes of its events. Then the connection is not used any more.

        Raises UnreadableEvent, also while the changes are taken.
        """
        page = self.checked.read(conn)
        self._reader.prepare(conn, page)
        return self._reader.changes(page)


def _first_earlier(page: list[RecordedEvent], latest: datetime | None) -> Break | None:
    for record in page:
        if latest is not None and record.recorded_at < latest:
            return Break(record.position, "its time is before that of the event before it")
        latest = record.recorded_at
    return None
