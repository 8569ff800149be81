"""Writes events as sentences that say who did what to which object. The event classes declare the words (`phrase`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Literal, NamedTuple

import msgspec
from markupsafe import Markup, escape

from api.pages.formats import format_day, format_field, format_money
from api.pages.others_texts import bdi, isolated, short
from api.pages.translation import gettext as _
from api.pages.translation import marked
from domain.accounts.user import ROLE_NAMES
from domain.aggregate import Event
from domain.document import camel
from domain.reading import parse_date
from domain.registry import AGGREGATES, EVENTS, kind_of
from projections.registry import ROWS
from projections.views.activity import DisplayName, Entry

SYSTEM_ACTORS = {
    "worker": "SmartDhandha",
    "cli": marked("the command line"),
    "secret_scanning": marked("GitHub's secret scanning"),
}
"""The names of actors that are neither users nor API keys, by the type of actor."""


class Sentence(NamedTuple):
    """The parts of a sentence about an event: the actor, the words before the object, the object, the words after it.

    On the page, the object is a link. Texts that other people wrote are isolated, so that their writing direction does
    not change the order of the words around them.
    """

    actor: Markup
    before: Markup
    object: Markup
    after: Markup


def sentence_of(entry: Entry, name: DisplayName | None, actor: Markup, users: Mapping[str, str]) -> Sentence:
    """Return the sentence about an entry. If its event has no phrase, the sentence contains the event's stored name.

    `users` are the e-mail addresses of users, by id.
    """
    event = EVENTS.get(entry.name)
    phrase = event.phrase if event is not None and event.phrase else ""
    words = _(phrase) or _("recorded {event} of {object}").replace("{event}", entry.name)
    words = words.replace("{payment}", _payment(entry, name)).replace("{threshold}", _threshold(entry))
    before, _object, after = words.replace("{fields}", _fields(entry, event)).partition("{object}")
    before, after = (_with_person(part.strip(), entry, users) for part in (before, after))
    return Sentence(actor, before, object_name(kind_of(entry.name), entry.id, name, short), after)


def event_label(topic: str) -> str:
    """Return the text for an event type in a list of choices, such as "Invoice: payment recorded"."""
    kind, _dot, event = topic.partition(".")
    return f"{capitalized(noun_of(kind))}: {_(event.replace('_', ' '))}"


def noun_of(kind: str) -> str:
    """Return the word for objects of a kind; the kind itself if it is unknown."""
    return _(AGGREGATES[kind].noun) if kind in AGGREGATES else kind


def object_name(kind: str, id: str, name: DisplayName | None, shorten: Callable[[str], str] = str) -> Markup:
    """Return the name of an object in a sentence, as HTML, such as "invoice INV-2025-26-0001 (Acme Traders)".

    `shorten` returns as much as the page shows of a text that people wrote.
    """
    template, words, texts = _name_parts(kind, id, name)
    return Markup(template).format(**words, **{part: bdi(shorten(text)) for part, text in texts.items()})  # noqa: S704 -- ours


def object_title(kind: str, id: str, name: DisplayName | None) -> str:
    """Return the name of an object in the title of a page, as text."""
    template, words, texts = _name_parts(kind, id, name)
    return template.format(**words, **{part: isolated(text) for part, text in texts.items()})


def _name_parts(kind: str, id: str, name: DisplayName | None) -> tuple[str, dict[str, str], dict[str, str]]:
    """Return the template of an object's name, the values that the service wrote, and the values that people wrote."""
    words = {"noun": noun_of(kind)}
    if name is None:
        return "{noun} {id}", words, {"id": id}
    template, detail = _(ROWS[kind].display.template), name.party or ""
    if "{day}" in template:
        words["day"] = format_day(parse_date(detail))
    return template, words, {"name": name.name, "detail": detail}


