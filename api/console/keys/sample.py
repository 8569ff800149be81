"""The command that shows a new key at work: a list where the key may read, else something new that can be undone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from api.openapi.examples import BODIES

_AHEAD = timedelta(days=30)
"""How far ahead the leave is that a command requests: it can be cancelled until then, also when it was approved."""


class KeySample(NamedTuple):
    """A command, and what it does."""

    what: str
    curl: str


def sample_for(origin: str, raw: str, scopes: Iterable[str], today: date) -> KeySample:
    """A command that works as pasted with a key of these scopes; what it makes has names of this key's own."""
    granted = set(scopes)
    if granted & {"billing:read", "leaves:read"}:
        path = "invoices" if "billing:read" in granted else "leaves"
        return KeySample(f"It lists your {path} and changes nothing.", _curl(origin, raw, path))
    own = f"trial-{raw[-4:].lower()}"
    if "billing:write" in granted:
        body = {**BODIES["createInvoice"], "clientId": own, "clientName": "Trial"}
        return KeySample(
            "It drafts an invoice to a client that is a trial: nobody is billed by a draft. The draft takes your next "
            "number; void it when you are done.",
            _curl(origin, raw, "invoices", body),
        )
    day = (today + _AHEAD).isoformat()
    body = {"employeeId": own, "type": "earned", "startDate": day, "endDate": day, "reason": f"A trial of {own}"}
    return KeySample(
        f"It makes a request for leave on {day}, of an employee who is a trial. It is pending, and can be cancelled: "
        "PATCH it with the status cancelled, or deny it.",
        _curl(origin, raw, "leaves", body),
    )


def _curl(origin: str, raw: str, path: str, body: object = None) -> str:
    lines = [f"curl -sS {origin}/api/v1/{path}", f"  -H 'Authorization: Bearer {raw}'"]
    if body is not None:
        lines += ["  -H 'Content-Type: application/json'", f"  -d '{json.dumps(body)}'"]
    return " \\\n".join(lines)
