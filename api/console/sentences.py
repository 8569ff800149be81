"""Events as sentences: who did what to which object."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from api.pages.formats import day, money, words
from domain.aggregate import Event
from domain.document import camel
from domain.registry import AGGREGATES, EVENTS
from projections.registry import ROWS
from projections.views.activity import DisplayName, Entry


class Sentence(NamedTuple):
    """An entry in words; the object is a link in between."""

    actor: str
    before: str
    thing: str
    after: str


def sentence(entry: Entry, subject: DisplayName | None, actor: str) -> Sentence:
    """The entry in words. An event that has no phrase is shown by its stored name."""
    event = EVENTS.get(entry.name)
    phrase = event.phrase if event is not None and event.phrase else f"recorded {entry.name} of {{object}}"
    before, _, after = phrase.partition("{object}")
    before = before.replace("{payment}", _payment(entry, subject)).strip()
    after = after.replace("{fields}", _fields(entry, event)).strip()
    return Sentence(actor, before, thing(entry.name.partition(".")[0], entry.id, subject), after)


def label(name: str) -> str:
    """What a type of event is called where one is chosen: Invoice: payment recorded."""
    kind, _, what = name.partition(".")
    noun = _noun(kind)
    return f"{noun[0].upper()}{noun[1:]}: {what.replace('_', ' ')}"


def thing(kind: str, id: str, subject: DisplayName | None) -> str:
    """What an object is called: invoice INV-2025-26-0001 (Acme Traders)."""
    if subject is None:
        return f"{_noun(kind)} {id}"
    template, detail = ROWS[kind].display.template, subject.party or ""
    parts = {"noun": _noun(kind), "name": subject.name, "detail": detail}
    if "{day}" in template:
        parts["day"] = day(date.fromisoformat(detail))
    return template.format(**parts)


def actor_name(actor: tuple[str, str], users: Mapping[str, str], keys: Mapping[str, DisplayName]) -> str:
    """Who it was: a user's address, a key's name, the service itself, or the command line."""
    kind, id = actor
    if kind == "user":
        return users.get(id, id)
    if kind == "api_key":
        return f"{keys[id].name} (API key)" if id in keys else f"API key {id}"
    return {"worker": "SmartDhandha", "cli": "The command line"}.get(kind, f"{kind} {id}")


def _noun(kind: str) -> str:
    return AGGREGATES[kind].noun if kind in AGGREGATES else kind


def _payment(entry: Entry, subject: DisplayName | None) -> str:
    """The payment with its amount; without it where the event cannot be read."""
    if subject is None or subject.currency is None:
        return "a payment"
    try:
        payments = msgspec.json.decode(entry.state, type=_Payments).payments
    except msgspec.MsgspecError:
        return "a payment"
    return f"a payment of {money(sum((payment.amount for payment in payments), Decimal(0)), subject.currency)}"


def _fields(entry: Entry, event: type[Event] | None) -> str:
    """The names of the fields that were changed; nothing where the event cannot be read."""
    derived = {camel(name) for name in event.derived_fields} if event is not None else set()
    try:
        changed = [name for name in msgspec.json.decode(entry.state, type=dict[str, Any]) if name not in derived]
    except msgspec.MsgspecError:
        return ""
    return f" – {', '.join(words(name) for name in changed)}"


class _Payment(msgspec.Struct):
    amount: Decimal


class _Payments(msgspec.Struct):
    payments: tuple[_Payment, ...]
