"""The fields that an HTML form sends."""

from __future__ import annotations

from collections.abc import Mapping


class Form:
    """The fields of a form, as the browser sent them. The value of a missing field is an empty text."""

    def __init__(self, fields: Mapping[str, list[str]], files: Mapping[str, bytes] | None = None) -> None:
        self._fields, self._files = fields, files or {}

    def text(self, name: str) -> str:
        """Return the first value of a field."""
        return self._fields.get(name, [""])[0]

    def id(self, name: str) -> str:
        """Return the id in a field. U+0000, which no id has and PostgreSQL takes in no text, is replaced by U+FFFD."""
        return self.text(name).replace("\0", "\ufffd")

    def file(self, name: str) -> bytes:
        """Return the bytes of the file in a field; none without a file."""
        return self._files.get(name, b"")

    def texts(self, name: str) -> tuple[str, ...]:
        """Return all values of a field that can occur several times, such as a group of check boxes."""
        return tuple(self._fields.get(name, ()))
