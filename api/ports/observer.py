"""Observers: what logs and metrics learn of each request."""

from __future__ import annotations

from collections.abc import Callable

import msgspec


class RequestRecord(msgspec.Struct, frozen=True):
    """The facts of a finished request. Only `request_id` can be text of the client."""

    method: str
    """The HTTP method; OTHER for an unknown one."""
    route: str | None
    """The path template, such as /api/v1/invoices/{id}; None when no route matched."""
    status: int
    seconds: float
    org_id: str | None
    key_id: str | None
    request_id: str


Observer = Callable[[RequestRecord], None]
"""Called for each request just before its response is sent. It must be fast and must not raise."""
