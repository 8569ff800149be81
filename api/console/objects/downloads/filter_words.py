"""The filters and the order of a list in words, for people who asked for a file of it."""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

from api.console.objects.filters import Sent, fields_of, others_of
from api.console.objects.kinds import ObjectKind
from api.pages.formats import format_time
from domain.reading import InvalidValue, parse_instant
from projections.query.past.lists import AS_OF

_INSTANTS = (AS_OF, "updatedSince")


class FilterWords(NamedTuple):
    """A filter: "Status: sent, paid"."""

    label: str
    text: str
    """It can contain what somebody has typed."""


def words_of(kind: ObjectKind, sent: Sent, time_zone: str) -> list[FilterWords]:
    """Return the filters among the parameters of a list, in the order of its form."""
    fields = fields_of(kind, sent)
    words = [FilterWords(field.label, dict(field.choices).get(field.value, field.value)) for field in fields]
    named = {field.name: text for field, text in zip(fields, words, strict=True) if field.value}
    for name in _INSTANTS:
        if name in named:
            named[name] = FilterWords(named[name].label, _time(named[name].text, time_zone))
    return [*named.values(), *(FilterWords(name, text) for name, text in others_of(sent, fields).items())]


def _time(text: str, time_zone: str) -> str:
    """Return an instant as people read it; what is no instant yet, such as a day, as it is."""
    with suppress(InvalidValue):
        return format_time(parse_instant(text), time_zone)
    return text
