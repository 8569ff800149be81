"""`/leaves`."""

from __future__ import annotations

from api.http.origin import Origin
from api.ports.dependencies import Dependencies
from api.resources import ResourceRoutes
from commands.leave import DecideLeave, RequestLeave
from projections.leave import LEAVE_LIST


def leaves(dependencies: Dependencies, origin: Origin) -> ResourceRoutes:
    """Its three resources."""
    return ResourceRoutes(
        dependencies,
        origin,
        kind="leave",
        listing=LEAVE_LIST,
        create=RequestLeave,
        update=DecideLeave,
        scopes=("leaves:read", "leaves:write"),
    )
