"""The refusals about leave requests."""

from __future__ import annotations

from domain.errors import Conflict, InvalidTransition


class LeaveHasBegun(InvalidTransition):
    """A request to cancel an approved leave came on the leave's first day or later."""

    def __init__(self, start: str) -> None:
        super().__init__("leave", "approved", "cancelled", ())
        self.start = start
        rule = "An approved leave can be cancelled until the day before it begins"
        self.args = (f"{rule}; this one began on {start}. To end it earlier, PATCH its endDate.",)


class LeaveOverlap(Conflict):
    """The employee has another pending or approved leave at that time."""

    def __init__(self, conflicting_id: str | None = None) -> None:
        self.conflicting_id = conflicting_id
        super().__init__(
            f"This employee already has a pending or approved leave at that time ({conflicting_id}). "
            "Choose other days, or cancel the other leave first."
        )
