"""Reads and checks the form for a new webhook, and makes a message for each wrong field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from api.console.forms.problems import sentences_of
from api.http.form import Form
from api.pages.translation import marked
from domain.errors.violation import Violation
from domain.registry import READ_SCOPES, event_types, kind_of

_LABELS: Mapping[str, tuple[str, str]] = {
    "url": ("url", marked("The URL")),
    "types": ("type", marked("The types")),
    "description": ("description", marked("The description")),
}
"""For each field of the command, the field of the form that shows a problem, and what sentences call it."""


class NewWebhookForm(msgspec.Struct):
    """What the user entered, and a message for each wrong field. `problems` holds the messages by field of the form."""

    url: str = ""
    description: str = ""
    types: tuple[str, ...] = ()
    scopes: tuple[str, ...] = tuple(READ_SCOPES)
    ordered: bool = False
    problems: dict[str, str] = {}

    def fields(self) -> dict[str, Any]:
        """Return the body of the command. Without a chosen type, the webhook gets all events of its scopes."""
        return {
            "url": self.url,
            "types": list(self.types) or None,
            "description": self.description or None,
            "ordered": self.ordered,
        }


def read_new_webhook_form(form: Form) -> NewWebhookForm:
    """Return the fields of the form. A form without a scope is wrong."""
    new = NewWebhookForm(
        url=form.text("url").strip(),
        description=form.text("description").strip(),
        types=tuple(each for each in form.texts("type") if each in event_types()),
        scopes=tuple(each for each in READ_SCOPES if each in form.texts("scope")),
        ordered=bool(form.text("ordered")),
    )
    new.problems = {} if new.scopes else {"scope": marked("Choose at least one scope.")}
    return new


def problems_of(violations: Iterable[Violation]) -> dict[str, str]:
    """Return a sentence for each violation, by the field of the form that shows it."""
    return sentences_of(violations, _LABELS)


def types_by_kind() -> dict[str, list[str]]:
    """Return the names of the events that a webhook can get, by the kind of their objects."""
    kinds: dict[str, list[str]] = {}
    for type in event_types():
        if not type.endswith(".*"):
            kinds.setdefault(kind_of(type), []).append(type)
    return kinds
