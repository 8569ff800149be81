"""Gives a thread of a test the deadline that a thread has while it handles a request."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from api.ports.request.deadline import begin_request, end_request


@contextmanager
def request_that_arrived(seconds_ago: float) -> Iterator[None]:
    """During the block, let this thread have the deadline of a request that arrived `seconds_ago`."""
    begin_request(time.monotonic() - seconds_ago)
    try:
        yield
    finally:
        end_request()
