"""The fields of an HTML form."""

from __future__ import annotations

from collections.abc import Mapping


class Form:
    """The fields of a form as they were sent; a missing field is an empty text."""

    def __init__(self, fields: Mapping[str, list[str]]) -> None:
        self._fields = fields

    def text(self, name: str) -> str:
        """Return the first value of a field."""
        return self._fields.get(name, [""])[0]

    def texts(self, name: str) -> tuple[str, ...]:
        """Return every value of a field that may be sent several times."""
        return tuple(self._fields.get(name, ()))
