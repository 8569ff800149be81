"""The deadline of the request that a thread handles. Code that waits for the database stops waiting at the deadline.

The middleware computes the deadline from the time at which the request arrived. Threads of the background worker and
of the command line handle no request, so they have no deadline.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from commands.unit_of_work import Unavailable

ARRIVED = "smartdhandha.arrived"
"""The key of the WSGI environ that holds the time when the request had arrived, in seconds of `time.monotonic`."""
ANSWER_SECONDS = 1.9
"""How long after its arrival the service gives up a request, so that the response begins within 2 seconds."""
LONG_READ_SECONDS = 10.0
"""How long after its arrival the service gives up a request that reads much data (list: docs/operations.md)."""
LONG_READ_TURN_SECONDS = 0.8
"""How long after its arrival the service gives up a request that waits for the end of another long read.

This time is shorter than the second for which a request waits for a thread. So a waiting long read gives its thread
back in time for the next request of the organization.
"""


class LongReadRunning(Unavailable):
    """Another long read of the organization is running, and did not end before `turn_deadline`."""


class _Request(threading.local):
    """The facts about the request that this thread handles."""

    arrived = math.inf
    """The time at which the whole request had arrived, in seconds of `time.monotonic`; infinite without a request."""
    has_long_read = False
    """Whether the request has begun a long read."""


_request = _Request()


def begin_request(arrived: float) -> None:
    """Set the deadline of this thread for a request that arrived at `arrived`, in seconds of `time.monotonic`."""
    _request.arrived, _request.has_long_read = arrived, False


def end_request() -> None:
    """Remove the deadline of this thread."""
    _request.arrived = math.inf


@contextmanager
def own_deadline() -> Iterator[None]:
    """Give a part of a streamed response a deadline of its own: the request that asked for it has ended.

    If it has not, because all parts are collected first, its own deadline counts again afterwards.
    """
    before = _request.arrived, _request.has_long_read
    begin_request(time.monotonic())
    try:
        yield
    finally:
        _request.arrived, _request.has_long_read = before


@contextmanager
def uncounted(environ: dict[str, Any]) -> Iterator[None]:
    """Move the deadline of this thread's request by the time that the block takes, also in the request's environ.

    This is for what a process makes once a day and keeps: the first request that needs it takes longer, and is not
    refused for want of time.
    """
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    _request.arrived += took
    if ARRIVED in environ:
        environ[ARRIVED] += took


def allow_long_read() -> None:
    """Move the deadline of this thread's request to LONG_READ_SECONDS after its arrival."""
    _request.has_long_read = True


def deadline() -> float:
    """Return the time until which this thread may wait, in seconds of `time.monotonic`; infinite without a request."""
    return _request.arrived + (LONG_READ_SECONDS if _request.has_long_read else ANSWER_SECONDS)


def turn_deadline() -> float:
    """Return the time until which this thread may wait for another long read, in seconds of `time.monotonic`."""
    return deadline() if _request.has_long_read else _request.arrived + LONG_READ_TURN_SECONDS
