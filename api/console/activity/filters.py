"""The filters of the page `/activity`."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from api.console.forms.filters import Filters, parse_id
from api.pages.translation import gettext as _
from projections.views.activity import NAMES, ActivityQuery

NAMES_OF_FILTERS = ("type", "object", "actor", "from", "to")
_MAX_OBJECT_CHARACTERS = 64


def read_query(filters: Filters, readable: frozenset[str] | None) -> ActivityQuery:
    """Return the query for these filters.

    `readable` are the names of the events that the user may see; None means all.
    """
    first, last = filters.read_days()
    named = partial(_event_name, NAMES if readable is None else readable)
    identified = partial(parse_id, most=_MAX_OBJECT_CHARACTERS)
    return ActivityQuery(
        readable=readable,
        name=filters.read("type", named, _("Choose a type from the list.")),
        object=filters.read("object", identified, _("Enter an object's id, or the number of an invoice or bill.")),
        actor=filters.read("actor", _actor, _("Choose an actor from the list.")),
        first=first,
        last=last,
        before=filters.read_before(),
    )


def _event_name(names: Collection[str], text: str) -> str:
    if text not in names:
        raise ValueError(text)
    return text


def _actor(text: str) -> tuple[str, str]:
    type_, colon, id = parse_id(text).partition(":")
    if not colon:
        raise ValueError(text)
    return type_, id
