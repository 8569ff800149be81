"""Who prints next, where one document is printed at a time: organizations take turns."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from api.ports.reads import PrintingTimedOut

WAIT_SECONDS = 1.0
"""How long a document waits for its turn at most."""


class _Waiting:
    """A document that waits."""

    def __init__(self, org_id: str) -> None:
        self.org_id = org_id


class Turns:
    """The turns of a printing process. An organization has no second turn while another one waits for its first.

    While another organization waits, too, only one document of each waits: others are refused at once, so that the wait
    of one organization never grows with the documents of another one.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting = list[_Waiting]()
        self._last: str | None = None
        self._is_taken = False

    @property
    def waiting(self) -> list[str]:
        """The organizations whose documents wait, in the order in which they came."""
        return [each.org_id for each in self._waiting]

    @contextmanager
    def turn(self, org_id: str, until: float) -> Iterator[None]:
        """Wait for a turn, at most until this time of `time.monotonic`. Raises PrintingTimedOut."""
        with self._changed:
            self._wait(org_id, min(until, time.monotonic() + WAIT_SECONDS))
            self._is_taken, self._last = True, org_id
        try:
            yield
        finally:
            with self._changed:
                self._is_taken = False
                self._changed.notify_all()

    def _wait(self, org_id: str, until: float) -> None:
        others = {each for each in self.waiting if each != org_id}
        if others and org_id in self.waiting:
            raise PrintingTimedOut("another document of the organization waits already, and others wait for their turn")
        own = _Waiting(org_id)
        self._waiting.append(own)
        try:
            if not self._changed.wait_for(lambda: self._next() is own, max(0.0, until - time.monotonic())):
                raise PrintingTimedOut("other documents are being printed")
        finally:
            self._waiting.remove(own)

    def _next(self) -> _Waiting | None:
        """Return what may be printed now: the first document of another organization than that of the last turn."""
        if self._is_taken:
            return None
        return next((each for each in self._waiting if each.org_id != self._last), self._waiting[0])
