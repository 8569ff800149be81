"""The texts of the API reference: one file for each tag, and the registry of them."""

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
"""The texts of each tag, in the order of the reference."""

SCOPE_TEXTS: dict[str, str] = {scope: text for texts in TEXTS.values() for scope, text in texts.scopes.items()}
"""What a key may do with each scope, in the order of the tags."""


def field_text(tag: str, name: str) -> str | None:
    """Return the text of a field under this tag; None when it has none."""
    return TEXTS[tag].fields.get(name) or common.FIELDS.get(name)


def parameter_text(tag: str, name: str) -> str:
    """Return the text of a query or path parameter. Raises KeyError when it has none."""
    return TEXTS[tag].parameters.get(name) or common.PARAMETERS[name]


def request_example(id: str) -> dict[str, Any]:
    """Return a copy of the example body of this operation. Raises KeyError when it has none."""
    for texts in TEXTS.values():
        if id in texts.examples:
            return copy.deepcopy(dict(texts.examples[id]))
    raise KeyError(id)
