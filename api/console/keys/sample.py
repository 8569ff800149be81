"""Makes a curl command with which the user can try a new key.

If the key may read objects, the command lists objects. Otherwise it creates an object, which the user can undo.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from api.docs.landing.facts import sample_body
from api.openapi.texts import TEXTS, request_example
from api.openapi.texts.words import Trial
from api.pages.translation import gettext as _
from api.resource_type import ResourceType
from api.samples.placeholders import fill_example

_STARTS_IN = timedelta(days=30)
"""The time from today to the day in the command. A leave in the future can be cancelled even after its approval."""


class KeySample(NamedTuple):
    """A curl command, and a description of its effect."""

    description: str
    curl: str


def sample_for(
    origin: str, raw: str, scopes: Iterable[str], today: date, resource_types: Sequence[ResourceType]
) -> KeySample:
    """Return a command that works without changes for the key with the secret `raw` and these scopes.

    If the command creates an object, the end of the secret is part of the object's name.
    """
    granted = set(scopes)
    for type_ in resource_types:
        if type_.aggregate.read_scope in granted:
            description = _("This command lists your %(objects)s and changes nothing.", objects=_(type_.path))
            return KeySample(description, _curl(origin, raw, type_.path))
    writable = next(type_ for type_ in resource_types if type_.aggregate.write_scope in granted)
    trial = TEXTS[writable.tag].trial or _trial_of(writable)
    values = {"{own}": f"trial-{raw[-4:].lower()}", "{day}": (today + _STARTS_IN).isoformat()}
    body = fill_example(_filled(trial.body, values), today)
    return KeySample(_filled(_(trial.description), values), _curl(origin, raw, writable.path, body))


def first_invoice(origin: str, raw: str, today: date) -> KeySample:
    """Return a command that creates an invoice with the key that has the secret `raw`."""
    description = _("This command creates your first invoice, as a draft for Acme Traders.")
    return KeySample(description, _curl(origin, raw, "invoices", sample_body(today)))


def _trial_of(type_: ResourceType) -> Trial:
    """Return a trial that sends the example of the API reference, for a resource type whose texts declare no trial."""
    description = _(
        "This command creates the %(object)s of the example in the reference.", object=_(type_.aggregate.noun)
    )
    return Trial(description, request_example(type_.create_operation().id))


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    """Return the value with the placeholders in its texts replaced."""
    if isinstance(value, Mapping):
        return {name: _filled(part, values) for name, part in value.items()}
    if isinstance(value, str):
        for placeholder, text in values.items():
            value = value.replace(placeholder, text)
    return value


def _curl(origin: str, raw: str, path: str, body: object = None) -> str:
    lines = [f"curl -sS {origin}/api/v1/{path}", f"  -H 'Authorization: Bearer {raw}'"]
    if body is not None:
        lines += ["  -H 'Content-Type: application/json'", f"  -d '{json.dumps(body)}'"]
    return " \\\n".join(lines)
