"""The list of the routes of the profile."""

from __future__ import annotations

from typing import Any

from api.console.access.profile.base import PATH
from api.console.access.profile.pages import PasswordPage, ProfilePage, SessionsPage
from api.http.address import ClientOf
from api.http.origin import Origin
from api.pages.factory import PageFactory
from api.ports.dependencies import Dependencies


def profile_pages(
    pages: PageFactory, dependencies: Dependencies, origin: Origin, client: ClientOf
) -> list[tuple[str, Any]]:
    """Return the routes of the pages on which users decide about their own accounts."""
    return [
        (PATH, ProfilePage(pages, dependencies, origin, client)),
        (f"{PATH}/password", PasswordPage(pages, dependencies, origin, client)),
        (f"{PATH}/sessions", SessionsPage(pages, dependencies, origin, client)),
    ]
