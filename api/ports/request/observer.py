"""The port for observers: functions that write logs, records and metrics from a record of each finished request."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

KEPT_PER_MINUTE = 60
"""How many requests of a key that cost no credit a process keeps for the organization in a minute.

More of them are only counted, so that a client that repeats a refused request without a pause does not fill the disk.
"""


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
    error_code: str | None = None
    """The code of the failure; None for a success."""
    key_hash: bytes | None = None
    """The hash of the secret that a request to the API had, if its key was not admitted; None without such a secret."""
    has_spent: bool = False
    """Whether the request has cost a credit."""


Observer = Callable[[RequestRecord], None]
"""A function that is called for each request just before the response is sent. It must be fast and must not raise."""
