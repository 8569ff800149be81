"""By what a saved view may name a person: texts such as the name or the telephone number, and pairs of metadata."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct

from domain.aggregate import Event
from domain.personal import personal_fields
from domain.reading import InvalidValue
from domain.text import text_key
from projections.query.metadata import filtered_key

TEXTS = ("name", "client_name", "vendor_name", "employee_name", "email", "phone", "gstin", "pan")
"""The fields of events whose texts are looked for. Others, such as notes, are no words by which lists are searched."""
TYPED_FREELY = ("search", "number", "externalId", "gstin", "clientId", "vendorId", "employeeId", "invoiceId", "billId")
"""The filters of lists that take any text. Values of metadata are typed freely, too."""


class Pair(NamedTuple):
    """A pair of metadata, as objects of a kind have it. The value is a text key."""

    kind: str
    key: str
    value: str


class Traces(NamedTuple):
    """What was personal of the objects that are erased."""

    texts: frozenset[str]
    pairs: frozenset[Pair]

    @classmethod
    def of(cls, kind: str, event: Event) -> Traces:
        """Return the traces in an event of an object of this kind."""
        fields = event.changes()
        personal = {name: fields[name] for name, _ in personal_fields(type(event)) if fields.get(name)}
        metadata = personal.pop("metadata", {})
        sides = [personal, *(msgspec.structs.asdict(each) for each in personal.values() if isinstance(each, Struct))]
        texts = frozenset(text for side in sides for name in TEXTS if (text := side.get(name)))
        return cls(texts, frozenset(Pair(kind, key, text_key(value)) for key, value in metadata.items()))

    @classmethod
    def union(cls, every: Iterable[Traces]) -> Traces:
        """Return all traces together."""
        found = list(every)
        texts = frozenset(text for each in found for text in each.texts)
        return cls(texts, frozenset(pair for each in found for pair in each.pairs))


NO_TRACES = Traces(frozenset(), frozenset())


class ViewWords(NamedTuple):
    """The words that a user has typed into a saved view."""

    texts: tuple[str, ...]
    pairs: frozenset[Pair]

    @classmethod
    def of(cls, kind: str, name: str, query: str) -> ViewWords:
        """Return the words in the name and in the values of filters, but not the names of filters and fixed values."""
        texts, pairs = [name], set[Pair]()
        for parameter, value in parse_qsl(query):
            key = _metadata_key(parameter)
            if key is not None:
                pairs.add(Pair(kind, key, text_key(value)))
            if key is not None or parameter in TYPED_FREELY:
                texts.append(value)
        return cls(tuple(map(text_key, texts)), frozenset(pairs))

    def has_any(self, patterns: Collection[re.Pattern[str]]) -> bool:
        """Return whether one of the patterns is found."""
        return any(pattern.search(text) for pattern in patterns for text in self.texts)


def patterns_of(texts: Iterable[str]) -> list[re.Pattern[str]]:
    """Return patterns that find these texts as whole words, in text keys."""
    return [_whole_words(key) for text in texts if (key := text_key(text))]


def _whole_words(key: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(key)}(?!\w)")


def _metadata_key(parameter: str) -> str | None:
    try:
        return filtered_key(parameter)
    except InvalidValue:
        return None
