"""Every aggregate by its kind, every scope, and every event by its stored name.

`tests/domain/test_registry.py` pins the stored names.
"""

from __future__ import annotations

from domain.aggregate import Aggregate, Event
from domain.api_key import ApiKey
from domain.bill import Bill
from domain.invoice import Invoice
from domain.leave import Leave

AGGREGATES: dict[str, type[Aggregate]] = {
    aggregate.kind: aggregate
    for aggregate in (
        Invoice,
        Bill,
        Leave,
        ApiKey,
    )
}

SCOPES: tuple[str, ...] = tuple(
    dict.fromkeys(
        scope
        for aggregate in AGGREGATES.values()
        for scope in (aggregate.read_scope, aggregate.write_scope)
        if scope is not None
    )
)
"""Every scope that a key can have, as the aggregates declare them."""

EVENTS: dict[str, type[Event]] = {
    topic: event for aggregate in AGGREGATES.values() for topic, event in aggregate.event_classes().items()
}


def kind_of(topic: str) -> str:
    """Return the kind in an event's stored name: `invoice` for `invoice.sent`. The kind need not be registered."""
    return topic.partition(".")[0]


def aggregate_of(topic: str) -> type[Aggregate]:
    """Return the aggregate whose event has this stored name. Raises KeyError for an unknown kind."""
    return AGGREGATES[kind_of(topic)]
