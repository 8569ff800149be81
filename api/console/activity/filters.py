"""Parses the filters of the page `/activity`, and collects a message for each invalid filter."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import partial
from typing import NamedTuple, TypeVar

from api.http.parameters import parse_end
from api.pages.translation import gettext as _
from domain.reading import parse_date
from projections.views.activity import NAMES, ActivityQuery

T = TypeVar("T")
FIELDS = ("type", "object", "actor", "from", "to")


class Problem(NamedTuple):
    """An invalid filter: its field in the form, and a message that says what to enter."""

    field: str
    message: str


def read_filters(filters: Mapping[str, str], readable: frozenset[str] | None) -> tuple[ActivityQuery, list[Problem]]:
    """Return the query for these filters, and a Problem for each invalid filter. An invalid filter is not applied.

    `readable` are the names of the events that the user may see; None means all.
    """
    problems: list[Problem] = []

    def read(name: str, parse: Callable[[str], T], message: str) -> T | None:
        if name not in filters:
            return None
        try:
            return parse(filters[name].strip())
        except ValueError:
            problems.append(Problem(name, message))
            return None

    first = read("from", parse_date, _("Enter the first day as YYYY-MM-DD, such as 2026-01-31."))
    last = read("to", parse_date, _("Enter the last day as YYYY-MM-DD, such as 2026-01-31."))
    query = ActivityQuery(
        readable=readable,
        name=read(
            "type", partial(_event_name, NAMES if readable is None else readable), _("Choose a type from the list.")
        ),
        object=read("object", _object, _("Enter an object's id, or the number of an invoice or bill.")),
        actor=read("actor", _actor, _("Choose an actor from the list.")),
        first=first,
        last=last,
        before=read("before", parse_end, _("The address of this page is wrong. Show the newest entries instead.")),
    )
    if isinstance(first, date) and isinstance(last, date) and last < first:
        problems.append(Problem("to", _("The last day must not be before the first day.")))
    return query, problems


def _event_name(names: Collection[str], text: str) -> str:
    if text not in names:
        raise ValueError(text)
    return text


def _object(text: str) -> str:
    if len(text) > 64 or not text.isprintable():
        raise ValueError(text)
    return text


def _actor(text: str) -> tuple[str, str]:
    type_, colon, id = text.partition(":")
    if not colon or len(text) > 100 or not text.isprintable():
        raise ValueError(text)
    return type_, id
