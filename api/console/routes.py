"""Every page of the console on one screen."""

from __future__ import annotations

from typing import Any

from api.console.activity import Activity, Verify
from api.console.developer import Keys
from api.console.history import ObjectHistory
from api.console.home import Home
from api.console.login import Login, Logout, SetPassword
from api.console.pages import static_routes
from api.dependencies import Dependencies
from api.origin import Origin


def console_routes(dependencies: Dependencies, origin: Origin) -> list[tuple[str, Any]]:
    """The pages for an organization's people; none of them is part of the API."""
    users, overview = dependencies.users, dependencies.overview
    return [
        ("/login", Login(users, origin)),
        ("/logout", Logout(users, origin)),
        ("/password/{token}", SetPassword(users)),
        ("/settings/developer", Keys(dependencies.key_reads)),
        ("/home", Home(overview)),
        ("/activity", Activity(overview, users)),
        ("/activity/verify", Verify(overview)),
        ("/activity/{id}", ObjectHistory(overview, users)),
        *static_routes(),
    ]
