"""What a run used: processor time of the measured processes, and how much of the machine other programs used."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple

import psutil

REPEAT_ABOVE_SHARE = 0.3
"""If other programs used more of the machine than this, the run is repeated, and the quieter of the two counts."""


class Servers(NamedTuple):
    """The ids of the two processes behind a URL: the parent of all server processes in Python, and the postmaster."""

    python: int
    postgres: int

    def seconds(self) -> tuple[float, float]:
        """Return the processor seconds that each of them has used so far, with its children."""
        return tree_seconds(self.python), tree_seconds(self.postgres)


def tree_seconds(root: int) -> float:
    """Return the processor seconds, user and system, of a process and of all its children, also of those that ended."""
    total, parent = 0.0, psutil.Process(root)
    for process in (parent, *parent.children(recursive=True)):
        try:
            total += sum(process.cpu_times()[:4])  # the last two are those of its children that have ended
        except psutil.Error:
            continue
    return total


def measure(postgres: int, run: Callable[[], dict[str, Any]], *, again: bool = True) -> dict[str, Any]:
    """Run, and add `foreign` to the figures: the share of all cores that other programs than ours used."""
    wait_until_quiet()
    figures = _once(postgres, run)
    if again and figures["foreign"] > REPEAT_ABOVE_SHARE:
        return min(figures, _once(postgres, run), key=lambda each: each["foreign"])
    return figures


def _once(postgres: int, run: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    before, busy, start = _own_seconds(postgres), _busy_seconds(), time.monotonic()
    figures = run()
    time.sleep(0.1)  # the time of a process that has just ended is in neither sum for a moment
    foreign_seconds = _busy_seconds() - busy - (_own_seconds(postgres) - before)
    cores = psutil.cpu_count() or 1
    return {**figures, "foreign": round(max(0.0, foreign_seconds) / (time.monotonic() - start) / cores, 3)}


def wait_until_quiet(limit: float = 0.15, max_seconds: float = 3.0) -> float:
    """Wait until all programs together use less than this share of the machine; return the share of the last look."""
    share, end = 1.0, time.monotonic() + max_seconds
    while share >= limit and time.monotonic() < end:
        before, start = _busy_seconds(), time.monotonic()
        time.sleep(0.2)
        share = (_busy_seconds() - before) / (time.monotonic() - start) / (psutil.cpu_count() or 1)
    return max(0.0, share)


def _busy_seconds() -> float:
    """Return the CPU seconds that all programs have used since the machine started."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0))


def _own_seconds(postgres: int) -> float:
    """Return the CPU seconds of this process, of PostgreSQL and of all their children, also of those that ended."""
    return tree_seconds(psutil.Process().pid) + tree_seconds(postgres)
