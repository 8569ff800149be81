"""The kinds of objects, and which one a question is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from api.assistant.reading.persons import PARTY, PERSONS, is_about_party
from api.resource_type import ResourceType

if TYPE_CHECKING:
    from api.assistant.reading.question import Reading

INVOICE, BILL, LEAVE = "invoice", "bill", "leave"
NOTES = frozenset(("credit_note", "debit_note", "vendor_credit"))
"""The kinds whose objects correct an invoice or a bill."""
_NUMBERED = re.compile(r"\bINV[-/]\w*\d", re.IGNORECASE)
_SENT_TO_THE_API = frozenset(
    (
        "request",
        "key",
        "header",
        "date",
        "body",
        "parameter",
        "string",
        "format",
        "field",
        "value",
        "currency",
        "notes",
        "metadata",
        "reference",
    )
)
"""What is sent to the API, and not to a client as an invoice is."""
_ABOUT_LEAVE = frozenset(["sick", "earned", "approve", "deny", "approved", "denied", "half", "vacation"])
"""Words about a leave, also if the question does not name it."""
_HINTS = (
    (
        LEAVE,
        _ABOUT_LEAVE | {"employee"},
    ),
    (BILL, frozenset(("vendor",))),
    (
        INVOICE,
        frozenset(
            [
                "client",
                "payment",
                "send",
                "sent",
                "reverse",
                "bounce",
                "tds",
                "writeoff",
                "roundoff",
                "overdue",
                "unpaid",
                "draft",
            ]
        ),
    ),
)
"""By kind: words that belong to it alone."""


class Kinds(msgspec.Struct, frozen=True):
    """The kinds of objects that the API has."""

    names: Mapping[str, str]
    """By word: the kind that it names."""
    statuses: Mapping[str, tuple[str, ...]]
    """By kind: the statuses that its objects can have."""
    prefixes: Mapping[str, str]
    """By kind: the prefix of its ids."""

    @classmethod
    def of(cls, resources: Iterable[ResourceType]) -> Kinds:
        """Return the kinds of these resource types."""
        names, statuses, prefixes = {}, {}, {}
        for resource in resources:
            aggregate = resource.aggregate
            statuses[aggregate.kind] = tuple(aggregate.transitions())
            prefixes[aggregate.kind] = aggregate.id_prefix
            for name in (aggregate.kind, resource.path, resource.tag.lower(), aggregate.noun.replace(" ", "").lower()):
                names[name] = aggregate.kind
        return cls(names, statuses, prefixes)


def find_kind(reading: Reading) -> str | None:
    """Return the kind of object that the question is about, by its own words or by words that belong to one kind."""
    terms, kinds = reading.terms, reading.kinds
    named = [word.meaning for word in reading.words if word.meaning in kinds.statuses]
    named = [each for each in named if each not in PERSONS] or ([] if _ABOUT_LEAVE & terms else named)
    if named:
        is_from_vendor = named[0] == INVOICE and "vendor" in terms and "client" not in terms
        return BILL if is_from_vendor else named[0]
    by_id = next((kind for kind, prefix in kinds.prefixes.items() if f"{prefix}_" in reading.plain), None)
    if by_id is None and "send" in terms and not terms.isdisjoint(_SENT_TO_THE_API):
        return None
    if by_id is None and is_about_party(reading.words, terms):
        return PARTY
    moves_due_date = (
        "duedate" in terms and terms & {"update", "extend", "increase"} and not terms & {"client", "send", "sent"}
    )
    own = terms - {"half"} if "payment" in terms or "received" in terms else terms
    hinted = next((kind for kind, hints in _HINTS if not hints.isdisjoint(own)), None)
    if hinted is None and _NUMBERED.search(reading.plain):
        hinted = INVOICE
    if hinted is None and "shorten" in terms:
        hinted = LEAVE
    return by_id or (BILL if moves_due_date else hinted)


def named_kinds(reading: Reading) -> set[str]:
    """Return the kinds of objects that the question names."""
    return {word.meaning for word in reading.words} & reading.kinds.statuses.keys()
