"""The deadline of the request that a thread handles. Code that waits for the database waits at most until then.

The middleware sets the time at which the request arrived. A thread without a request has no deadline. Such threads
belong to the background worker and the command line.
"""

from __future__ import annotations

import math
import threading

ARRIVED = "smartdhandha.arrived"
"""The key of the WSGI environ that holds the time when the request had arrived, in seconds of `time.monotonic`."""
ANSWER_SECONDS = 1.9
"""The time after which the service gives up a request, so that the response begins within 2 seconds of its arrival."""
LONG_READ_SECONDS = 10.0
"""The time after which the service gives up a request that reads much data. docs/operations.md lists these requests."""


class _Request(threading.local):
    """The facts about the request that this thread handles."""

    arrived = math.inf
    """The time at which the whole request had arrived, in seconds of `time.monotonic`; infinite without a request."""
    seconds = ANSWER_SECONDS
    """The time after its arrival at which the request is given up."""


_request = _Request()


def begin_request(arrived: float) -> None:
    """Set the deadline of this thread for a request that arrived at `arrived`, in seconds of `time.monotonic`."""
    _request.arrived, _request.seconds = arrived, ANSWER_SECONDS


def end_request() -> None:
    """Remove the deadline of this thread."""
    _request.arrived = math.inf


def allow_long_read() -> None:
    """Move the deadline of this thread's request to LONG_READ_SECONDS after its arrival."""
    _request.seconds = LONG_READ_SECONDS


def deadline() -> float:
    """Return the time until which this thread may wait, in seconds of `time.monotonic`; infinite without a request."""
    return _request.arrived + _request.seconds
