"""A request, as far as waiting on its behalf is concerned."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from api.ports.deadline import begin_request, end_request


@contextmanager
def request_that_arrived(seconds_ago: float) -> Iterator[None]:
    """Let this thread handle a request that was whole so long ago."""
    begin_request(time.monotonic() - seconds_ago)
    try:
        yield
    finally:
        end_request()
