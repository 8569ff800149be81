"""The base class of the console's pages, and the function that renders their templates."""

from __future__ import annotations

from typing import Any, ClassVar

import falcon

from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.navigation import CONSOLE
from api.pages.responses import HTML

ROOTS = frozenset(
    {
        "login",
        "logout",
        "forgot",
        "password",
        "home",
        "activity",
        "settings",
        "mode",
        "organization",
        "invitation",
        "profile",
        "setup",
        "signup",
        "language",
    }
)
"""The first segments of the console's paths. An error at such a path is shown as a page, even if no page is there."""
LAST_STEP = "/login/factor"
"""The page on which a log-in is finished with a second factor."""
FACTORS = "/profile/factors"
"""The page with the second factors of the user."""


class ConsolePage:
    """The base of all resources of the console.

    Before a responder runs, SessionMiddleware sets `req.context.member` to the signed-in user, or to None on a public
    page without a session. For a POST, the middleware checks the CSRF token and the origin of the form, and then sets
    `req.context.form`.
    """

    public: ClassVar[bool] = False
    """Whether the page is shown without a session."""
    managers_only: ClassVar[bool] = False
    """Whether only owners and admins may open the page."""
    managers_post: ClassVar[bool] = True
    """Whether only owners and admins may send the forms of the page."""
    max_fields: ClassVar[int] = 50
    """The largest number of fields in a form of the page."""
    max_form_bytes: ClassVar[int] = 64 * 1024
    file_field: ClassVar[str] = ""
    """The field of the page's form that holds a file; empty for a page that takes none."""
    open_without_factor: ClassVar[bool] = False
    """Whether users may open the page before they have added the second factor that the service requires."""

    needs_proof: ClassVar[bool] = False
    """Whether the user must have given the password or a second factor in the last minutes, to open the page and to
    send its form. It is so where somebody with a stolen session could make what outlives it, such as an API key."""

    def __init__(self, pages: PageFactory) -> None:
        self._pages = pages

    def render(self, req: Request, resp: falcon.Response, template: str, **facts: Any) -> None:
        """Respond with the HTML of a template of the console, such as `home.html`."""
        render_page(self._pages, req, resp, template, **facts)


def render_page(pages: PageFactory, req: Request, resp: falcon.Response, template: str, **facts: Any) -> None:
    """Respond with the HTML of a template of the console.

    Besides `facts`, the template gets the signed-in user (`member`), the links of the header that the user's role
    shows, the CSRF token for its forms, the path, and the address (`here`) at which the page can be opened again: an
    empty text for the answer to a form.
    """
    resp.content_type = HTML
    member = req.context.member
    links = [link for link in CONSOLE if not link.kind or (member is not None and member.may_read(link.kind))]
    frame = {"member": member, "csrf": req.context.csrf, "path": req.path, "console_links": links}
    here = req.relative_uri if req.method == "GET" else ""
    resp.text = pages.render(f"console/{template}", **frame, here=here, **facts)


def is_console(req: Request) -> bool:
    """Return whether the response is a page of the console, or an error that is shown as such a page.

    The resource decides. If the path has no resource, its first segment decides.
    """
    resource = req.context.resource
    return isinstance(resource, ConsolePage) if resource else req.path.lstrip("/").partition("/")[0] in ROOTS


def see_other(path: str) -> falcon.HTTPSeeOther:
    """Return a redirect to this path. A responder raises it after it has handled a form."""
    return falcon.HTTPSeeOther(path)
