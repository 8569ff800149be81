"""The port for the check whether the service can handle requests."""

from __future__ import annotations

from typing import Protocol


class Health(Protocol):
    """Checks the database on which the service depends."""

    def problem(self) -> str | None:
        """Return a message for the operator that says why the service cannot work; None when it can work."""
