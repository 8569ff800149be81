"""The types of the texts in the API reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Words(NamedTuple):
    """What the reference says about one operation."""

    summary: str
    description: str
    search_words: str = ""
    """Other words that people use for it. The assistant searches them; the reference does not show them."""


class Trial(NamedTuple):
    """The first request with a new key that may write but not read.

    In its texts, `{own}` becomes a name that contains the end of the key, and `{day}` a day in the future.
    """

    description: str
    """What the request does, and how to undo it."""
    body: Mapping[str, Any]


class TagTexts(NamedTuple):
    """What the reference says about one tag: its operations, fields and parameters."""

    tag: str
    """The name of a group of operations in the reference; also of their folder in Postman."""
    about: str
    operations: Mapping[str, Words]
    """By the operation's id."""
    fields: Mapping[str, str] = {}
    """Texts of fields by their API names. A name that is not here has the text in `common`."""
    parameters: Mapping[str, str] = {}
    """Texts of query parameters. A name that is not here has the text in `common`."""
    examples: Mapping[str, Mapping[str, Any]] = {}
    """Example bodies by the operation's id. Sent in this order, they create one object and then change it."""
    responses: Mapping[str, Any] = {}
    """Examples of `data` by the operation's id, for responses that cannot be made from the requests in `examples`."""
    scopes: Mapping[str, str] = {}
    """What a key may do with each scope of these objects. Tags with the same scopes share these texts."""
    trial: Trial | None = None
    """A request that creates an object and can be undone. Without one, a new key is tried with the example."""
