"""A command for trying a new key: it lists if the key may read, else it creates something that can be undone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from api.openapi.texts import request_example

_LEAVE_STARTS_IN = timedelta(days=30)
"""The leave that a command requests starts in the future, so that it can be cancelled even after an approval."""


class KeySample(NamedTuple):
    """A command, and a description of what it does."""

    description: str
    curl: str


def sample_for(origin: str, raw: str, scopes: Iterable[str], today: date) -> KeySample:
    """Return a command that works as pasted with a key of these scopes. What it creates is named after this key."""
    granted = set(scopes)
    if granted & {"billing:read", "leaves:read"}:
        path = "invoices" if "billing:read" in granted else "leaves"
        return KeySample(f"It lists your {path} and changes nothing.", _curl(origin, raw, path))
    own = f"trial-{raw[-4:].lower()}"
    if "billing:write" in granted:
        body = {**request_example("createInvoice"), "clientId": own, "clientName": "Trial"}
        return KeySample(
            "It drafts an invoice to a trial client. A draft bills nobody, but it takes your next invoice number; void "
            "it when you are done.",
            _curl(origin, raw, "invoices", body),
        )
    day = (today + _LEAVE_STARTS_IN).isoformat()
    body = {"employeeId": own, "type": "earned", "startDate": day, "endDate": day, "reason": f"A trial of {own}"}
    return KeySample(
        f"It requests leave on {day} for a trial employee. The request is pending: to undo it, PATCH it with the "
        "status cancelled or denied.",
        _curl(origin, raw, "leaves", body),
    )


def _curl(origin: str, raw: str, path: str, body: object = None) -> str:
    lines = [f"curl -sS {origin}/api/v1/{path}", f"  -H 'Authorization: Bearer {raw}'"]
    if body is not None:
        lines += ["  -H 'Content-Type: application/json'", f"  -d '{json.dumps(body)}'"]
    return " \\\n".join(lines)
