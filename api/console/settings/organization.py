"""The page `/settings/organization`: the organization's name, its time zone, and its series of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import falcon

from api.console.commands import EXPIRED_FORM, CommandPage
from api.console.forms.problems import sentences_of
from api.console.forms.tokens import new_form_token, read_version, retry_of
from api.console.page import see_other
from api.http.address import ClientOf
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import gettext as _
from api.pages.translation import marked
from api.ports.dependencies import Dependencies
from api.ports.organization import OrganizationSettings
from commands.accounts.organization import UpdateOrganization
from commands.fields.organization import MAX_NAME
from domain.accounts.series import MAX_PREFIX, last_serial
from domain.accounts.zones import known_time_zones
from domain.calendar import day_in, financial_year
from domain.errors import Invalid, StaleVersion

PATH = "/settings/organization"
CHANGED_MEANWHILE = marked(
    "Somebody has changed the organization since you opened the page. Check the values and save again."
)
_LABELS = {
    "name": ("name", marked("The name")),
    "timeZone": ("timeZone", marked("The time zone")),
    "seriesPrefix": ("seriesPrefix", marked("The prefix")),
}
"""For each field of the command, the field of the form that shows a problem, and what sentences call it."""


class OrganizationPage(CommandPage):
    """`GET` shows the settings to all, and to owners and admins in a form. `POST` changes them, in both modes."""

    managers_only: ClassVar[bool] = False

    def __init__(self, pages: PageFactory, dependencies: Dependencies, client: ClientOf) -> None:
        super().__init__(pages, dependencies.command_bus, client)
        self._organizations = dependencies.organizations

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        settings = self._settings(req)
        self._show(req, resp, settings, _values(settings))

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        settings, sent = self._settings(req), req.context.sent_form
        present = _values(settings)
        form = {name: sent.text(name).strip() for name in present}
        retry, version = retry_of(req), read_version(sent.text("version"))
        if retry is None or version is None:
            self._show(req, resp, settings, form, 422, EXPIRED_FORM)
            return
        changes: dict[str, Any] = {name: value for name, value in form.items() if value != present[name]}
        if not changes:
            raise see_other(PATH)
        try:
            self.execute(req, UpdateOrganization(id=settings.id, **changes), retry, version, settings.id)
        except Invalid as error:
            problems = sentences_of(error.violations, _LABELS)
            self._show(req, resp, settings, form, 422, problems=problems)
        except StaleVersion:
            settings = self._settings(req)
            self._show(req, resp, settings, _values(settings), 409, _(CHANGED_MEANWHILE))
        else:
            raise see_other(PATH)

    def _settings(self, req: Request) -> OrganizationSettings:
        return self._organizations.get_settings(req.context.signed_in_member.org_id)

    def _show(
        self,
        req: Request,
        resp: falcon.Response,
        settings: OrganizationSettings,
        form: Mapping[str, str],
        status: int = 200,
        notice: str = "",
        problems: Mapping[str, str] | None = None,
    ) -> None:
        resp.status = status
        member = req.context.signed_in_member
        year = financial_year(day_in(member.time_zone, member.now))
        self.render(
            req,
            resp,
            "settings/organization.html",
            settings=settings,
            form=form,
            problems=problems or {},
            notice=notice,
            is_zone_ahead=settings.zones.chosen != settings.zones.at(member.now),
            next_number=self._organizations.get_next_number(member.org_id, year),
            last_serial=last_serial(settings.series_prefix),
            time_zones=sorted(known_time_zones()),
            max_name=MAX_NAME,
            max_prefix=MAX_PREFIX,
            form_token=new_form_token(member.now),
            base=PATH,
        )


def _values(settings: OrganizationSettings) -> dict[str, str]:
    """Return the values of the form, by attribute name of the command."""
    return {"name": settings.name, "time_zone": settings.zones.chosen, "series_prefix": settings.series_prefix}
