"""What came of one attempt to deliver an event."""

from __future__ import annotations

import msgspec

KEPT_RESPONSE_BYTES = 1024
_GONE = 410


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one attempt to deliver an event."""

    status: int | None = None
    """The HTTP status of the response; None if there was none."""
    duration_ms: float
    error: str | None = None
    """Why there was no complete response; None if there was one."""
    response: str = ""
    """The first KEPT_RESPONSE_BYTES of the response's body."""
    retry_after: str | None = None

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300 and self.error is None

    @property
    def is_gone(self) -> bool:
        return self.status == _GONE
