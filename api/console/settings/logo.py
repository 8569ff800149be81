"""The page with the logo of the organization, and the picture itself."""

from __future__ import annotations

from typing import ClassVar

import falcon

from api.console.commands import EXPIRED_FORM, CommandPage
from api.console.forms.problems import sentence_about
from api.console.forms.tokens import new_form_token, read_version, retry_of
from api.console.page import ConsolePage, see_other
from api.console.settings.organization_form import CHANGED_MEANWHILE, PATH
from api.http.address import ClientOf
from api.http.errors import ApiError
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import gettext as _
from api.pages.translation import marked
from api.ports.dependencies import Dependencies
from api.ports.organization import Organizations, OrganizationSettings
from commands.accounts.organization import ChangeLogo
from domain.errors import StaleVersion
from domain.reading import InvalidValue
from domain.reading.logo import MAX_LOGO_BYTES, MAX_LOGO_SIDE, read_logo

LOGO, PICTURE = f"{PATH}/logo", f"{PATH}/logo.png"
_LABEL = marked("The logo")
_NO_FILE = marked("Choose a file.")
_ROOM_FOR_FIELDS = 16 * 1024


class LogoPage(CommandPage):
    """`GET` shows the logo with a form. `POST` stores the picture of the sent file, or takes the logo away."""

    file_field: ClassVar[str] = "logo"
    max_form_bytes: ClassVar[int] = 2 * MAX_LOGO_BYTES + _ROOM_FOR_FIELDS
    """A file that is a little too large is refused with its size, and not with the whole form."""

    def __init__(self, pages: PageFactory, dependencies: Dependencies, client: ClientOf) -> None:
        super().__init__(pages, dependencies.command_bus, client)
        self._organizations = dependencies.organizations

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        self._show(req, resp)

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        sent, settings = req.context.sent_form, self._organizations.get_settings(req.context.signed_in_member.org_id)
        retry, version = retry_of(req), read_version(sent.text("version"))
        file = sent.file(self.file_field)
        if retry is None or version is None:
            self._show(req, resp, 422, EXPIRED_FORM)
            return
        try:
            png = None if sent.text("action") == "remove" else read_logo(file)
            self.execute(req, ChangeLogo(id=settings.id, png=png), retry, version, settings.id)
        except InvalidValue as error:
            self._show(req, resp, 422, sentence_about(_LABEL, error) if file else _(_NO_FILE))
        except StaleVersion:
            self._show(req, resp, 409, _(CHANGED_MEANWHILE))
        else:
            raise see_other(LOGO)

    def _show(self, req: Request, resp: falcon.Response, status: int = 200, problem: str = "") -> None:
        resp.status = status
        settings = self._organizations.get_settings(req.context.signed_in_member.org_id)
        self.render(
            req,
            resp,
            "settings/logo.html",
            settings=settings,
            picture=picture_of(settings),
            problems={self.file_field: problem} if problem else {},
            most=MAX_LOGO_BYTES // 1024,
            side=MAX_LOGO_SIDE,
            form_token=new_form_token(req.context.signed_in_member.now),
            base=PATH,
        )


def picture_of(settings: OrganizationSettings) -> str:
    """Return the address of the present logo, which changes with it; an empty text without one."""
    logo = settings.changed and settings.changed.logo
    return f"{PICTURE}?{logo}" if logo else ""


class LogoPicture(ConsolePage):
    """The picture of the logo, for every user of the organization."""

    def __init__(self, pages: PageFactory, organizations: Organizations) -> None:
        super().__init__(pages)
        self._organizations = organizations

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        png = self._organizations.get_logo(req.context.signed_in_member.org_id)
        if png is None:
            raise ApiError(404, "not_found", _("The organization has no logo."))
        resp.content_type, resp.data = "image/png", png
