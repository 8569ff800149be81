"""The lists that may read more pages in a large organization: twice those of all rows of their narrowest filter.

All other lists are flat. To make one of these flat, too, an index would have to begin with the filter and go on with
the order, or contain both filters: more than a hundred indexes, of which each would make every write slower.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from tests.growth.shapes import Shape


class Exempt(NamedTuple):
    """A list with one of these filters may grow, unless it has no other filter and one of that filter's own orders."""

    name: str
    orders: Mapping[str, Collection[str]]
    """For each filter, the orders in which an index has its rows."""
    why: str
    assumed: float = 0
    """The share of the rows that PostgreSQL assumes to be selected, if it does not know the value."""

    def covers(self, shape: Shape, filter: str) -> bool:
        """Return whether the list may read the rows of this filter."""
        return filter in self.orders and (len(shape.filters) > 1 or shape.order not in self.orders[filter])


_OF_CREATION = frozenset({"createdAt"})
RANGE = Exempt(
    "a range",
    {
        "dateFrom": ("invoiceDate", "billDate"),
        "dateTo": ("invoiceDate", "billDate", "startDate"),
        "dueFrom": ("dueDate",),
        "dueTo": ("dueDate",),
        "updatedSince": ("updatedAt",),
    },
    "an index has the rows of a range in the order of its own date; leaves last up to a year from their start",
)
EXCEPTIONS = (
    Exempt(
        "a state",
        {"status": _OF_CREATION, "type": _OF_CREATION},
        "few documents are drafts or sent, and an index has those of each status in one order: that of creation",
    ),
    Exempt(
        "overdue",
        {"overdue": _OF_CREATION | {"dueDate"}},
        "few documents are overdue, and partial indexes have them in two orders",
    ),
    Exempt(
        "a partner",
        dict.fromkeys(("clientId", "vendorId", "employeeId"), _OF_CREATION),
        "a large client has a twelfth of all invoices, and an index has them in one order: that of creation",
    ),
    Exempt("a search", {"search": ()}, "an index finds the rows with a text, but not in an order"),
    Exempt(
        "metadata",
        dict.fromkeys(("metadata[orderId]", "metadata[source]"), ()),
        "an index finds the rows with a pair, but not in an order",
        assumed=1 / 200,
    ),
    RANGE,
)
"""At most six."""


def exception_of(shape: Shape, filter: str) -> Exempt | None:
    """Return the exception that covers this list, whose narrowest filter is `filter`; None if it has to be flat."""
    return next((each for each in EXCEPTIONS if each.covers(shape, filter)), None)
