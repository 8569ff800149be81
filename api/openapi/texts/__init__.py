"""The texts of the API reference, one file for each tag, and the registry TEXTS."""

from __future__ import annotations

from datetime import date
from typing import Any

from api.openapi.texts import common, fields
from api.openapi.texts.account import ACCOUNT
from api.openapi.texts.accounts.key import KEY
from api.openapi.texts.accounts.webhook import WEBHOOK
from api.openapi.texts.assistant import ASSISTANT
from api.openapi.texts.bill import BILL
from api.openapi.texts.events import EVENTS
from api.openapi.texts.invoice import INVOICE
from api.openapi.texts.leave import LEAVE
from api.openapi.texts.mode import MODE
from api.openapi.texts.notes.credit_note import CREDIT_NOTE
from api.openapi.texts.notes.debit_note import DEBIT_NOTE
from api.openapi.texts.notes.vendor_credit import VENDOR_CREDIT
from api.openapi.texts.parties.employee import EMPLOYEE
from api.openapi.texts.parties.party import PARTY
from api.openapi.texts.proofs import PROOFS
from api.openapi.texts.words import TagTexts
from api.samples.placeholders import fill_example, today

TEXTS: dict[str, TagTexts] = {
    texts.tag: texts
    for texts in (
        INVOICE,
        BILL,
        LEAVE,
        PARTY,
        EMPLOYEE,
        CREDIT_NOTE,
        DEBIT_NOTE,
        VENDOR_CREDIT,
        ACCOUNT,
        EVENTS,
        PROOFS,
        WEBHOOK,
        KEY,
        MODE,
        ASSISTANT,
    )
}
"""The texts of each tag. The reference lists the tags in this order."""

SCOPE_TEXTS: dict[str, str] = {scope: text for texts in TEXTS.values() for scope, text in texts.scopes.items()}
"""For each scope, the text that says what a key with this scope may do."""


def field_text(tag: str, schema: str, name: str) -> str | None:
    """Return the text about a field of a schema under this tag; None if the field has no text."""
    texts = (TEXTS[tag].fields, fields.FIELDS)
    return next((found for each in texts for key in (f"{schema}.{name}", name) if (found := each.get(key))), None)


def is_own_text(tag: str, schema: str, name: str) -> bool:
    """Return whether the field has a text for this schema, instead of one text for all schemas with such a field."""
    return f"{schema}.{name}" in TEXTS[tag].fields


def field_example(tag: str, schema: str, name: str) -> Any:
    """Return the example in the texts for a field that all example requests and responses leave empty, or None."""
    texts = (TEXTS[tag].field_examples, fields.EXAMPLES)
    found = next((each[key] for each in texts for key in (f"{schema}.{name}", name) if key in each), None)
    return fill_example(found, today())


def parameter_text(tag: str, name: str) -> str:
    """Return the text about a query or path parameter. Raises KeyError if the parameter has no text."""
    return TEXTS[tag].parameters.get(name) or common.PARAMETERS[name]


def request_example(id: str, day: date | None = None) -> dict[str, Any]:
    """Return a copy of the example body of an operation, dated on `day` (today).

    Raises KeyError if the operation has no example.
    """
    for texts in TEXTS.values():
        if id in texts.examples:
            example: dict[str, Any] = fill_example(texts.examples[id], day or today())
            return example
    raise KeyError(id)


def response_example_texts() -> dict[str, Any]:
    """Return the examples of `data` in the texts, by operation id, dated on the current day."""
    return {id: fill_example(data, today()) for texts in TEXTS.values() for id, data in texts.responses.items()}
