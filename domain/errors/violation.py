"""What is wrong with one field of a request, and what the client probably meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

MAX_VIOLATIONS = 1000
"""How many wrong fields of a request are looked for at most. A body can have a hundred thousand of them."""
Hint = Callable[[], str | None]
"""A function that returns what the client probably meant; None if nothing is similar enough.

A body can have so many wrong fields that suggestions for all of them would take long. Therefore the function is called
only for the fields that the response shows.
"""


class Violation(NamedTuple):
    """One wrong field of a body, or one wrong query parameter or header."""

    field: str
    """The name of the field, parameter or header in the API. For a field, the name includes its place in the body:
    `items[0].quantity`."""
    code: str
    message: str
    """The end of a sentence that begins with the field's name, such as "must be greater than 0". It starts in lower
    case and has no full stop."""
    hint: Hint | None = None

    @property
    def suggestion(self) -> str | None:
        """The name or the value that the client probably meant; None if there is none."""
        return None if self.hint is None else self.hint()

    @property
    def summary(self) -> str:
        """The message. If there is a suggestion, it stands in place of the advice after the semicolon."""
        suggestion, rule = self.suggestion, self.message.partition(";")[0]
        return self.message if suggestion is None else f"{rule} (did you mean {suggestion}?)"

    @property
    def advice(self) -> str:
        """The message with suggestion and advice: "is not a field of this request (did you mean clientId?); …"."""
        _, separator, rest = self.message.partition(";")
        return self.message if self.suggestion is None else f"{self.summary}{separator}{rest}"