def actor_name(actor: tuple[str, str], users: Mapping[str, str], keys: Mapping[str, DisplayName]) -> Markup:
    """Return the name of an actor: a user's e-mail address, a key's name, the service, or the command line."""
    template, *texts = _actor_parts(actor, users, keys)
    return escape(template).format(*(bdi(short(text)) for text in texts))


def actor_text(actor: tuple[str, str], users: Mapping[str, str], keys: Mapping[str, DisplayName]) -> str:
    """Return the name of an actor as text."""
    template, *texts = _actor_parts(actor, users, keys)
    return template.format(*texts)


def _actor_parts(actor: tuple[str, str], users: Mapping[str, str], keys: Mapping[str, DisplayName]) -> tuple[str, ...]:
    """Return the template of an actor's name in words of the service, and the text in it that people wrote, if any."""
    kind, id = actor
    if kind == "user":
        return "{}", users.get(id, id)
    if kind == "api_key":
        words = _("API key")
        return (f"{{}} ({words})", keys[id].name) if id in keys else (f"{words} {{}}", id)
    return (capitalized(_(SYSTEM_ACTORS[kind])),) if kind in SYSTEM_ACTORS else ("{}", f"{kind} {id}")


def capitalized(text: str) -> str:
    """Return the text with its first letter in upper case. All other letters stay as they are."""
    return f"{text[:1].upper()}{text[1:]}"


def _payment(entry: Entry, name: DisplayName | None) -> str:
    """Return words for the payment and its amount. Without a readable event or a currency, the amount is left out."""
    try:
        payments = msgspec.json.decode(entry.state, type=_Payments).payments
    except msgspec.MsgspecError:
        return _(_PAYMENTS["payment"])
    kind = _(_PAYMENTS[payments[0].kind if payments else "payment"])
    if name is None or name.currency is None:
        return kind
    amount = format_money(sum((payment.amount for payment in payments), Decimal(0)), name.currency)
    return _("%(payment)s of %(amount)s", payment=kind, amount=amount)


def _with_person(text: str, entry: Entry, users: Mapping[str, str]) -> Markup:
    """Return the text with the person of the event and the role; the words "a user" when the event cannot be read."""
    words = escape(text)
    if "{user}" not in text:
        return words
    try:
        person = msgspec.json.decode(entry.state, type=_Person)
    except msgspec.MsgspecError:
        person = _Person("", "")
    address = bdi(short(users[person.user_id])) if person.user_id in users else escape(_("a user"))
    return words.replace("{user}", address).replace("{role}", _(ROLE_NAMES.get(person.role, person.role)))


def _threshold(entry: Entry) -> str:
    """Return the reached part of a limit; words without a number when the event cannot be read."""
    try:
        percent = msgspec.json.decode(entry.state, type=_Threshold).threshold
    except msgspec.MsgspecError:
        return _("a part")
    return _("all") if percent == 100 else f"{percent} %"


def _fields(entry: Entry, event: type[Event] | None) -> str:
    """Return the names of the changed fields; an empty text when the event cannot be read."""
    derived = {camel(name) for name in event.derived_fields} if event is not None else set()
    derived.add("erased")
    try:
        changed = [name for name in msgspec.json.decode(entry.state, type=dict[str, Any]) if name not in derived]
    except msgspec.MsgspecError:
        return ""
    return f" – {', '.join(format_field(name) for name in changed)}"


class _Person(msgspec.Struct, rename="camel"):
    user_id: str
    role: str = ""


class _Threshold(msgspec.Struct):
    threshold: int


class _Payment(msgspec.Struct):
    amount: Decimal
    kind: Literal["payment", "tds", "write_off", "round_off"] = "payment"


_PAYMENTS = {
    "payment": marked("a payment"),
    "tds": marked("withheld tax (TDS)"),
    "write_off": marked("a write-off"),
    "round_off": marked("a rounding-off"),
}
"""The words for each kind of payment in a sentence."""


class _Payments(msgspec.Struct):
    payments: tuple[_Payment, ...]
