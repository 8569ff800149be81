"""The base of the pages of the profile, which show the same page with what is wrong with a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import falcon

from api.console.access.cookies import SESSION, cookie
from api.console.page import FACTORS, ConsolePage
from api.http.address import ClientOf
from api.http.origin import Origin
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import marked
from api.ports.dependencies import Dependencies
from domain.accounts.password import MIN_CHARACTERS
from domain.accounts.user import MAX_NAME_CHARACTERS

PATH = "/profile"
_THEME_NAMES = {"system": marked("As the system"), "light": marked("Light"), "dark": marked("Dark")}
_NOTICES = {
    "profile": marked("Your name and theme are saved."),
    "language": marked("Your language is saved."),
    "password": marked("Your password is changed. All other sessions have ended."),
    "session": marked("The session has ended."),
    "sessions": marked("All other sessions have ended."),
}
"""What the page says after a form was sent: the value of the parameter `saved`, and the text."""


class ProfileBase(ConsolePage):
    """The base of the pages. Users of every role may see them and send their forms."""

    managers_post: ClassVar[bool] = False

    def __init__(self, pages: PageFactory, dependencies: Dependencies, origin: Origin, client: ClientOf) -> None:
        super().__init__(pages)
        self._profiles, self._factors = dependencies.profiles, dependencies.factors
        self._origin, self._client = origin, client

    def session(self, req: Request) -> str:
        """Return the secret of the session that has sent the request."""
        return cookie(req, SESSION, self._origin(req)) or ""

    def show(self, req: Request, resp: falcon.Response, problems: Mapping[str, str], **typed: str) -> None:
        """Write the page. `problems` are messages by the field of the form, and `typed` what stands in its fields."""
        if problems:
            resp.status = 422
        token = self.session(req)
        profile, state = self._profiles.get(token), self._factors.find(token)
        self.render(
            req,
            resp,
            "profile.html",
            own_name=typed.get("name", profile.name or ""),
            theme=typed.get("theme", profile.theme or "system"),
            own_email=req.context.signed_in_member.email,
            themes=_THEME_NAMES.items(),
            max_name=MAX_NAME_CHARACTERS,
            has_factors=state is not None and bool(state.factors),
            factors_path=FACTORS,
            sessions=self._profiles.list_sessions(token),
            problems=problems,
            notice=_NOTICES.get(str(req.params.get("saved")), ""),
            min_characters=MIN_CHARACTERS,
        )
