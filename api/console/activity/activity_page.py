"""The page `/activity`: the organization's log in sentences, with filters, and the verification of its hash chain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import urlencode

import falcon

from api.console.access.rights import names_for
from api.console.activity.filters import FIELDS, read_filters
from api.console.activity.sentences import SYSTEM_ACTORS, Sentence, actor_name, capitalized, event_label, sentence_of
from api.console.page import ConsolePage, see_other
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import gettext as _
from api.ports.overview import Overview
from api.ports.users import Users
from projections.views.activity import MAX_POSITIONS_SEARCHED, NAMES, ActivityPage, DisplayName, Entry

MAX_KEYS_IN_FILTER = 100


class Activity(ConsolePage):
    """The page that shows the log, newest entries first. It can be filtered by type, object, actor and days."""

    def __init__(self, pages: PageFactory, overview: Overview, users: Users) -> None:
        super().__init__(pages)
        self._overview, self._users = overview, users

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        member = req.context.signed_in_member
        org_id, readable = member.org_id, names_for(member)
        filters = {name: str(value) for name, value in req.params.items() if isinstance(value, str) and value.strip()}
        query, problems = read_filters(filters, readable)
        resp.status = 400 if problems else 200
        page = ActivityPage([], {}, {}, None) if problems else self._overview.list_activity(org_id, query)
        users = self._users.get_names(org_id)
        self.render(
            req,
            resp,
            "activity.html",
            entries=[(entry, _sentence(entry, page, users)) for entry in page.entries],
            older=_link(filters, page.next_before) if page.next_before is not None else "",
            newest=_link(filters, None) if "before" in filters else "",
            proof=self._overview.get_proof(org_id),
            filters={**dict.fromkeys(FIELDS, ""), **filters},
            is_filtered=bool(filters.keys() - {"before"}),
            problems=problems,
            types=[(name, event_label(name)) for name in NAMES if readable is None or name in readable],
            window=MAX_POSITIONS_SEARCHED,
            actors=_actors(users, page.keys, filters.get("actor", "")),
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
        raise see_other("/activity#chain")


def _sentence(entry: Entry, page: ActivityPage, users: Mapping[str, str]) -> Sentence:
    return sentence_of(entry, page.display_names.get(entry.position), actor_name(entry.actor, users, page.keys), users)


def _actors(users: Mapping[str, str], keys: Mapping[str, DisplayName], chosen: str) -> list[tuple[str, str]]:
    """Return the choices of the actor filter as pairs of a value and the text that people see."""
    actors = [
        *((f"user:{id}", email) for id, email in sorted(users.items(), key=lambda pair: pair[1])),
        *(
            (f"api_key:{id}", _("%(name)s …%(end)s (API key)", name=key.name, end=key.party))
            for id, key in list(keys.items())[:MAX_KEYS_IN_FILTER]
        ),
        *((f"{kind}:smartdhandha", capitalized(_(name))) for kind, name in SYSTEM_ACTORS.items()),
    ]
    values = {value for value, _ in actors}
    return actors if not chosen or chosen in values else [(chosen, chosen), *actors]


def _link(filters: Mapping[str, str], before: int | None) -> str:
    """Return the path of a page with these filters. With `before`, the page shows only entries before this position."""
    values = {name: value for name, value in filters.items() if name != "before"}
    if before is not None:
        values["before"] = str(before)
    return f"/activity?{urlencode(values)}" if values else "/activity"
