"""How objects are shown to people: the fields that form an object's name, and the words that a field can hold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec


class DisplayFields(NamedTuple):
    """The fields that form the name of an object. From each list of fields, the first field with a value is used."""

    name: tuple[str, ...]
    """The fields that identify the object, such as the number of an invoice or the name of an employee."""
    detail: tuple[str, ...]
    """The fields that distinguish objects with the same name, such as the client, or the first day of a leave."""
    currency: str | None = None
    """The field with the currency of the object's amounts; None for an object without amounts of money."""
    number: str | None = None
    """The column in which the page Activity looks up what people type; None if they can look up only the id."""
    template: str = "{noun} {name} ({detail})"
    """The form of the name. `{day}` is the value of `detail`, written as a day."""

    @property
    def fields(self) -> frozenset[str]:
        """All fields that are needed to write the object's name and amounts."""
        return frozenset((*self.name, *self.detail, *((self.currency,) if self.currency else ())))


def one_of(words: Iterable[str]) -> msgspec.Meta:
    """Return the annotation of a string field that holds one of these words: `Annotated[str, one_of(STATUSES)]`.

    The annotation only adds the words to the OpenAPI document. It does not check values.
    """
    return msgspec.Meta(extra_json_schema={"enum": list(dict.fromkeys(words))})
