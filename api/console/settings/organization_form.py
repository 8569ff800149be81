"""The base of the pages with a form for settings of the organization. Each form changes them in both modes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date
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
from domain.calendar import day_in
from domain.errors import Invalid, StaleVersion

PATH = "/settings/organization"
CHANGED_MEANWHILE = marked(
    "Somebody has changed the organization since you opened the page. Check the values and save again."
)


class OrganizationForm(CommandPage, ABC):
    """A page with a form. `GET` shows it, and `POST` changes what differs from the present values."""

    template: ClassVar[str]
    labels: ClassVar[Mapping[str, tuple[str, str]]]
    """For each field of the command, the field of the form that shows a problem, and what sentences call it."""

    def __init__(self, pages: PageFactory, dependencies: Dependencies, client: ClientOf) -> None:
        super().__init__(pages, dependencies.command_bus, client)
        self._organizations = dependencies.organizations

    @abstractmethod
    def values(self, settings: OrganizationSettings, today: date) -> dict[str, str]:
        """Return the values of the form, by attribute name of the command."""

    @abstractmethod
    def facts(self, req: Request, settings: OrganizationSettings, form: Mapping[str, str]) -> dict[str, Any]:
        """Return what the template shows besides the form."""

    def parsed(self, changes: Mapping[str, str]) -> dict[str, Any]:
        """Return the fields of the command for the changed values of the form."""
        return dict(changes)

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        settings = self._settings(req)
        self._show(req, resp, settings, self.values(settings, today_of(req)))

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        settings, sent = self._settings(req), req.context.sent_form
        present = self.values(settings, today_of(req))
        form = {name: sent.text(name).replace("\r\n", "\n").strip() for name in present}
        retry, version = retry_of(req), read_version(sent.text("version"))
        if retry is None or version is None:
            self._show(req, resp, settings, form, 422, EXPIRED_FORM)
            return
        changes = self.parsed({name: value for name, value in form.items() if value != present[name]})
        if not changes:
            raise see_other(PATH)
        try:
            self.execute(req, UpdateOrganization(id=settings.id, **changes), retry, version, settings.id)
        except Invalid as error:
            problems = sentences_of(error.violations, self.labels)
            self._show(req, resp, settings, form, 422, problems=problems)
        except StaleVersion:
            settings = self._settings(req)
            self._show(req, resp, settings, self.values(settings, today_of(req)), 409, _(CHANGED_MEANWHILE))
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
        self.render(
            req,
            resp,
            self.template,
            **self.facts(req, settings, form),
            settings=settings,
            form=form,
            problems=problems or {},
            notice=notice,
            form_token=new_form_token(req.context.signed_in_member.now),
            base=PATH,
        )


def today_of(req: Request) -> date:
    """Return the day on which the member sees the page."""
    member = req.context.signed_in_member
    return day_in(member.time_zone, member.now)
