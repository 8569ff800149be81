"""Follows an organization's log, for code that uses the event sourcing library."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from eventsourcing.persistence import ApplicationRecorder, Notification, Subscription


class PollingSubscription(Subscription[ApplicationRecorder]):
    """A subscription that reads the log page by page. At the end of the log, it polls for new events."""

    INTERVAL_SECONDS = 0.2
    PAGE_ROWS = 500

    def __init__(self, recorder: ApplicationRecorder, gt: int | None, topics: Sequence[str]) -> None:
        super().__init__(recorder, gt, topics)
        self._position, self._names = gt or 0, topics
        self._page: list[Notification] = []
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()

    def __next__(self) -> Notification:
        while not self._page:
            if self._stopped.is_set():
                raise StopIteration
            found = self._recorder.select_notifications(
                self._position, self.PAGE_ROWS, topics=self._names, inclusive_of_start=False
            )
            self._page = list(reversed(found))
            if not found:
                self._stopped.wait(self.INTERVAL_SECONDS)
        notification = self._page.pop()
        self._position = notification.id
        return notification
