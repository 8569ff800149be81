"""Facts of an object: a label and a text for each. These are the parts that objects of several kinds have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from api.pages.formats import format_day, format_time
from api.pages.others_texts import bdi
from api.pages.translation import gettext as _
from domain.documents.payment import Payment
from domain.notes.refunds import Refund
from domain.reading import parse_instant

Fact = tuple[str | Markup, str | Markup]
"""A label, and its text."""


class ObjectView(NamedTuple):
    """An object in the words of its page."""

    entry: Any
    """The summary of the object, as a list has it."""
    facts: tuple[Fact, ...]
    lines: tuple[Any, ...] = ()
    """Tuples of texts."""
    totals: tuple[Fact, ...] = ()
    payments: tuple[Any, ...] = ()
    """Tuples of texts; the first one is an id. Refunds, on the page of a note."""
    corrections: tuple[Any, ...] = ()
    """The notes that correct the document."""


def common_facts(entry: Any, time_zone: str) -> Iterable[Fact]:
    """Yield what every object has: when it was created, its id, and its metadata."""
    yield _("Created"), time_of(entry.created_at, time_zone)
    yield _("Id"), Markup("<code>{}</code>").format(entry.id)
    if entry.erased is True:
        yield _("Personal data"), escape(_("erased for the sake of a person: names, texts and metadata are gone"))
    for name, value in (entry.metadata or {}).items():
        yield bdi(name), bdi(value)


def time_of(at: str | None, time_zone: str) -> str:
    """Return an instant in words; an empty text without one."""
    return format_time(parse_instant(at), time_zone) if at else ""


def reversal_of(entry: Payment | Refund) -> Markup:
    """Return when and why a payment or a refund was taken back; an empty text if it counts."""
    if entry.reversed_on is None:
        return Markup()
    words = escape(_("taken back on %(day)s: %(reason)s", day=format_day(entry.reversed_on), reason="{reason}"))
    return words.replace("{reason}", bdi(entry.reversal_reason or ""))


def lines_of(text: str | None) -> Markup:
    """Return a text of several lines."""
    return Markup("<br>").join(bdi(line) for line in text.splitlines()) if text else Markup()


def filled(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Return the facts that have a text."""
    return tuple(fact for fact in facts if fact[1])
