"""The type of the field `metadata` in a body: pairs of a key and a text."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from commands.fields import Report
from domain.accounts.misplaced_key import IN_BODY, refuse_secret
from domain.errors import VALIDATION_FAILED, Violation
from domain.metadata import KEY_PATTERN, MAX_KEY_CHARACTERS, MAX_VALUE_CHARACTERS
from domain.reading import InvalidValue

_KEY = re.compile(KEY_PATTERN)


class Pairs(msgspec.Struct, frozen=True):
    """Accepts an object whose values are texts or null. A null removes the pair with this key.

    The number of pairs is checked later, together with the stored pairs.
    """

    def parse(self, value: Any, path: str, report: Report) -> dict[str, str | None]:
        if type(value) is not dict:
            raise InvalidValue("must be an object whose values are strings")
        for key, text in value.items():
            if message := _wrong_key(key) or _wrong_value(text):
                report(Violation(f"{path}.{key[:MAX_KEY_CHARACTERS]}", VALIDATION_FAILED, message))
        return value

    def schema(self) -> dict[str, Any]:
        values = {"type": ["string", "null"], "maxLength": MAX_VALUE_CHARACTERS}
        return {
            "type": "object",
            "propertyNames": {"pattern": f"^{KEY_PATTERN}$"},
            "additionalProperties": values,
        }


def _wrong_key(key: str) -> str | None:
    if _KEY.fullmatch(key):
        return None
    return f"must have a key of 1 to {MAX_KEY_CHARACTERS} letters A-Z and a-z, digits, '_', '.' and '-'"


def _wrong_value(text: Any) -> str | None:
    if text is None:
        return None
    if type(text) is not str:
        return f"must be a string in quotes, of at most {MAX_VALUE_CHARACTERS} characters, or null to remove the pair"
    if len(text) > MAX_VALUE_CHARACTERS:
        return f"must be a string of at most {MAX_VALUE_CHARACTERS} characters; it has {len(text)}"
    if "\0" in text:
        return "must not contain the character U+0000"
    try:
        refuse_secret(text, IN_BODY)
    except InvalidValue as error:
        return str(error)
    return None
