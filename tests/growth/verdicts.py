"""Compares what each shape of a list costs in a small and in a large organization."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from projections.views.events import MAX_POSITIONS_SEARCHED
from tests.growth.exceptions import RANGE, Exempt, exception_of
from tests.growth.pages import Cost, Lists
from tests.growth.shapes import Shape, log_queries

MAX_RATIO = 1.3
"""In the large organization, a page may touch this many times the pages of the small one."""
MAX_OF_FILTER = 2.0
"""If an exception covers the shape, it may touch this many times the pages of all rows of its narrowest filter."""
IN_INDEX = 7
"""A full page of a list touches a page of the table for each of its rows, and so many of the index."""
FEW = 3
"""Rows on fewer pages than so many times the rows of a page are few. Among two filters that select few rows, PostgreSQL
may take either."""
FEW_ROWS = 20
"""So many times the rows of a page may be read one by one, in the order of an index: each then touches a page."""
ENTRIES = 50
"""A page of an index that is in the order of a list holds more entries than this."""
HIGHER = 1
"""A list that is read by many searches of indexes may touch so many pages more for each: an index has a level more."""
EVENTS_IN_PAGE = 8
"""A page of the log holds more events than this."""
SAMPLES = 3
"""With so many samples of the statistics is a shape looked at that grows."""
NOTHING = Cost(0, 0, 0, 0, 1, "")


class Verdict(NamedTuple):
    """What a shape costs in both organizations."""

    shape: Shape | str
    small: Cost
    large: Cost
    allowed: float
    """The most pages that the large organization may touch."""
    exception: Exempt | None = None
    """The exception that the shape needs; None if it touches as many pages as in the small organization."""
    is_chance: bool = False
    """Whether it grows with some samples of the statistics, and not with others."""

    @property
    def grows(self) -> bool:
        """Whether the shape touches more pages than it may."""
        return self.large.pages > self.allowed

    @property
    def ratio(self) -> float:
        """The pages of the large organization, divided by those of the small one."""
        return self.large.pages / max(1, self.small.pages)

    def __str__(self) -> str:
        return f"{self.small.pages} and {self.large.pages} pages, at most {self.allowed:.0f}: {self.shape}"


def compare(shapes: Iterable[Shape], few: Lists, many: Lists, *, index_once: bool = False) -> Iterator[Verdict]:
    """Yield a verdict on each of the shapes. `few` is the small organization, `many` the large one.

    A page that is full only in the large organization may touch the pages of a full page. What touches no more is not
    counted in the small organization. With `index_once`, a range may be compared in all entries of the index of another
    order: a million rows have more plans that PostgreSQL takes for equal.
    """
    for shape in shapes:
        large = many.cost(shape)
        if large is None:
            continue
        full = shape.limit + IN_INDEX
        is_small = large.pages <= full * MAX_RATIO
        small = large if is_small else few.cost(shape) or NOTHING
        flat = _flat(shape, small, large)
        if large.pages <= flat:
            yield Verdict(shape, small, large, flat)
        else:
            yield _exceptional(Verdict(shape, small, large, flat), shape, many, index_once)


def compare_again(verdicts: Iterable[Verdict], few: Lists, many: Lists) -> Iterator[Verdict]:
    """Yield the verdicts, those that grow only if they do so with each of SAMPLES samples of the statistics.

    From a hundred texts, PostgreSQL estimates how many rows contain a text: by chance half or twice as many.
    """
    verdicts = list(verdicts)
    grown = [each for each in verdicts if each.grows]
    yield from (each for each in verdicts if not each.grows)
    for _ in range(SAMPLES - 1):
        if shapes := [each.shape for each in grown if isinstance(each.shape, Shape)]:
            many.sample_again(shapes[0].name)
            again = list(compare(shapes, few, many, index_once=True))
            yield from (each._replace(is_chance=True) for each in again if not each.grows)
            grown = [each for each in again if each.grows]
    yield from grown


def compare_events(few: Lists, many: Lists) -> Iterator[Verdict]:
    """Yield a verdict on each shape of a page of events. A page may touch all positions that one request searches."""
    searched = MAX_POSITIONS_SEARCHED / EVENTS_IN_PAGE
    queries = zip(log_queries(few.head()), log_queries(many.head()), strict=True)
    for (name, small_query), (_, large_query) in queries:
        small, large = few.event_cost(small_query), many.event_cost(large_query)
        flat = max(small_query.limit + IN_INDEX, small.pages) * MAX_RATIO
        yield Verdict(name, small, large, flat if large.pages <= flat else flat + searched)


def _flat(shape: Shape, small: Cost, large: Cost) -> float:
    """Return how many pages a flat list may touch in the large organization.

    A list that is made of several pages may fill each of them there.
    """
    if not shape.listing.accesses:
        return max(shape.limit + IN_INDEX, small.pages) * MAX_RATIO
    full = large.parts * (shape.limit + 1) + IN_INDEX
    return max(full, small.pages) * MAX_RATIO + large.searches * HIGHER


def _exceptional(verdict: Verdict, shape: Shape, many: Lists, index_once: bool) -> Verdict:
    """Return the verdict on a shape that touches more pages in the large organization."""
    costs = {filter: many.filtered(shape, filter) for filter in shape.filters}
    narrowest = min(shape.filters, key=costs.__getitem__, default=None)
    exception = narrowest and exception_of(shape, narrowest[0])
    if narrowest is None or exception is None:
        return verdict
    pages, rows, *_ = costs[narrowest]
    counted = max(FEW * shape.limit, pages, exception.assumed * many.rows(shape.name))
    one_by_one = rows + IN_INDEX if rows <= FEW_ROWS * shape.limit else 0
    is_compared = index_once and any(exception_of(shape, name) is RANGE for name, _ in shape.filters)
    once = many.rows(shape.name) / ENTRIES if is_compared else 0
    return verdict._replace(allowed=max(MAX_OF_FILTER * counted, one_by_one, once), exception=exception)
