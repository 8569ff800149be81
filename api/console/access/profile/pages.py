"""The pages of the profile: name and theme, password, sessions."""

from __future__ import annotations

import falcon

from api.console.access.cookies import BROWSER, SESSION, THEME, cookie, keep_cookie
from api.console.access.login import refuse_throttled
from api.console.access.profile.base import PATH, ProfileBase
from api.console.forms.problems import sentence_about
from api.console.page import see_other
from api.http.request import Request
from api.pages.translation import gettext as _
from api.pages.translation import marked
from api.ports.users import NewPassword, Profile, Throttled
from domain.accounts.password import is_same_password, password_problem
from domain.accounts.user import THEMES, parse_user_name
from domain.reading import InvalidValue, parse_word

_WRONG_PASSWORD = marked("The password is wrong. Enter the one with which you log in.")
_NO_THEME = marked("Choose a theme from the list.")


class ProfilePage(ProfileBase):
    """The page `/profile`. Its form stores the name and the theme."""

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        self.show(req, resp, {})

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        form = req.context.sent_form
        name, theme = form.text("name"), form.text("theme")
        try:
            profile = Profile(parse_user_name(name), parse_word(theme, THEMES))
        except InvalidValue as error:
            problem = (
                {"name": sentence_about(marked("The name"), error)} if theme in THEMES else {"theme": _(_NO_THEME)}
            )
            self.show(req, resp, problem, name=name, theme=theme)
            return
        self._profiles.change(self.session(req), profile)
        keep_cookie(resp, THEME, theme, self._origin(req))
        resp.status, resp.location = 303, f"{PATH}?saved=profile"


class PasswordPage(ProfileBase):
    """The path `/profile/password`. `POST` changes the password, and ends all other sessions of the user.

    The session gets a new token, so what somebody has copied of the browser before opens nothing.
    """

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        raise see_other(PATH)

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        form, member = req.context.sent_form, req.context.signed_in_member
        new = form.text("password")
        if problem := password_problem(new, member.email):
            self.show(req, resp, {"password": problem})
        elif not is_same_password(new, form.text("again")):
            self.show(req, resp, {"again": _("The passwords do not match. Enter the same password twice.")})
        else:
            self._change(req, resp, NewPassword(member.email, form.text("present"), new))

    def _change(self, req: Request, resp: falcon.Response, passwords: NewPassword) -> None:
        browser = cookie(req, BROWSER, self._origin(req))
        try:
            token = self._profiles.change_password(self.session(req), passwords, self._client(req), browser)
        except Throttled as throttled:
            self.show(req, resp, {"present": refuse_throttled(resp, throttled)})
            resp.status = 429
            return
        if token is not None:
            keep_cookie(resp, SESSION, token, self._origin(req))
            raise see_other(f"{PATH}?saved=password")
        self.show(req, resp, {"present": _(_WRONG_PASSWORD)})


class SessionsPage(ProfileBase):
    """The path `/profile/sessions`. `POST` ends the session of the field `id`; without the field, all others."""

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        raise see_other(PATH)

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        token, client, id = self.session(req), self._client(req), req.context.sent_form.text("id")
        if not id:
            self._profiles.end_other_sessions(token, client)
            raise see_other(f"{PATH}?saved=sessions")
        if not id.isalnum():
            raise see_other(PATH)  # No session has such an id.
        self._profiles.end_session(token, id, client)
        raise see_other(f"{PATH}?saved=session")
