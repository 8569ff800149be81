"""Compares what each shape of a list costs in a small and in a large organization."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from projections.views.events import MAX_POSITIONS_SEARCHED
from tests.growth.pages import Cost, Lists
from tests.growth.shapes import Shape, event_queries, shapes

MAX_RATIO = 1.3
"""In the large organization, a page may touch this many times the pages of the small one."""
MAX_OF_FILTER = 2.0
"""Or this many times the pages of all rows that the narrowest of its filters selects."""
FULL_PAGE = 57
"""One page of the table for each row of a full page of the list, and some of the index."""
FEW = 300
"""Fewer pages do not count: among two filters that select a hundred rows each, PostgreSQL may take either."""
ENTRIES = 50
"""A page of an index that is in the order of a list holds more entries than this."""
EVENTS_IN_PAGE = 8
"""A page of the log holds more events than this."""
RANGES = {"dateFrom", "dateTo", "dueFrom", "dueTo", "updatedSince"}


class Verdict(NamedTuple):
    """What a shape costs in both organizations."""

    shape: Shape | str
    small: Cost
    large: Cost
    allowed: float
    """The most pages that the large organization may touch."""
    bound: str
    """What `allowed` follows from: `small`, `filter` or `order`."""

    @property
    def grows(self) -> bool:
        """Whether the shape touches more pages than it may."""
        return self.large.pages > self.allowed

    @property
    def ratio(self) -> float:
        """The pages of the large organization, divided by those of the small one, of which at least FULL_PAGE count."""
        return self.large.pages / max(FULL_PAGE, self.small.pages)


def compare(name: str, few: Lists, many: Lists, *, sorted_pairs: bool = True, thin: bool = False) -> Iterator[Verdict]:
    """Yield a verdict on each shape of a list. `few` is the small organization, `many` the large one.

    A page that is full only in the large organization may touch FULL_PAGE pages. With `thin`, pairs of filters have
    only the first and the last value of each, in their own order, and shapes that touch no more are left out.
    """
    for shape in shapes(name, sorted_pairs=sorted_pairs and not thin, thin=thin):
        large = many.cost(shape)
        if large is None or (thin and large.pages <= FULL_PAGE * MAX_RATIO):
            continue
        small = few.cost(shape) or Cost(0, 0, 0, "")
        yield Verdict(shape, small, large, *_allowed(shape, small, large, many))


def compare_events(few: Lists, many: Lists) -> Iterator[Verdict]:
    """Yield a verdict on each shape of a page of events. A page may touch all positions that one request searches."""
    searched = MAX_POSITIONS_SEARCHED / EVENTS_IN_PAGE
    queries = zip(event_queries(few.head()), event_queries(many.head()), strict=True)
    for (name, small_query), (_, large_query) in queries:
        small, large = few.event_cost(small_query), many.event_cost(large_query)
        flat = max(FULL_PAGE, small.pages) * MAX_RATIO
        yield Verdict(name, small, large, *((flat, "small") if large.pages <= flat else (flat + searched, "filter")))


def _allowed(shape: Shape, small: Cost, large: Cost, many: Lists) -> tuple[float, str]:
    """Return how many pages the large organization may touch, and the bound that allows most."""
    flat = max(FULL_PAGE, small.pages) * MAX_RATIO
    if large.pages <= flat:
        return flat, "small"
    if large.pages <= FEW and shape.filters:
        return FEW, "filter"
    narrowest = min((many.filtered_pages(shape.name, filter, shape) for filter in shape.filters), default=0)
    if large.pages <= MAX_OF_FILTER * narrowest:
        return MAX_OF_FILTER * narrowest, "filter"
    if RANGES & {name for name, _ in shape.filters} and (shape.sort is not None or len(shape.filters) > 1):
        return FULL_PAGE + many.rows(shape.name) / ENTRIES, "order"
    return max(flat, MAX_OF_FILTER * narrowest), "filter"
