"""The base class of every page of the console, and the rendering of its templates."""

from __future__ import annotations

from typing import Any, ClassVar

import falcon

from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.responses import HTML

ROOTS = frozenset({"login", "logout", "password", "home", "activity", "settings"})
"""The first segment of the console's paths. Below them, errors are pages too."""


class ConsolePage:
    """The base of every resource of the console.

    Before a responder runs, the middleware sets the `member` of the request (None on a public page without a session).
    For a POST it also sets the `form`, after it has checked the form's CSRF token and origin.
    """

    public: ClassVar[bool] = False
    """Whether it is shown without a session."""
    managers_only: ClassVar[bool] = False
    """Whether only owners and admins may open it."""
    managers_post: ClassVar[bool] = True
    """Whether only owners and admins may send its forms."""

    def __init__(self, pages: PageFactory) -> None:
        self._pages = pages

    def render(self, req: Request, resp: falcon.Response, template: str, **facts: Any) -> None:
        """Respond with a template of the console, such as `home.html`."""
        render_page(self._pages, req, resp, template, **facts)


def render_page(pages: PageFactory, req: Request, resp: falcon.Response, template: str, **facts: Any) -> None:
    """Respond with a template of the console. It also gets the member, the CSRF token of its forms, and the path."""
    resp.content_type = HTML
    resp.text = pages.render(
        f"console/{template}", member=req.context.member, csrf=req.context.csrf, path=req.path, **facts
    )


def is_console(req: Request) -> bool:
    """Whether the path is one of the console. There need not be a page at the path."""
    return req.path.removeprefix("/").partition("/")[0] in ROOTS


def see_other(path: str) -> falcon.HTTPSeeOther:
    """Return the redirect to raise after a form has been handled."""
    return falcon.HTTPSeeOther(path)
