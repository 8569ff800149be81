"""The page `/activity`: the organization's log in sentences, with filters, and the verification of its hash chain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import falcon

from api.console.access.rights import name_for, names_for
from api.console.activity.filters import NAMES_OF_FILTERS, read_query
from api.console.activity.sentences import SYSTEM_ACTORS, Sentence, actor_name, capitalized, event_label, sentence_of
from api.console.forms.filters import Choices, Filters, choices_of_who
from api.console.page import ConsolePage, see_other
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import gettext as _
from api.ports.overview import Overview
from api.ports.users import Member, Users
from domain.registry import kind_of
from projections.views.activity import MAX_POSITIONS_SEARCHED, NAMES, ActivityPage, DisplayName, Entry

PATH = "/activity"
_NOTHING = ActivityPage([], {}, {}, None)
"""What the page shows when a filter is wrong."""


class Activity(ConsolePage):
    """The page that shows the log, newest entries first. It can be filtered by type, object, actor and days."""

    def __init__(self, pages: PageFactory, overview: Overview, users: Users) -> None:
        super().__init__(pages)
        self._overview, self._users = overview, users

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        member = req.context.signed_in_member
        filters, readable = Filters(req, PATH, NAMES_OF_FILTERS), names_for(member)
        query = read_query(filters, readable)
        resp.status = 400 if filters.problems else 200
        page = _NOTHING if filters.problems else self._overview.list_activity(member.org_id, query)
        users = self._users.get_names(member.org_id)
        self.render(
            req,
            resp,
            "activity.html",
            entries=[(entry, _sentence(entry, member, page, users)) for entry in page.entries],
            proof=self._overview.get_chain_check(member.org_id),
            types=[(name, event_label(name)) for name in NAMES if readable is None or name in readable],
            window=MAX_POSITIONS_SEARCHED,
            actors=filters.with_chosen("actor", _actors(users, page.keys)),
            **filters.facts(page.next_before),
        )


class Verify(ConsolePage):
    """The form at `/activity/verify`, which verifies the next part of the hash chain.

    Users of every role may send it, because it changes no data.
    """

    managers_post: ClassVar[bool] = False

    def __init__(self, pages: PageFactory, overview: Overview) -> None:
        super().__init__(pages)
        self._overview = overview

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        form = req.context.sent_form
        self._overview.verify_chain(req.context.signed_in_member.org_id, again=bool(form.text("again")))
        raise see_other(f"{PATH}#chain")


def _sentence(entry: Entry, member: Member, page: ActivityPage, users: Mapping[str, str]) -> Sentence:
    name = name_for(member, kind_of(entry.name), page.display_names.get(entry.position))
    return sentence_of(entry, name, actor_name(entry.actor, users, page.keys), users)


def _actors(users: Mapping[str, str], keys: Mapping[str, DisplayName]) -> Choices:
    """Return the users, the API keys, and what else can act."""
    systems = ((f"{kind}:smartdhandha", capitalized(_(name))) for kind, name in SYSTEM_ACTORS.items())
    return [*choices_of_who(users, keys, "{}:{}".format), *systems]
