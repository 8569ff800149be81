"""The port for observers: functions that write logs and metrics from a record of each finished request."""

from __future__ import annotations

from collections.abc import Callable

import msgspec


class RequestRecord(msgspec.Struct, frozen=True):
    """The facts about a finished request. Only `request_id` can be a text that the client chose."""

    method: str
    """The HTTP method; OTHER for a method that is not standard."""
    route: str | None
    """The path template, such as /api/v1/invoices/{id}; None when no route matched."""
    status: int
    seconds: float
    org_id: str | None
    key_id: str | None
    user_id: str | None
    """The signed-in user of a console page; None for other requests."""
    request_id: str
    ip: str | None = None
    """The address at the other end of the connection. Set only for a response that the server sends without calling
    the application."""


Observer = Callable[[RequestRecord], None]
"""A function that is called for each request just before the response is sent. It must be fast and must not raise."""
