"""The page `/settings/people`: who belongs to the organization, with which role."""

from __future__ import annotations

import falcon

from api.console.long_lists import bytes_of, number_in, part_with
from api.console.page import ConsolePage
from api.console.people.base import CLOSED, LIVE_MODE_ONLY, PATH
from api.http.request import Request
from api.pages.factory import PageFactory
from api.ports.people import People, PersonRow
from domain.accounts.user import ROLE_NAMES

_LIST_BYTES, _ROW_MARKUP = 48_000, 420
"""How many bytes the list has on a page, and about how many of markup a person has in it."""


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
            people=part_with(people, number_in(req.params), _LIST_BYTES, _size),
            role_names=ROLE_NAMES,
            live_mode_only=LIVE_MODE_ONLY,
            closed="" if self._takes_invitations else CLOSED,
            base=PATH,
        )


def _size(person: PersonRow) -> int:
    return _ROW_MARKUP + bytes_of(person.email, person.name or "")
