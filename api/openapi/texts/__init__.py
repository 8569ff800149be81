"""The texts of the API reference, one file for each tag, and the registry TEXTS."""

from __future__ import annotations

import copy
from typing import Any

from api.openapi.texts import common
from api.openapi.texts.account import ACCOUNT
from api.openapi.texts.assistant import ASSISTANT
from api.openapi.texts.bill import BILL
from api.openapi.texts.events import EVENTS
from api.openapi.texts.invoice import INVOICE
from api.openapi.texts.leave import LEAVE
from api.openapi.texts.words import TagTexts

TEXTS: dict[str, TagTexts] = {
    texts.tag: texts
    for texts in (
        INVOICE,
        BILL,
        LEAVE,
        ACCOUNT,
        EVENTS,
        ASSISTANT,
    )
}
"""By tag: its texts. The reference lists the tags in this order."""

SCOPE_TEXTS: dict[str, str] = {scope: text for texts in TEXTS.values() for scope, text in texts.scopes.items()}
"""By scope: what a key with this scope may do."""


def field_text(tag: str, name: str) -> str | None:
    """Return the text about a field under this tag; None if the field has no text."""
    return TEXTS[tag].fields.get(name) or common.FIELDS.get(name)


def parameter_text(tag: str, name: str) -> str:
    """Return the text about a query or path parameter. Raises KeyError if the parameter has no text."""
    return TEXTS[tag].parameters.get(name) or common.PARAMETERS[name]


def request_example(id: str) -> dict[str, Any]:
    """Return a copy of the example body of an operation. Raises KeyError if the operation has no example."""
    for texts in TEXTS.values():
        if id in texts.examples:
            return copy.deepcopy(dict(texts.examples[id]))
    raise KeyError(id)
