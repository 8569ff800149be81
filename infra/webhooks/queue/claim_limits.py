"""How many deliveries a sender claims, so that a slow or dead receiver costs the others nothing.

A lane is what shares a limit: a host; or one webhook, if its receiver fails or gets its deliveries in order.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

MAX_IN_FLIGHT = 100
MAX_FAILING_IN_FLIGHT = 50
"""The rest is kept for receivers that take their deliveries."""
FIRST_CLAIMS = 4
"""How many deliveries of a lane are claimed when it is not known how fast they are taken."""
MOST_CLAIMS = 64
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 4.0
"""How long a failing receiver gets nothing after a failure: twice as long after each one, up to the longest. Otherwise
receivers that refuse at once would cost most."""
_REMEMBERED_SECONDS = 60.0
"""How long after its pause a failure of a receiver counts as a further one."""
_AHEAD = 3
"""A lane may claim this many times what was taken since the last claim, so that it never waits for the next one."""


class Room(NamedTuple):
    """What a sender can claim at this moment."""

    free: int
    failing: int
    """At most this many of them to failing receivers."""
    busy: Mapping[str, int]
    """The present claims, by lane; one more for a lane that is paused."""
    allowed: Mapping[str, int]
    """How many claims a lane may have; FIRST_CLAIMS for others. A failing receiver has one."""


class Pause(NamedTuple):
    """The time in which a failing receiver gets nothing."""

    seconds: float
    until: float
    """When it ends, of time.monotonic()."""

    @classmethod
    def after(cls, last: Pause | None) -> Pause:
        """Return the pause after a failure. `last` is the pause before it, if that was not long ago."""
        seconds = min(FIRST_PAUSE_SECONDS if last is None else 2 * last.seconds, LONGEST_PAUSE_SECONDS)
        return cls(seconds, time.monotonic() + seconds)


class ClaimLimits:
    """Counts the claims of a sender by lane, and how many have ended since the last claim."""

    def __init__(self) -> None:
        self._busy, self._ended = Counter[str](), Counter[str]()
        self._failing = 0
        self._pauses: dict[str, Pause] = {}

    def begin(self, lane: str, is_failing: bool) -> None:
        """Count a claim."""
        self._busy[lane] += 1
        self._failing += is_failing

    def end(self, lane: str, is_failing: bool, is_taken: bool) -> None:
        """Count the end of a claim."""
        if is_failing:
            last = self._pauses.pop(lane, None)
            if not is_taken:
                self._pauses[lane] = Pause.after(last)
        self._busy[lane] -= 1
        self._ended[lane] += 1
        self._failing -= is_failing

    def room(self) -> Room:
        """Return what can be claimed now. The ends of claims are counted anew from here."""
        self._busy = +self._busy  # without lanes that have none
        allowed = {lane: min(MOST_CLAIMS, FIRST_CLAIMS + _AHEAD * ended) for lane, ended in self._ended.items()}
        self._ended = Counter()
        now = time.monotonic()
        self._pauses = {lane: it for lane, it in self._pauses.items() if it.until > now - _REMEMBERED_SECONDS}
        paused = [lane for lane, pause in self._pauses.items() if pause.until > now]
        free = MAX_IN_FLIGHT - self._busy.total()
        return Room(
            free,
            max(0, MAX_FAILING_IN_FLIGHT - self._failing),
            self._busy + Counter(paused),
            allowed,
        )
