"""How objects are shown: the fields that give an object its name, and the words that a field can hold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec


class DisplayFields(NamedTuple):
    """The fields that name an object. Of several fields, the first one with a value is used."""

    name: tuple[str, ...]
    """What identifies it: an invoice's number, an employee's name."""
    detail: tuple[str, ...]
    """What distinguishes it from others: the client, the first day of a leave."""
    currency: str | None = None
    """The field with the currency of its amounts, if it has amounts."""
    number: str | None = None
    """The column of the view by which people look up an object; None when they can use only the id."""
    template: str = "{noun} {name} ({detail})"
    """How the name is written. `{day}` is the detail written as a day."""

    @property
    def fields(self) -> frozenset[str]:
        """Every field that is part of the object's name."""
        return frozenset((*self.name, *self.detail, *((self.currency,) if self.currency else ())))


def one_of(words: Iterable[str]) -> msgspec.Meta:
    """Return the annotation of a string field that holds one of these words: `Annotated[str, one_of(STATUSES)]`.

    The words are for the OpenAPI document only: no value is checked.
    """
    return msgspec.Meta(extra_json_schema={"enum": list(dict.fromkeys(words))})
