"""The operations that all projections share that follow the logs: add new events, or whole logs again."""

from __future__ import annotations

import logging
import sys
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence
from itertools import takewhile

import psycopg
from psycopg import Connection

from infra.log.heads import get_positions
from infra.log.reading.pages import list_page
from infra.log.records import RecordedEvent
from infra.postgres.database import COMMIT_LATER, Row
from infra.postgres.failures import ends_all_work
from infra.projector.differences import Difference
from infra.projector.following.checkpoints import Checkpoints
from infra.projector.results import AddResult, OnProgress, RebuildResult, State
from projections.folding.stored_event import UnreadableEvent
from projections.projection import FollowingProjection

logger = logging.getLogger("smartdhandha.projections")

PAGE_EVENTS = 2000
"""The largest number of events that one transaction adds."""


class LogFollower(ABC):
    """The operations on one FollowingProjection. A subclass says how its tables follow a log."""

    def __init__(self, projection: FollowingProjection) -> None:
        self._name, self._table, self._version = projection.name, projection.table, projection.version
        self._checkpoints = Checkpoints(projection)

    @abstractmethod
    def add_page(self, conn: Connection[Row], org_id: str) -> int:
        """Add the next events of an organization's log in one transaction. Return the number of these events.

        Raises UnreadableEvent; then nothing is added.
        """

    @abstractmethod
    def _add_again(self, conn: Connection[Row], org_id: str) -> int:
        """Replace what is stored by the whole log, move the checkpoint, and return the number of events."""

    @abstractmethod
    def differences(self, conn: Connection[Row], org_id: str) -> Iterator[Difference]:
        """Yield the differences between one organization's tables and its log. Raises UnreadableEvent."""

    def state(self, conn: Connection[Row], org_id: str | None = None) -> State:
        return self._checkpoints.state(conn, org_id)

    def steps(self, conn: Connection[Row], org_id: str | None = None) -> int:
        """Return the number of organizations. A rebuild counts each organization as one step."""
        return len(_organizations(conn, org_id))

    def add_new(self, conn: Connection[Row], max_pages: int = sys.maxsize, without: Collection[str] = ()) -> AddResult:
        """Add the new events of every log, of each one at most `max_pages` pages, but of no organization in `without`.

        Events are added page by page. If a page cannot be added, nor are all later pages of its organization. The
        events of other organizations are still added.
        """
        events, failures = 0, dict[str, str]()
        for org_id in self._organizations_behind(conn):
            if org_id in without:
                continue
            try:
                for count in takewhile(bool, (self.add_page(conn, org_id) for _ in range(max_pages))):
                    events += count
            except UnreadableEvent as unreadable:
                logger.error("the projection %s cannot be brought up to date: %s", self._name, unreadable)
                failures[org_id] = str(unreadable)
            except psycopg.errors.LockNotAvailable:
                raise
            except Exception as fault:  # whatever is wrong with one organization, the others are brought up to date
                if ends_all_work(conn, fault):
                    raise
                logger.exception("the projection %s cannot be brought up to date: organization %s", self._name, org_id)
                failures[org_id] = f"{org_id}: {fault}"
        return AddResult(events, failures)

    def rebuild(
        self,
        conn: Connection[Row],
        org_id: str | None = None,
        on_progress: OnProgress = lambda organizations: None,
    ) -> RebuildResult:
        """Add the log of one organization, or of all, again. If a log cannot be read, nothing of it is changed."""
        events, failures = 0, []
        for org in _organizations(conn, org_id):
            try:
                events += self.rebuild_organization(conn, org)
            except UnreadableEvent as unreadable:
                failures.append(str(unreadable))
            on_progress(1)
        conn.execute(f"ANALYZE {self._table}")  # without statistics, readers do not get the right index
        return RebuildResult(events, self.state(conn, org_id).rows, failures)

    def rebuild_organization(self, conn: Connection[Row], org_id: str) -> int:
        """Add one organization's log again, while commands may append to the log; return the number of events.

        This is one transaction: readers see the old rows until it ends. Raises UnreadableEvent; then nothing is
        changed.
        """
        with conn.transaction():
            self._checkpoints.lock(conn, org_id)
            return self._add_again(conn, org_id)

    def _organizations_behind(self, conn: Connection[Row]) -> list[str]:
        return self._checkpoints.organizations_behind(conn)


class PageFollower(LogFollower):
    """Adds events page by page. A subclass says how the events of a page are added to its tables."""

    @abstractmethod
    def _add(self, conn: Connection[Row], org_id: str, page: Sequence[RecordedEvent]) -> None:
        """Add these events, the next ones after the checkpoint. Raises UnreadableEvent."""

    def add_page(self, conn: Connection[Row], org_id: str, limit: int = PAGE_EVENTS) -> int:
        """Add the next `limit` events, or fewer (see LogFollower)."""
        with conn.transaction():
            conn.execute(COMMIT_LATER)
            position, version = self._checkpoints.lock(conn, org_id)
            if version > self._version:  # a newer version of the code has added these events, so do not add to them
                return 0
            if version < self._version:
                return self._add_again(conn, org_id)
            page = list_page(conn, org_id, position, limit)
            if not page:
                return 0
            self._add(conn, org_id, page)
            self._checkpoints.advance(conn, org_id, page[-1].position)
        return len(page)


def _organizations(conn: Connection[Row], org_id: str | None) -> list[str]:
    return list(get_positions(conn)) if org_id is None else [org_id]
