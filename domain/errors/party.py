"""The refusals about parties and employees."""

from __future__ import annotations

from domain.errors import Conflict
from domain.errors.messages import shorten


class DuplicateExternalId(Conflict):
    """Another party, or another employee, of the organization has this external id."""

    def __init__(self, noun: str, external_id: str, conflicting_id: str | None = None) -> None:
        self.external_id, self.conflicting_id = external_id, conflicting_id
        super().__init__(
            f"The externalId '{shorten(external_id)}' belongs to another {noun} ({conflicting_id}). Use that one, or "
            "send another externalId."
        )
