"""Health: whether the service can work."""

from __future__ import annotations

from typing import Protocol


class Health(Protocol):
    """Checks what the service depends on."""

    def problem(self) -> str | None:
        """Return why the service cannot work, for the operator; None when it can."""
