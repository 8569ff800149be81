"""Writes the errors of console paths as HTML pages. The pages show the same messages as the API."""

from __future__ import annotations

import falcon

from api.console.access.cookies import SESSION, cookie
from api.console.access.language import language_of
from api.console.page import is_console, render_page
from api.http.errors import ApiError
from api.http.errors.handlers import ErrorWriter
from api.http.request import Request
from api.pages.error_page import message_of, public_failure_writer, title_of
from api.pages.factory import PageFactory
from api.pages.translation import use_language
from api.ports.users import Member, Users
from commands.unit_of_work import Unavailable


def failure_writer(pages: PageFactory, users: Users) -> ErrorWriter:
    """Return a function that writes an error: as a page of the console for paths of the console, otherwise as a public
    page."""
    write_public = public_failure_writer(pages)

    def write(req: Request, resp: falcon.Response, error: ApiError, origin: str) -> None:
        if not is_console(req):
            write_public(req, resp, error, origin)
            return
        # For a path without a route, SessionMiddleware does not look up the user. The page needs the user's navigation.
        if error.status == 404 and req.context.member is None:
            req.context.member = _member(users, req, origin)
            use_language(language_of(req, origin))
        _write_page(pages, req, resp, error)

    return write


def _member(users: Users, req: Request, origin: str) -> Member | None:
    token = cookie(req, SESSION, origin)
    try:
        return users.get_member(token) if token else None
    except Unavailable:
        return None  # The error page is then shown without the navigation.


def _write_page(pages: PageFactory, req: Request, resp: falcon.Response, error: ApiError) -> None:
    resp.status = falcon.code_to_http_status(error.status)
    resp.set_headers({name: value for name, value in error.headers.items() if name != "WWW-Authenticate"})
    render_page(
        pages,
        req,
        resp,
        "error.html",
        title=title_of(error),
        message=message_of(error),
        request_id=req.context.request_id,
    )
