"""The data of a bar chart, which a template draws. Positions and sizes are in percent of the chart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from domain.calendar import zone


class Bar(NamedTuple):
    """One bar. `x` is its left edge; `x`, `width` and `height` are in percent of the chart."""

    x: float
    width: float
    height: float
    label: str
    value: int


class Chart(NamedTuple):
    """A bar chart of values over time."""

    title: str
    unit: str
    """The period of one bar, "Day" or "Hour". It is a heading of the table below the chart."""
    bars: list[Bar]
    peak: int
    total: int


def chart_of(title: str, unit: str, buckets: Sequence[tuple[datetime, int]], time_zone: str, form: str) -> Chart:
    """Return the chart of these buckets, which are pairs of a start and a value.

    The label of a bar is the start of its bucket in `time_zone`, written in the strftime format `form`.
    """
    step = 100 / max(len(buckets), 1)
    peak = max((value for _, value in buckets), default=0)
    bars = [
        Bar(
            x=round(number * step + step * 0.12, 2),
            width=round(step * 0.76, 2),
            height=round(100 * value / peak, 2) if peak else 0,
            label=at.astimezone(zone(time_zone)).strftime(form),
            value=value,
        )
        for number, (at, value) in enumerate(buckets)
    ]
    return Chart(title, unit, bars, peak, sum(value for _, value in buckets))
