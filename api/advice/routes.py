"""Advice about requests to an address that does not exist, or with a method that the address does not support."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from api.operation import Operation
from commands.fields import Choice
from commands.fields.of_body import body_fields
from domain.accounts.key_secret import has_prefix
from domain.accounts.misplaced_key import IN_URL
from domain.suggestions.names import name_key, nearest, read_other_names
from domain.suggestions.other_names import WORDS

_SEGMENTS = read_other_names("""
invoices: invoice
bills: bill purchase purchases expense expenses
leaves: leave absence absences holiday holidays vacation vacations timeOff leaveRequest leaveRequests
parties: party client clients customer customers contact contacts vendor vendors supplier suppliers
employees: employee staff worker workers
credit-notes: creditNote creditNotes creditMemo creditMemos
debit-notes: debitNote debitNotes debitMemo debitMemos
vendor-credits: vendorCredit vendorCredits supplierCredit supplierCredits
events: event log logs history activity audit timeline
me: account profile whoami organization organisation org user
usage: credits credit quota limits rateLimit
payments: payment pay
reversal: reverse refund refunds reversals
refunds: refund
assistant: ask chat
openapi.json: openapi openapi.yaml openapi.yml swagger swagger.json spec
""")
"""For each key of a word, the path segments that the word can mean."""
_BASE = re.compile(r"api|rest|v[0-9]{1,2}(\.[0-9])?", re.IGNORECASE)
_MAX_SEGMENTS = 8
_LEAKED = f"{IN_URL[0].upper()}{IN_URL[1:]}."
_ABSENT = {
    "To get events posted to a URL, POST /api/v1/webhooks.": "hook hooks subscription subscriptions callbacks",
    "Line items are part of their invoice or bill: send them as `items`.": "items lineItems lines products",
    "Payments belong to an invoice or a bill: POST /api/v1/invoices/{id}/payments or /api/v1/bills/{id}/payments.": (
        "payment payments transactions"
    ),
}
_ABSENT_NAMES = {name_key(word): advice for advice, words in _ABSENT.items() for word in words.split()}
_METHODS = {
    "PUT": "change an object with PATCH, and send only the fields that change",
    "DELETE": "nothing is deleted: make an invoice or a bill void, cancel a leave",
    "POST": "create an object with POST to the list, and change it with PATCH",
    "PATCH": "PATCH needs the id of an object in the address",
}
"""For each method, what to do instead. The advice is given only if the address supports POST or PATCH."""


class Suggestion(NamedTuple):
    """What to do instead of the request: the template of a similar path that exists, or None; and a sentence."""

    path: str | None
    message: str


class Routes:
    """The routes of the API, in the form in which the advice about wrong addresses needs them."""

    def __init__(self, routes: Sequence[tuple[str, Any]]) -> None:
        """`routes` are the path templates with their resources, which declare their operations."""
        self._paths = {tuple(_segments(path)): path for path, _ in routes}
        self._statuses = {path: tuple(_statuses(resource.operations)) for path, resource in routes}

    def suggest(self, path: str) -> Suggestion:
        """Return what to do instead of a request to this path, which does not exist."""
        if has_prefix(path):
            return Suggestion(None, _LEAKED)
        sent = _segments(path)
        if len(sent) > _MAX_SEGMENTS or not sent:
            return Suggestion(None, "")
        if near := self._nearest(sent):
            return Suggestion(near, f"Did you mean {near}?")
        if step := self._step(sent):
            return step
        if absent := next(filter(None, map(_ABSENT_NAMES.get, map(name_key, sent))), ""):
            return Suggestion(None, absent)
        above = next(filter(None, (self._nearest(sent[:count]) for count in range(len(sent) - 1, 0, -1))), None)
        return Suggestion(above, f"The nearest address is {above}; the reference at /docs lists all." if above else "")

    def _nearest(self, sent: Sequence[str]) -> str | None:
        """Return the template whose segments are all similar to those of the path. Of several, return the one with the
        most equal segments; None if there is no such template, or if two are equally near."""
        equal: dict[str, int] = {}
        for segments, path in self._paths.items():
            pairs = list(zip(sent, segments, strict=False))
            if len(sent) == len(segments) and all(_is_like(each, own) for each, own in pairs):
                equal[path] = sum(each == own for each, own in pairs)
        best = [path for path, count in equal.items() if count == max(equal.values())]
        return best[0] if len(best) == 1 else None

    def _step(self, sent: Sequence[str]) -> Suggestion | None:
        """Return the PATCH that sets a status, for a path that ends in a verb: `/invoices/inv_1/send`."""
        path = self._nearest(sent[:-1])
        status = nearest(sent[-1], self._statuses.get(path or "", ()), WORDS)
        if not path or not status:
            return None
        return Suggestion(path, f'Did you mean PATCH {path} with {{"status": "{status}"}}?')


def method_advice(method: str, allowed: str) -> str:
    """Return advice, in brackets, about a method that an address does not support; an empty text without advice.

    `allowed` is the value of the header Allow.
    """
    advice = _METHODS.get(method, "")
    return f" ({advice})" if advice and ("PATCH" in allowed or "POST" in allowed) else ""


def _segments(path: str) -> list[str]:
    """Return the segments of a path, without the segments `api` and `v1` at its beginning."""
    segments = [each for each in path.split("/") if each]
    while segments and _BASE.fullmatch(segments[0]):
        segments.pop(0)
    return segments


def _is_like(sent: str, own: str) -> bool:
    """Return whether a segment is similar to a segment of a template. A parameter is similar to every id."""
    return own.startswith("{") or nearest(sent, (own,), _SEGMENTS) is not None


def _statuses(operations: Mapping[str, Operation]) -> Iterator[str]:
    """Return the statuses that a PATCH can set."""
    command = operations["PATCH"].body if "PATCH" in operations else None
    field = body_fields(command).get("status") if command is not None else None
    if field is not None and isinstance(field.type, Choice):
        yield from field.type.words
