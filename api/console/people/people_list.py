"""The page `/settings/people`: who belongs to the organization, with which role."""

from __future__ import annotations

import falcon

from api.console.page import ConsolePage
from api.console.people.base import CLOSED, LIVE_MODE_ONLY, PATH, may_change
from api.http.request import Request
from api.pages.factory import PageFactory
from api.ports.people import People
from domain.accounts.user import ROLE_NAMES


class PeopleList(ConsolePage):
    """The list of the organization's people. Users of every role may see it."""

    def __init__(self, pages: PageFactory, people: People, *, takes_invitations: bool) -> None:
        super().__init__(pages)
        self._people, self._takes_invitations = people, takes_invitations

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        member = req.context.signed_in_member
        people = self._people.list_people(member.org_id)
        self.render(
            req,
            resp,
            "people/list.html",
            people=people,
            role_names=ROLE_NAMES,
            changeable={person.id for person in people if may_change(member, person)},
            live_mode_only=LIVE_MODE_ONLY,
            closed="" if self._takes_invitations else CLOSED,
            base=PATH,
        )
