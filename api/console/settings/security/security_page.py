"""The page `/settings/security`: the organization's security events in sentences, with filters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import urlencode

import falcon

from api.console.page import ConsolePage
from api.console.settings.security.filters import FIELDS, read_filters
from api.console.settings.security.sentences import GROUPS, sentence_of
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import gettext as _
from api.ports.dependencies import Dependencies
from projections.views.activity import DisplayName
from projections.views.security_events import MAX_EVENTS_SEARCHED, SecurityPage

PATH = "/settings/security"
MAX_KEYS_IN_FILTER = 100


class SecurityEvents(ConsolePage):
    """The page that shows log-ins and changes, the newest first. It can be filtered by who, kind and days."""

    managers_only: ClassVar[bool] = True

    def __init__(self, pages: PageFactory, dependencies: Dependencies) -> None:
        super().__init__(pages)
        self._reads, self._users, self._days = dependencies.security_reads, dependencies.users, dependencies.trace_days

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        member = req.context.signed_in_member
        filters = {name: str(value) for name, value in req.params.items() if isinstance(value, str) and value.strip()}
        query, problems = read_filters(filters, member.time_zone)
        resp.status = 400 if problems else 200
        page = SecurityPage([], {}, None) if problems else self._reads.list_events(member.org_id, query)
        users = self._users.get_names(member.org_id)
        self.render(
            req,
            resp,
            "security.html",
            entries=[(entry, sentence_of(entry, users, page.keys)) for entry in page.entries],
            older=_link(filters, page.next_before) if page.next_before is not None else "",
            newest=_link(filters, None) if "before" in filters else "",
            filters={**dict.fromkeys(FIELDS, ""), **filters},
            is_filtered=bool(filters.keys() - {"before"}),
            problems=problems,
            groups=GROUPS.items(),
            people=_people(users, page.keys, filters.get("who", "")),
            window=MAX_EVENTS_SEARCHED,
            days=self._days,
            base=PATH,
        )


def _people(users: Mapping[str, str], keys: Mapping[str, DisplayName], chosen: str) -> list[tuple[str, str]]:
    """Return the choices of who did something, as pairs of an id and the text that people see."""
    choices = [
        *sorted(users.items(), key=lambda pair: pair[1]),
        *(
            (id, _("%(key)s (API key)", key=f"{key.name} …{key.party}"))
            for id, key in list(keys.items())[:MAX_KEYS_IN_FILTER]
        ),
    ]
    return choices if not chosen or chosen in dict(choices) else [(chosen, chosen), *choices]


def _link(filters: Mapping[str, str], before: int | None) -> str:
    """Return the path of a page with these filters. With `before`, it begins before the event with this id."""
    values = {name: value for name, value in filters.items() if name != "before"}
    if before is not None:
        values["before"] = str(before)
    return f"{PATH}?{urlencode(values)}" if values else PATH
