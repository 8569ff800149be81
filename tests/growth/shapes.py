"""All shapes of the lists: every filter and pair of filters, in every order, on the first page and on a later one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from api.account.requests import REQUEST_LIST
from projections.bill import BILL_LIST
from projections.invoice import INVOICE_LIST
from projections.leave import LEAVE_LIST
from projections.query.filters import Condition
from projections.query.listing import DEFAULT_LIMIT, Listing
from projections.views.events import EventsQuery
from tests.growth.requests import CONSTANT_ID, KEY, days_ago

LISTINGS = {
    "invoices": INVOICE_LIST,
    "bills": BILL_LIST,
    "leaves": LEAVE_LIST,
    "requests": REQUEST_LIST,
    "requests of a key": REQUEST_LIST,
}
TABLES = {**{name: name for name in LISTINGS}, **dict.fromkeys(("requests", "requests of a key"), "request_records")}
REQUIRED = {"requests of a key": (Condition("key_id = %s", KEY),)}
"""What all rows of a list have to meet."""
_DATES = {
    "dateFrom": ("2021-03-01", "2024-05-01", "2026-11-10"),
    "dateTo": ("2021-01-15", "2024-05-31", "2026-11-20"),
}
_DUE_DATES = {
    "dueFrom": ("2021-03-01", "2024-05-01", "2026-12-10"),
    "dueTo": ("2021-01-15", "2024-05-31", "2026-12-20"),
}
_COMMON = {
    "updatedSince": ("2021-03-01T00:00:00Z", "2024-05-01T00:00:00Z", "2026-11-25T23:00:00Z"),
    "metadata[orderId]": ("77", "none"),
    "metadata[source]": ("zapier",),
}
_OVERDUE = {"overdue": ("true", "false")}
_NAMES = ("ltd", "zebra", "शर्मा", "ज्ञान", "nowhere", "q", "qz", "n")
_REQUESTS = {
    "method": ("GET", "PUT", "DELETE"),
    "status": ("4xx,5xx", "200", "403"),
    "errorCode": ("validation_failed", "unavailable", "rate_limited,insufficient_scope"),
    "requestId": (CONSTANT_ID, "req_77", "none"),
    "from": (days_ago(28.9), days_ago(15), days_ago(0.1)),
    "to": (days_ago(24), days_ago(15), days_ago(0.05)),
}
VALUES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "invoices": {
        "status": ("paid", "sent", "draft", "draft,void", "paid,sent"),
        "clientId": ("client-0", "client-1500", "nobody"),
        **_DATES,
        **_DUE_DATES,
        **_OVERDUE,
        "search": (*_NAMES, "INV-2020-21-0033"),
        **_COMMON,
    },
    "bills": {
        "status": ("paid", "open", "draft,void"),
        "vendorId": ("vendor-0", "vendor-1500"),
        **_DATES,
        **_DUE_DATES,
        **_OVERDUE,
        "search": _NAMES,
        **_COMMON,
    },
    "leaves": {
        "status": ("approved", "pending", "denied,cancelled"),
        "type": ("earned", "sick", "earned,sick"),
        "employeeId": ("emp-3", "nobody"),
        **_DATES,
        "search": ("person", "qz works", "nowhere", "qz", "p"),
        **_COMMON,
    },
    **dict.fromkeys(("requests", "requests of a key"), _REQUESTS),
}
"""For each list, the values of each filter: frequent, rare and absent ones, and old, middle and new dates."""


_FREQUENT = ("invoice.drafted", "invoice.sent", "invoice.paid")
EVENTS = {
    "all": (*_FREQUENT, "invoice.voided", "leave.requested"),
    "frequent": ("invoice.sent",),
    "rare": ("invoice.voided",),
}
"""The types of events that are asked for: see tests/growth/events.py."""


class Shape(NamedTuple):
    """One query on a list."""

    name: str
    """The name of the list."""
    filters: tuple[tuple[str, str], ...]
    sort: str | None
    deep: bool = False
    """Whether it is a page in the middle of the list, not the first one."""
    limit: int = DEFAULT_LIMIT

    @property
    def listing(self) -> Listing:
        return LISTINGS[self.name]

    @property
    def required(self) -> Sequence[Condition]:
        return REQUIRED.get(self.name, ())

    @property
    def params(self) -> dict[str, str]:
        """The query parameters."""
        return {**self._asked, "limit": str(self.limit)}

    @property
    def order(self) -> str:
        """The name of the sort, ascending or descending."""
        return (self.sort or self.listing.sort_for(self.params)).lstrip("-")

    @property
    def _asked(self) -> dict[str, str]:
        return dict(self.filters) | ({} if self.sort is None else {"sort": self.sort})

    def __str__(self) -> str:
        query = "&".join(f"{name}={value}" for name, value in self._asked.items())
        return f"{self.name}?{query}{' (deep)' if self.deep else ''}"


def shapes(name: str, *, thin: bool = False, limit: int = DEFAULT_LIMIT) -> Iterator[Shape]:
    """Yield the shapes of a list: no filter, each value of each filter, and each pair of values, in every order.

    With `thin`, pairs have only the first and the last value of each filter, and a later page only in their own order.
    """
    singles = [(filter, value) for filter, values in VALUES[name].items() for value in values]
    ends = [(filter, value) for filter, values in VALUES[name].items() for value in {values[0], values[-1]}]
    pairs = combinations(sorted(ends) if thin else singles, 2)
    both = [pair for pair in pairs if pair[0][0] != pair[1][0] and _is_range(dict(pair))]
    sorts = [None, *(sign + sort for sort in LISTINGS[name].sorts for sign in ("", "-"))]
    for filters in [(), *((one,) for one in singles), *both]:
        for sort in sorts:
            for deep in (False,) if thin and len(filters) > 1 and sort else (False, True):
                yield Shape(name, filters, sort, deep, limit)


def log_queries(head: int) -> Iterator[tuple[str, EventsQuery]]:
    """Yield the shapes of a page of events in a log with so many events, each with its name."""
    for types, names in EVENTS.items():
        for order in ("asc", "desc"):
            for place, start in {"first page": None, "middle": head // 2}.items():
                query = EventsQuery(names=names, limit=50, descending=order == "desc", start=start)
                yield f"events?type={types}&order={order} ({place})", query
    yield "events of one object", EventsQuery(names=EVENTS["all"], limit=50, originator_id=f"inv_{head // 6:026}")


def _is_range(params: Mapping[str, str]) -> bool:
    """Return whether these parameters are accepted: no range ends before it begins."""
    return all(
        params[first] <= params[last]
        for first, last in (("dateFrom", "dateTo"), ("dueFrom", "dueTo"), ("from", "to"))
        if first in params and last in params
    )
