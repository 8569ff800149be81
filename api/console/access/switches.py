"""The forms that switch what the console shows: the mode, the organization, and the language."""

from __future__ import annotations

from typing import ClassVar

import falcon

from api.console.access.cookies import LANGUAGE, SESSION, cookie, keep_cookie
from api.console.access.login import FIRST_PAGE, own_path
from api.console.forms import forbidden
from api.console.objects.kinds import OBJECT_PAGES
from api.console.page import ConsolePage, see_other
from api.http.errors import ApiError
from api.http.origin import Origin
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import LANGUAGES
from api.pages.translation import gettext as _
from api.ports.users import Users

_LISTS = ("/activity", *(each.path for each in OBJECT_PAGES), "/settings/webhooks", "/settings/developer")
"""The lists that both modes have. After a switch on another page, the user sees FIRST_PAGE."""


class SwitchMode(ConsolePage):
    """The path `/mode`. `POST` switches the session to the mode `test` or `live`, and shows the list that was open."""

    managers_post: ClassVar[bool] = False

    def __init__(self, pages: PageFactory, users: Users, origin: Origin) -> None:
        super().__init__(pages)
        self._users, self._origin = users, origin

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        form, token = req.context.sent_form, cookie(req, SESSION, self._origin(req)) or ""
        self._users.switch_mode(token, form.text("mode") == "test", req.context.signed_in_member.now)
        back = form.text("back")
        raise see_other(next((path for path in _LISTS if back.startswith(path)), FIRST_PAGE))


class SwitchOrganization(ConsolePage):
    """The path `/organization`. `POST` shows another organization of the user in this session."""

    managers_post: ClassVar[bool] = False

    def __init__(self, pages: PageFactory, users: Users, origin: Origin) -> None:
        super().__init__(pages)
        self._users, self._origin = users, origin

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        form, token = req.context.sent_form, cookie(req, SESSION, self._origin(req)) or ""
        if not self._users.switch_organization(token, form.id("organization")):
            message = _("You do not belong to this organization. Ask one of its owners or admins to invite you.")
            raise forbidden(message)
        raise see_other(FIRST_PAGE)


class SwitchLanguage(ConsolePage):
    """The path `/language`. `POST` shows the console in another language, and opens the page `back` again.

    The browser keeps the choice for the log-in page. The choice of a signed-in user is stored, for all browsers.
    """

    public: ClassVar[bool] = True

    def __init__(self, pages: PageFactory, users: Users, origin: Origin) -> None:
        super().__init__(pages)
        self._users, self._origin = users, origin

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        form, origin = req.context.sent_form, self._origin(req)
        code = form.text("language")
        if code not in LANGUAGES:
            message = _("Choose one of the languages: %(languages)s.", languages=", ".join(LANGUAGES.values()))
            raise ApiError(400, "invalid_parameter", message)
        keep_cookie(resp, LANGUAGE, code, origin)
        if req.context.member:
            self._users.set_language(cookie(req, SESSION, origin) or "", code)
        raise see_other(own_path(form.text("back")) or FIRST_PAGE)
