"""The request that a sample sends, and the parts of its texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

KEY_VARIABLE = "SD_KEY"
"""The environment variable from which every sample reads the API key."""


class Variable(str):
    """The name of an environment variable that stands inside a text."""


class Header(NamedTuple):
    """A header of a request: its name, the expression of its value, and a comment (an empty text for no comment)."""

    name: str
    value: str
    comment: str = ""


class SampleRequest(NamedTuple):
    """A request to the API, as a sample sends it."""

    method: str
    url: str
    """The whole URL without the query. It can contain variables, such as `$SD_URL/api/v1/me` in guides."""
    query: Mapping[str, str] = {}
    body: Any = None
    """The body, which is sent as JSON; None without a body."""
    needs_key: bool = True
    idempotency_key: str | None = None
    """The Idempotency-Key of a POST or PATCH; None if the program makes a new key each time it runs."""
    variables: tuple[str, ...] = ()
    """The names of environment variables. In the URL, in texts of the body and in headers, `$NAME` stands for the value
    of the variable `NAME`."""
    more_headers: Mapping[str, str] = {}
    """Other headers, such as `If-Match`."""
    file: str = ""
    """The name under which the response is saved, which is a file; empty if the response is JSON, which is printed."""

    @property
    def address(self) -> str:
        """The URL with its query. Commas, colons and `$` are not percent-encoded, so that the URL stays readable."""
        return f"{self.url}?{urlencode(self.query, safe=',:$')}" if self.query else self.url

    @property
    def is_write(self) -> bool:
        """Whether the request changes data. Such a request has an Idempotency-Key."""
        return self.needs_key and self.method in ("POST", "PATCH")

    def headers(self, key: str, new_key: str, text: Callable[[str], str]) -> list[Header]:
        """Return the headers of the request, in the order in which samples show them.

        `key` is the expression that reads the API key, with `Bearer` before it; `new_key` makes an Idempotency-Key, and
        `text` returns the expression of a text.
        """
        headers = [Header("Authorization", key)] if self.needs_key else []
        if self.is_write and self.idempotency_key is None:
            headers.append(Header("Idempotency-Key", new_key, "a retry sends the same key"))
        elif self.is_write and self.idempotency_key is not None:
            headers.append(Header("Idempotency-Key", text(self.idempotency_key)))
        if self.body is not None:
            headers.append(Header("Content-Type", text("application/json")))
        return headers + [Header(name, text(value)) for name, value in self.more_headers.items()]

    def has_variables(self, text: str) -> bool:
        """Return whether a text contains one of the variables."""
        return any(isinstance(part, Variable) for part in self.parts(text))

    def parts(self, text: str) -> list[str]:
        """Split a text into its variables (of the type Variable) and the texts between them. Leave out empty parts."""
        if not self.variables:
            return [text]
        names = "|".join(map(re.escape, sorted(self.variables, key=len, reverse=True)))
        pieces = re.split(rf"\$({names})", text)
        return [Variable(piece) if place % 2 else piece for place, piece in enumerate(pieces) if piece] or [""]
