"""A bar chart as its template draws it: numbers from 0 to 100, so that the page decides its size."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from domain.calendar import zone


class Bar(NamedTuple):
    """One bar: where it stands and how tall it is, in hundredths of the chart, and what it says."""

    x: float
    width: float
    height: float
    label: str
    value: int


class Chart(NamedTuple):
    """Bars over time, with what stands around them."""

    title: str
    unit: str
    """What one bar is: Day or Hour; it heads the table behind the chart."""
    bars: list[Bar]
    peak: int
    total: int


def chart_of(title: str, unit: str, buckets: Sequence[tuple[datetime, int]], time_zone: str, form: str) -> Chart:
    """The chart of these buckets, labelled by their beginnings as the organization's clocks show them."""
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
