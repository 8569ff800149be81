"""Every aggregate, and through it every event's stable stored name; `tests/domain/test_registry.py` pins them."""

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

EVENTS: dict[str, type[Event]] = {
    topic: event for aggregate in AGGREGATES.values() for topic, event in aggregate.event_classes().items()
}


def aggregate_of(topic: str) -> type[Aggregate]:
    """The aggregate whose event has this stored name."""
    return AGGREGATES[topic.partition(".")[0]]
