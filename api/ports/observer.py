"""Who is told of each request."""

from __future__ import annotations

from collections.abc import Callable

import msgspec


class RequestRecord(msgspec.Struct, frozen=True):
    """What may be told of a request: nothing that a client wrote but its id."""

    method: str
    """OTHER for a word that is no method of HTTP."""
    route: str | None
    """The route's template, such as /api/v1/invoices/{id}; None when no route was found."""
    status: int
    seconds: float
    org_id: str | None
    key_id: str | None
    request_id: str


Observer = Callable[[RequestRecord], None]
"""Is told of each request just before its answer leaves; it must be quick, and must not raise."""
