"""The data of a chart with stacked bars, which a template draws. Positions and sizes are in percent of the chart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from api.ports.account import EndsBucket
from domain.calendar import zone


class Part(NamedTuple):
    """One part of a bar. `y` is its upper edge; `y` and `height` are in percent of the chart."""

    name: str
    y: float
    height: float


class Bar(NamedTuple):
    """One bar, with the requests that were answered, refused and over the limit. `x` is its left edge."""

    x: float
    width: float
    label: str
    answered: int
    refused: int
    limited: int
    parts: list[Part]
    """The parts that have requests, from the bottom."""

    @property
    def value(self) -> int:
        return self.answered + self.refused + self.limited


class Chart(NamedTuple):
    """A chart of requests over time, by how they ended."""

    title: str
    unit: str
    """The word for the period of one bar, such as "Day". It is a heading of the table below the chart."""
    bars: list[Bar]
    peak: int
    answered: int
    refused: int
    limited: int

    @property
    def total(self) -> int:
        return self.answered + self.refused + self.limited


def chart_of(
    title: str, unit: str, buckets: Sequence[EndsBucket], time_zone: str, form: Callable[[datetime], str]
) -> Chart:
    """Return the chart of these buckets.

    The label of a bar is the start of its bucket in `time_zone`, written by `form`.
    """
    step = 100 / max(len(buckets), 1)
    peak = max((sum(each.ends()) for each in buckets), default=0)
    bars = [
        Bar(
            round(number * step + step * 0.12, 2),
            round(step * 0.76, 2),
            form(bucket.start.astimezone(zone(time_zone))),
            *bucket.ends(),
            parts=_parts(bucket.ends(), peak),
        )
        for number, bucket in enumerate(buckets)
    ]
    totals = [sum(each) for each in zip(*(bucket.ends() for bucket in buckets), strict=True)] or [0, 0, 0]
    return Chart(title, unit, bars, peak, *totals)


def _parts(ends: Sequence[int], peak: int) -> list[Part]:
    parts, below = [], 0
    for name, count in zip(("answered", "refused", "limited"), ends, strict=True):
        if count:
            below += count
            parts.append(Part(name, round(100 - 100 * below / peak, 2), round(100 * count / peak, 2)))
    return parts
