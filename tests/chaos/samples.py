"""Memory, descriptors and threads of processes over time, and whether they grow."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psutil

SAMPLE_SECONDS = 3.0
MIN_AGE_SECONDS = 10.0
"""A group is not sampled while one of its processes is younger: it still loads modules and takes connections."""
WARM_UP_SHARE = 0.25
"""The share of a run that is the warm-up."""
MAX_MEMORY_GROWTH, MAX_COUNT_GROWTH, MAX_COUNT = 0.05, 0.02, 2.0
"""The most that a group may grow from the warm-up to the end, as shares. A count may grow by MAX_COUNT if that is more:
the line through the samples is not exact.
"""
MEASURES = (("processes", ""), ("memory", "MiB"), ("descriptors", ""), ("threads", ""))
MEBIBYTE = 1024 * 1024

Groups = Callable[[], dict[str, list[psutil.Process]]]


class Series(NamedTuple):
    """One measure over time: the seconds since the start of each sample, and its values."""

    group: str
    measure: str
    unit: str
    points: list[tuple[float, float]]

    @property
    def fitted(self) -> tuple[float, float]:
        """The values at the end of the warm-up and at the end of the run, on the least-squares line between them."""
        after = self._after_warm_up()
        seconds = [at for at, _ in after]
        if len(set(seconds)) < 2:
            return after[-1][1], after[-1][1]
        slope, level = statistics.linear_regression(seconds, [value for _, value in after])
        return level + slope * seconds[0], level + slope * seconds[-1]

    @property
    def first(self) -> float:
        return self.points[0][1]

    @property
    def growth(self) -> float:
        begin, end = self.fitted
        return end - begin

    @property
    def is_flat(self) -> bool:
        level = self.fitted[0]
        most = MAX_MEMORY_GROWTH * level if self.unit else max(MAX_COUNT, MAX_COUNT_GROWTH * level)
        return self.growth <= most

    @property
    def per_hour(self) -> float:
        """How much the line grows in an hour."""
        after = self._after_warm_up()
        seconds = after[-1][0] - after[0][0]
        return self.growth / seconds * 3600 if seconds else 0.0

    def _after_warm_up(self) -> list[tuple[float, float]]:
        begin = self.points[-1][0] * WARM_UP_SHARE
        return [point for point in self.points if point[0] >= begin]


class Sampler:
    """Samples groups of processes until the end of the block. Each value is the sum over the processes of a group.

    `groups` returns the groups that are complete at the moment, such as those without a process that was just killed.
    """

    def __init__(self, groups: Groups, seconds: float = SAMPLE_SECONDS) -> None:
        self._groups, self._seconds = groups, seconds
        self._series: dict[tuple[str, str], Series] = {}
        self._ended, self._began = threading.Event(), time.monotonic()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Sampler:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def series(self) -> list[Series]:
        return list(self._series.values())

    def _run(self) -> None:
        while not self._ended.wait(self._seconds):
            for group, processes in self._groups().items():
                with suppress(psutil.Error, OSError):  # one of them has just ended
                    self._sample(group, processes)

    def _sample(self, group: str, processes: list[psutil.Process]) -> None:
        if any(time.time() - process.create_time() < MIN_AGE_SECONDS for process in processes):
            return
        values = [_measure(process) for process in processes]
        for index, (measure, unit) in enumerate(MEASURES):
            series = self._series.setdefault((group, measure), Series(group, measure, unit, []))
            series.points.append((time.monotonic() - self._began, sum(value[index] for value in values)))


def _measure(process: psutil.Process) -> tuple[float, ...]:
    """Return a value for each of MEASURES."""
    return 1, _memory(process) / MEBIBYTE, process.num_fds(), process.num_threads()


def _memory(process: psutil.Process) -> float:
    """Return the proportional set size in bytes: each shared page counts as its share. PostgreSQL's shared buffers,
    which fill up as data is read, do not count.
    """
    fields = dict(line.split(":") for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()[1:])
    return 1024.0 * sum(int(fields[name].split()[0]) for name in ("Pss_Anon", "Pss_File"))


def growth_table(series: Iterable[Series], is_judged: Callable[[Series], bool]) -> str:
    """Return the table of all measures. Those that are not judged have no goal."""
    head = f"{'processes of':16}{'measure':14}{'start':>9}{'warm':>9}{'end':>9}{'growth':>9}{'an hour':>9}  goal"
    lines = [head, "-" * len(head)]
    for it in series:
        begin, end = it.fitted
        figures = "".join(f"{f'{value:.1f}':>9}" for value in (it.first, begin, end, it.growth, it.per_hour))
        goal = f"≤ {MAX_MEMORY_GROWTH:.0%}" if it.unit else f"≤ {MAX_COUNT:g}, or {MAX_COUNT_GROWTH:.0%}"
        verdict = (goal if it.is_flat else f"{goal}  missed") if is_judged(it) else "-"
        lines.append(f"{it.group:16}{f'{it.measure} {it.unit}'.strip():14}{figures}  {verdict}")
    return "\n".join(lines)
