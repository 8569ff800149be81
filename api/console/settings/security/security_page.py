"""The page `/settings/security`: the organization's security events in sentences, with filters."""

from __future__ import annotations

from typing import ClassVar

import falcon

from api.console.forms.filters import Filters, choices_of_who
from api.console.page import ConsolePage
from api.console.settings.security.filters import NAMES_OF_FILTERS, read_query
from api.console.settings.security.sentences import GROUPS, sentence_of
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import gettext as _
from api.ports.dependencies import Dependencies
from projections.views.security_events import MAX_EVENTS_SEARCHED, SecurityPage

PATH = "/settings/security"
_NOTHING = SecurityPage([], {}, None)
"""What the page shows when a filter is wrong."""


class SecurityEvents(ConsolePage):
    """The page that shows log-ins and changes, the newest first. It can be filtered by who, kind and days."""

    managers_only: ClassVar[bool] = True

    def __init__(self, pages: PageFactory, dependencies: Dependencies) -> None:
        super().__init__(pages)
        self._reads, self._users, self._days = dependencies.security_reads, dependencies.users, dependencies.trace_days

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        member = req.context.signed_in_member
        filters = Filters(req, PATH, NAMES_OF_FILTERS)
        query = read_query(filters, member.time_zone)
        resp.status = 400 if filters.problems else 200
        page = _NOTHING if filters.problems else self._reads.list_events(member.org_id, query)
        users = self._users.get_names(member.org_id)
        self.render(
            req,
            resp,
            "security.html",
            entries=[(entry, sentence_of(entry, users, page.keys)) for entry in page.entries],
            groups=[(group, _(label)) for group, label in GROUPS.items()],
            people=filters.with_chosen("who", choices_of_who(users, page.keys, lambda _type, id: id)),
            window=MAX_EVENTS_SEARCHED,
            days=self._days,
            **filters.facts(page.next_before),
        )
