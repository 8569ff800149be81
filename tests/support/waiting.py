"""Functions that wait for a condition, and that run several calls at the same moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

T = TypeVar("T")

MIN_PAUSE_SECONDS, MAX_PAUSE_SECONDS = 0.02, 0.1


def wait_until(condition: Callable[[], Any], seconds: float = 30) -> Any:
    """Call `condition` until it returns a true value, and return this value. Fail the test after `seconds`.

    The longer it has waited, the longer it pauses between two calls: many conditions ask the database or the system.
    """
    began = time.monotonic()
    while not (result := condition()):
        waited = time.monotonic() - began
        assert waited < seconds, f"the condition was still false after {seconds} seconds"
        time.sleep(min(MAX_PAUSE_SECONDS, max(MIN_PAUSE_SECONDS, waited / 10)))
    return result


def run_at_once(count: int, work: Callable[[int], T]) -> list[T]:
    """Call `work(0)` to `work(count - 1)` in threads that all begin at the same moment; return the results."""
    barrier = Barrier(count)

    def run(number: int) -> T:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(count) as executor:
        return list(executor.map(run, range(count)))
