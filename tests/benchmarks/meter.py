"""How busy the rest of the machine was during a run: the share that makes a figure doubtful."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import psutil

NOISY = 0.3
"""A run during which others took more of the machine than this is done once more; the quieter of the two counts."""


def metered(postgres: int, run: Callable[[], dict[str, Any]], *, again: bool = True) -> dict[str, Any]:
    """The run's figures, with `foreign`: the share of all cores that neither we nor our PostgreSQL used."""
    _wait_until_quiet()
    figures = _once(postgres, run)
    if again and figures["foreign"] > NOISY:
        return min(figures, _once(postgres, run), key=lambda each: each["foreign"])
    return figures


def _once(postgres: int, run: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    before, busy, start = _own(postgres), _busy(), time.monotonic()
    figures = run()
    time.sleep(0.1)  # processes that are ending are for a moment in neither sum
    taken = _busy() - busy - (_own(postgres) - before)
    cores = psutil.cpu_count() or 1
    return {**figures, "foreign": round(max(0.0, taken) / (time.monotonic() - start) / cores, 3)}


def _wait_until_quiet(limit: float = 0.15, patience: float = 3.0) -> None:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        before, start = _busy(), time.monotonic()
        time.sleep(0.2)
        if (_busy() - before) / (time.monotonic() - start) / (psutil.cpu_count() or 1) < limit:
            return


def _busy() -> float:
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0))


def _own(postgres: int) -> float:
    """CPU seconds of this process, of PostgreSQL, and of all their children, also those that have ended."""
    total = 0.0
    for root in (psutil.Process(), psutil.Process(postgres)):
        for process in (root, *root.children(recursive=True)):
            try:
                total += sum(process.cpu_times()[:4])
            except psutil.Error:
                continue
    return total
