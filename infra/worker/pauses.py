"""What has failed is tried again ever more rarely, so that bad data of one organization costs the others nothing."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import NamedTuple

FIRST_SECONDS, LONGEST_SECONDS = 40.0, 3600.0
"""The first pause, and the longest one. Each further failure doubles the pause."""


class _Pause(NamedTuple):
    failures: int
    until: float
    reason: str


class Pauses:
    """Organizations or objects that a task leaves alone for a while, because they have failed. Lost with the process.

    `clock` returns seconds. It measures time that passes in this process, and is compared with nothing that is stored.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._pauses: dict[str, _Pause] = {}

    def resting(self) -> dict[str, str]:
        """Return the ids that must not be tried now, each with the reason of its last failure."""
        now = self._clock()
        return {id: pause.reason for id, pause in self._pauses.items() if pause.until > now}

    def settle(self, failed: Mapping[str, str]) -> None:
        """Record what has failed now, with the reasons. Everything else that was not resting has succeeded."""
        now = self._clock()
        still = {id: pause for id, pause in self._pauses.items() if pause.until > now}
        for id, reason in failed.items():
            failures = self._pauses[id].failures if id in self._pauses else 0
            seconds = min(FIRST_SECONDS * 2**failures, LONGEST_SECONDS)
            still[id] = _Pause(failures + 1, now + seconds, reason)
        self._pauses = still


PAUSES: defaultdict[str, Pauses] = defaultdict(Pauses)
"""What this process leaves alone: by the name of a projection the ids of organizations, and by the name of a command or
of a task the ids of objects."""
