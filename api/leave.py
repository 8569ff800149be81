"""The resource type of leave requests, at `/leaves`."""

from __future__ import annotations

from api.resource_type import ResourceType
from commands.leave import RequestLeave, UpdateLeave
from domain.leave import Leave
from projections.leave import LEAVE_LIST

LEAVES = ResourceType(
    path="leaves",
    tag="Leaves",
    schema="Leave",
    aggregate=Leave,
    listing=LEAVE_LIST,
    create=RequestLeave,
    update=UpdateLeave,
)
