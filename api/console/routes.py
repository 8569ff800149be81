"""Every page of the console on one screen."""

from __future__ import annotations

from typing import Any

from api.console.activity import Activity, Verify
from api.console.history import ObjectHistory
from api.console.home import Home
from api.console.keys.developer import PATH, Keys, NewKey, Revoke, Rotate, Settings
from api.console.keys.key_page import KeyPage
from api.console.login import Login, Logout, SetPassword
from api.console.pages import static_routes
from api.http.origin import Origin
from api.ports.dependencies import Dependencies


def console_routes(dependencies: Dependencies, origin: Origin) -> list[tuple[str, Any]]:
    """The pages for an organization's people; none of them is part of the API."""
    users, overview = dependencies.users, dependencies.overview
    return [
        ("/login", Login(users, origin, dependencies.assistant)),
        ("/logout", Logout(users, origin)),
        ("/password/{token}", SetPassword(users)),
        ("/home", Home(overview)),
        ("/activity", Activity(overview, users)),
        ("/activity/verify", Verify(overview)),
        ("/activity/{id}", ObjectHistory(overview, users)),
        ("/settings", Settings()),
        (PATH, Keys(dependencies.key_reads)),
        (f"{PATH}/new", NewKey(dependencies, origin)),
        (f"{PATH}/keys/{{id}}", KeyPage(dependencies)),
        (f"{PATH}/keys/{{id}}/rotate", Rotate(dependencies, origin)),
        (f"{PATH}/keys/{{id}}/revoke", Revoke(dependencies)),
        *static_routes(),
    ]
