"""The routes of API keys."""

from __future__ import annotations

from api.account.keys.resources import KeyItem, KeyRevocation, KeyRotation, Keys
from api.http.address import ClientOf
from api.http.origin import Origin
from api.ports.dependencies import Dependencies
from api.resources import BASE, Route

PATH = f"{BASE}/keys"


def key_routes(dependencies: Dependencies, origin: Origin, client: ClientOf) -> list[Route]:
    """Return the routes of API keys."""
    parts = (dependencies, origin, client)
    return [
        (PATH, Keys(*parts)),
        (f"{PATH}/{{id}}", KeyItem(*parts)),
        (f"{PATH}/{{id}}/rotate", KeyRotation(*parts)),
        (f"{PATH}/{{id}}/revoke", KeyRevocation(*parts)),
    ]
