"""Events as sentences: who did what to which object."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from api.pages.formats import day, money, words
from projections.views.activity import DisplayName, Entry

_DOCUMENT = {
    "drafted": ("drafted", ""),
    "updated": ("changed", ""),
    "sent": ("sent", ""),
    "opened": ("opened", ""),
    "payment_recorded": ("recorded a payment on", ""),
    "paid": ("recorded that", "is paid in full"),
    "voided": ("voided", ""),
    "overdue": ("recorded that", "is overdue"),
    "overdue_cleared": ("recorded that", "is no longer overdue"),
}
_WORDS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "invoice": _DOCUMENT,
    "bill": _DOCUMENT,
    "leave": {
        "requested": ("requested", ""),
        "approved": ("approved", ""),
        "denied": ("denied", ""),
        "cancelled": ("cancelled", ""),
    },
    "api_key": {
        "issued": ("created", ""),
        "rotated": ("rotated", ""),
        "revoked": ("revoked", ""),
        "expired": ("recorded that", "has expired"),
    },
}
"""What stands before the object and after it."""
_KINDS = {"invoice": "invoice", "bill": "bill", "leave": "leave", "api_key": "API key"}
_COMPUTED = frozenset(("subTotal", "taxTotal", "totalAmount", "amountPaid", "balanceDue"))
"""Fields that follow from those that were changed."""


class Sentence(NamedTuple):
    """An entry in words; the object is a link in between."""

    actor: str
    before: str
    thing: str
    after: str


def sentence(entry: Entry, subject: DisplayName | None, actor: str) -> Sentence:
    """The entry in words. An event of a kind that is not known here is told by its name."""
    kind, _, what = entry.name.partition(".")
    before, after = _WORDS.get(kind, {}).get(what, (f"recorded {entry.name} of", ""))
    return Sentence(actor, _before(entry, before, subject), thing(kind, entry.id, subject), _after(entry, after))


def label(name: str) -> str:
    """What a type of event is called where one is chosen: Invoice: payment recorded."""
    kind, _, what = name.partition(".")
    words = _KINDS.get(kind, kind)
    return f"{words[0].upper()}{words[1:]}: {what.replace('_', ' ')}"


def thing(kind: str, id: str, subject: DisplayName | None) -> str:
    """What an object is called: invoice INV-2025-26-0001 (Acme Traders)."""
    if subject is None:
        return f"{_KINDS.get(kind, kind)} {id}"
    if kind == "leave":
        since = f" from {day(date.fromisoformat(subject.party))}" if subject.party else ""
        return f"leave of {subject.name}{since}"
    if kind == "api_key":
        return f"API key {subject.name} (…{subject.party})"
    return f"{_KINDS.get(kind, kind)} {subject.name} ({subject.party})"


def actor_name(actor: tuple[str, str], users: Mapping[str, str], keys: Mapping[str, DisplayName]) -> str:
    """Who it was: a user's address, a key's name, the service itself, or the command line."""
    kind, id = actor
    if kind == "user":
        return users.get(id, id)
    if kind == "api_key":
        return f"{keys[id].name} (API key)" if id in keys else f"API key {id}"
    return {"worker": "SmartDhandha", "cli": "The command line"}.get(kind, f"{kind} {id}")


def _before(entry: Entry, verb: str, subject: DisplayName | None) -> str:
    if entry.name.endswith(".payment_recorded") and subject is not None and subject.currency is not None:
        try:
            payments = msgspec.json.decode(entry.state, type=_Payments).payments
        except msgspec.MsgspecError:
            return verb
        total = sum((payment.amount for payment in payments), Decimal(0))
        return f"recorded a payment of {money(total, subject.currency)} on"
    return verb


def _after(entry: Entry, after: str) -> str:
    if not entry.name.endswith(".updated"):
        return after
    try:
        changed = [name for name in msgspec.json.decode(entry.state, type=dict[str, Any]) if name not in _COMPUTED]
    except msgspec.MsgspecError:
        return after
    return f"– {', '.join(words(name) for name in changed)}"


class _Payment(msgspec.Struct):
    amount: Decimal


class _Payments(msgspec.Struct):
    payments: tuple[_Payment, ...]
