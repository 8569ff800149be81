"""The types of the reference's texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Words(NamedTuple):
    """What the reference says about an operation."""

    summary: str
    description: str
    search_words: str = ""
    """Other words that people use for it; the assistant searches them, the reference does not show them."""


class Trial(NamedTuple):
    """A request with which the owner of a new key can try it when the key may write, but not read.

    In its texts, `{own}` is replaced by a name that contains the end of the key, `{day}` by a day in the future.
    """

    description: str
    """What the request does, and how to undo it."""
    body: Mapping[str, Any]


class ModuleTexts(NamedTuple):
    """What the reference says about one module: its operations, fields and parameters."""

    tag: str
    """The module's name: an OpenAPI tag, and a folder in Postman."""
    about: str
    operations: Mapping[str, Words]
    """By the operation's id."""
    fields: Mapping[str, str] = {}
    """Texts of fields by their API names; for names that are not here, those in `common` count."""
    parameters: Mapping[str, str] = {}
    """Texts of query parameters; for names that are not here, those in `common` count."""
    examples: Mapping[str, Mapping[str, Any]] = {}
    """The body of each request by the operation's id, in the order in which one object meets them."""
    responses: Mapping[str, Any] = {}
    """What `data` holds in the responses that no request of `examples` leads to, by the operation's id."""
    scopes: Mapping[str, str] = {}
    """What a key may do with each scope of the module's objects; modules with the same scopes share these texts."""
    trial: Trial | None = None
    """A request that creates something which can be undone; without one, a new key is tried with the example."""
