"""Whether the service can do its work."""

from __future__ import annotations

from typing import Protocol


class Health(Protocol):
    """Whether the service can do its work."""

    def problem(self) -> str | None:
        """Why it cannot; None when it can."""
