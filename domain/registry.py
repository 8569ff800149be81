"""Every aggregate by its kind, every scope, every event by its stored name, and the types that webhooks name.

A type is the stored name of an event, such as `invoice.sent`, or `invoice.*` for all events of a kind.

`tests/domain/test_registry.py` pins the stored names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from domain.accounts.budget import Budget
from domain.accounts.organization import Organization
from domain.accounts.people import People
from domain.aggregate import Aggregate, Event
from domain.api_key import ApiKey
from domain.bill import Bill
from domain.invoice import Invoice
from domain.leave import Leave
from domain.notes.credit_note import CreditNote
from domain.notes.debit_note import DebitNote
from domain.notes.vendor_credit import VendorCredit
from domain.parties.employee import Employee
from domain.parties.party import Party
from domain.privacy.erasures import Erasures
from domain.webhook import Webhook

AGGREGATES: dict[str, type[Aggregate]] = {
    aggregate.kind: aggregate
    for aggregate in (
        Invoice,
        Bill,
        Leave,
        Party,
        Employee,
        CreditNote,
        DebitNote,
        VendorCredit,
        ApiKey,
        Webhook,
        Budget,
        People,
        Organization,
        Erasures,
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

READ_SCOPES: tuple[str, ...] = tuple(
    dict.fromkeys(aggregate.read_scope for aggregate in AGGREGATES.values() if aggregate.read_scope is not None)
)
"""The scopes that show objects and their events."""

EVENTS: dict[str, type[Event]] = {
    topic: event for aggregate in AGGREGATES.values() for topic, event in aggregate.event_classes().items()
}


def kind_of(topic: str) -> str:
    """Return the kind in an event's stored name: `invoice` for `invoice.sent`. The kind need not be registered."""
    return topic.partition(".")[0]


def aggregate_of(topic: str) -> type[Aggregate]:
    """Return the aggregate whose event has this stored name. Raises KeyError for an unknown kind."""
    return AGGREGATES[kind_of(topic)]


def event_types() -> tuple[str, ...]:
    """Return every type that a webhook can name."""
    kinds = [kind for kind, aggregate in AGGREGATES.items() if aggregate.read_scope is not None]
    names = [name for name in EVENTS if kind_of(name) in kinds]
    return (*(f"{kind}.*" for kind in kinds), *names)


def readable_names(scopes: Collection[str]) -> frozenset[str]:
    """Return the stored names of the events that somebody with these scopes may read in the console.

    Events of objects without a scope, such as API keys, are among them: every user may see them.
    """
    return frozenset(name for name in EVENTS if is_readable(kind_of(name), scopes))


def is_readable(kind: str, scopes: Collection[str]) -> bool:
    """Return whether somebody with these scopes may read objects of a kind. An unknown kind may be read by nobody."""
    return kind in AGGREGATES and AGGREGATES[kind].read_scope in (None, *scopes)


def scope_of(type: str) -> str:
    """Return the scope that shows the events of a type. Raises KeyError for a type that no webhook can name."""
    scope = AGGREGATES[kind_of(type)].read_scope
    if scope is None:
        raise KeyError(type)
    return scope


def matching_names(types: Iterable[str] | None, scopes: Collection[str]) -> frozenset[str]:
    """Return the stored names of the events of these types that the scopes show; None means events of all types."""
    wanted = event_types() if types is None else tuple(types)
    kinds = {kind_of(type) for type in wanted if type.endswith(".*")}
    return frozenset(
        name
        for name in EVENTS
        if (name in wanted or kind_of(name) in kinds) and AGGREGATES[kind_of(name)].read_scope in scopes
    )
