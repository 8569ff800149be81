"""The types that hold the texts of the API reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Words(NamedTuple):
    """The texts about one operation."""

    summary: str
    description: str
    search_words: str = ""
    """Other words that people use for the operation. The assistant searches them; the reference does not show them."""


class Trial(NamedTuple):
    """The request with which a user tries a new key that may write but not read.

    In the texts, `{own}` is replaced by a name that contains the end of the secret, and `{day}` by a day in the future.
    """

    description: str
    """A text that says what the request does, and how to undo it."""
    body: Mapping[str, Any]


class TagTexts(NamedTuple):
    """The texts about one tag: its operations, fields and parameters."""

    tag: str
    """The name of the tag, a group of operations in the reference. Postman has a folder with this name."""
    about: str
    """The subject of the operations. `api/openapi/tags.py` adds the scopes that the operations need."""
    operations: Mapping[str, Words]
    """The texts about the operations, by operation id."""
    fields: Mapping[str, str] = {}
    """The texts about fields, by their API names, or by schema and name: `Payment.id`. Fields that are missing here
    have a text in `fields.py`."""
    field_examples: Mapping[str, Any] = {}
    """Examples of fields that are empty in all examples of requests and responses, by the same names as `fields`. In
    these and all other examples `{today+30}` is a day relative to the current one (`samples/placeholders.py`)."""
    statuses: Mapping[str, str] = {}
    """What each status of an object means, by status. All pages and answers that explain a status use these texts."""
    parameters: Mapping[str, str] = {}
    """The texts about query and path parameters. Parameters that are missing here have a text in `common`."""
    examples: Mapping[str, Mapping[str, Any]] = {}
    """Example bodies, by operation id. Sent in this order, they create one object and then change it."""
    before: Sequence[str] = ()
    """The operations of other tags whose example bodies come first: they make the object that the examples name."""
    responses: Mapping[str, Any] = {}
    """Examples of `data` in responses, by operation id. Only for operations whose response the requests in `examples`
    do not produce."""
    path_examples: Mapping[str, str] = {}
    """Examples of path parameters that the example requests do not produce."""
    scopes: Mapping[str, str] = {}
    """For each scope, what a key with this scope may do. Tags with the same scopes share these texts."""
    trial: Trial | None = None
    """The request with which a user tries a new key. None to use the example of the create operation."""
