"""What a question's words wish of an operation: the body of a change, the filters of a list."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from api.assistant.passages import Described, Node
from api.assistant.vocabulary import STEPS
from domain.registry import AGGREGATES

_CHANGES = frozenset(
    ("change", "changing", "edit", "editing", "update", "updating", "modify", "correct", "extend", "move", "set", "add")
)
"""Words that ask for a change of a field, and not for a step to another status."""
_FIELDS: tuple[tuple[frozenset[str], Node], ...] = (
    (frozenset(("due", "duedate", "deadline")), {"dueDate": "2026-03-31"}),
    (frozenset(("note", "notes", "remark")), {"notes": "Thank you for your business"}),
    (frozenset(("number",)), {"invoiceNumber": "A-118"}),
    (frozenset(("name", "client", "customer")), {"clientName": "Acme & Sons"}),
)
"""Which field is meant by these words, and a value for it."""
_FILTERS: tuple[tuple[frozenset[str], tuple[tuple[str, str], ...]], ...] = (
    (frozenset(("overdue", "late")), (("overdue", "true"),)),
    (frozenset(("unpaid", "outstanding")), (("status", "sent,partially_paid"), ("status", "open,partially_paid"))),
    (frozenset(("paid",)), (("status", "paid"),)),
    (frozenset(("draft", "drafts")), (("status", "draft"),)),
    (frozenset(("sent",)), (("status", "sent"),)),
    (frozenset(("open",)), (("status", "open"),)),
    (frozenset(("void", "voided")), (("status", "void"),)),
    (frozenset(("pending", "waiting")), (("status", "pending"),)),
    (frozenset(("approved",)), (("status", "approved"),)),
    (frozenset(("denied", "rejected")), (("status", "denied"),)),
    (frozenset(("sick",)), (("type", "sick"),)),
    (frozenset(("earned",)), (("type", "earned"),)),
)
"""Which filter is meant by these words; of several the first that the list takes."""


def takes(operation: Described) -> tuple[str, ...]:
    """The statuses that the operation sets; others come about by themselves, such as `paid` by a payment."""
    if operation.body is None or "status" not in operation.body["properties"]:
        return ()
    steps = AGGREGATES[operation.node["x-resource-type"]].transitions()
    return tuple(dict.fromkeys(chain.from_iterable(steps.values())))


def body_of(operation: Described, words: tuple[str, ...]) -> Node | None:
    """The example's body; where the question names a field to change or another status, with that alone."""
    if operation.example is None or operation.body is None or "status" not in operation.example:
        return operation.example
    if not _CHANGES.isdisjoint(words):
        for named, body in _FIELDS:
            if not named.isdisjoint(words) and operation.body["properties"].keys() >= body.keys():
                return body
    settable = takes(operation)
    wanted = [step for word in words for step in STEPS.get(word, "").split() if step in settable]
    if not wanted or wanted[0] == operation.example["status"]:
        return operation.example
    return {"status": wanted[0]}


def query_of(operation: Described, words: Iterable[str]) -> dict[str, str]:
    """The filters that the question names, as far as the list has them."""
    if not operation.is_list:
        return {}
    names = {each["name"] for each in operation.parameters}
    statuses = AGGREGATES[operation.node["x-resource-type"]].transitions().keys()
    found: dict[str, str] = {}
    for said, filters in _FILTERS:
        if said.isdisjoint(words):
            continue
        for name, value in filters:
            if name in names and (name != "status" or statuses >= set(value.split(","))):
                found.setdefault(name, value)
                break
    return found
