"""The list of the routes of the pages for people."""

from __future__ import annotations

from typing import Any

from api.console.access.join import JoinPage
from api.console.people.base import PATH
from api.console.people.invite import InvitePage
from api.console.people.lost_device import LostDevicePage
from api.console.people.people_list import PeopleList
from api.console.people.person import PersonLink, PersonPage, RemovePage
from api.http.address import ClientOf
from api.http.origin import Origin
from api.pages.factory import PageFactory
from api.ports.dependencies import Dependencies


def people_pages(
    pages: PageFactory, dependencies: Dependencies, origin: Origin, client: ClientOf
) -> list[tuple[str, Any]]:
    """Return the routes of the pages for people, and of the page that accepts an invitation."""
    linking = (pages, dependencies, origin, client)
    return [
        (PATH, PeopleList(pages, dependencies.people, takes_invitations=dependencies.takes_invitations)),
        (f"{PATH}/invite", InvitePage(*linking)),
        (f"{PATH}/{{id}}", PersonPage(*linking)),
        (f"{PATH}/{{id}}/link", PersonLink(*linking)),
        (f"{PATH}/{{id}}/factors", LostDevicePage(*linking)),
        (f"{PATH}/{{id}}/remove", RemovePage(*linking)),
        ("/invitation/{token}", JoinPage(*linking)),
    ]
