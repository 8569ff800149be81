"""Until when a request must be answered: a fact of the request, which everything that waits on its behalf asks for.

The middleware says when a request arrived. A thread without a request, such as one of the background worker or of the
command line, has no deadline.
"""

from __future__ import annotations

import math
import threading

ARRIVED = "smartdhandha.arrived"
"""The key of the WSGI environ that holds the time when the request had arrived, in seconds of `time.monotonic`."""
ANSWER_SECONDS = 1.9
"""The time after which the service gives up a request, so that the response begins within 2 seconds of its arrival."""
LONG_READ_SECONDS = 10.0
"""The same for a request that reads more than others: the table in docs/operations.md names these requests."""


class _Request(threading.local):
    """The request that this thread handles."""

    arrived = math.inf
    """When it was whole, in seconds of `time.monotonic`; infinite while the thread handles none."""
    seconds = ANSWER_SECONDS


_request = _Request()


def begin_request(arrived: float) -> None:
    """Let this thread's deadline be that of a request that was whole at `arrived`, in seconds of `time.monotonic`."""
    _request.arrived, _request.seconds = arrived, ANSWER_SECONDS


def end_request() -> None:
    """Let this thread have no deadline."""
    _request.arrived = math.inf


def allow_long_read() -> None:
    """Give the request LONG_READ_SECONDS since its arrival, until it ends."""
    _request.seconds = LONG_READ_SECONDS


def deadline() -> float:
    """Return until when this thread may wait, in seconds of `time.monotonic`; infinite without a request."""
    return _request.arrived + _request.seconds
