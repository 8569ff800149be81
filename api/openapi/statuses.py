"""The statuses of each kind of object: their meaning, and which statuses can follow. The domain defines the order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from api.openapi.texts import TEXTS
from api.operation import Operation
from domain.aggregate import Aggregate
from domain.registry import AGGREGATES


class Status(NamedTuple):
    """A status of a kind of object."""

    name: str
    meaning: str
    """The meaning of the status, in one or two sentences."""
    by_request: tuple[str, ...]
    """The statuses that a PATCH can set next."""
    by_payment: tuple[str, ...]
    """The statuses to which a payment or a reversal can lead."""


def statuses_of(tag: str, aggregate: type[Aggregate]) -> list[Status]:
    """Return the statuses of the objects under a tag, in the order in which they follow each other."""
    meanings, payments = TEXTS[tag].statuses, aggregate.payment_transitions()
    return [
        Status(name, meanings.get(name, ""), following, payments.get(name, ()))
        for name, following in aggregate.transitions().items()
    ]


def statuses_by_tag(operations: Iterable[Operation]) -> dict[str, list[Status]]:
    """Return the statuses of the objects under each tag. Tags without statuses are left out."""
    kinds = {each.tag: each.resource_type for each in operations if each.resource_type is not None}
    found = {tag: statuses_of(tag, AGGREGATES[kind]) for tag, kind in kinds.items()}
    return {tag: statuses for tag, statuses in found.items() if statuses}


def statuses_table(statuses: Iterable[Status]) -> str:
    """Return the statuses as a table in Markdown."""
    rows = (f"| `{status.name}` | {status.meaning} | {_following(status)} |" for status in statuses)
    return "\n".join(["| status | what it means | what can follow |", "|---|---|---|", *rows])


def _following(status: Status) -> str:
    by_request = ", ".join(f"`{name}`" for name in status.by_request)
    by_payment = ", ".join(f"`{name}`" for name in status.by_payment)
    return "; ".join(filter(None, [by_request, by_payment and f"through payments {by_payment}"])) or "nothing"
