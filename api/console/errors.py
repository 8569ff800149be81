"""Writes the errors of console paths as HTML pages. The pages show the same messages as the API."""

from __future__ import annotations

import falcon

from api.console.cookies import SESSION, cookie
from api.console.page import is_console, render_page
from api.http.error_handlers import ErrorWriter, write_error
from api.http.errors import ApiError, UnknownAddress
from api.http.request import Request
from api.pages.factory import PageFactory
from api.ports.users import Member, Users
from commands.unit_of_work import Unavailable

_TITLES = {
    403: "You are not allowed to do this",
    404: "There is no such page",
    405: "This page does not accept this request",
    409: "This cannot be done now",
    429: "Please wait",
    503: "Temporarily unavailable",
}


def failure_writer(pages: PageFactory, users: Users) -> ErrorWriter:
    """Return a function that writes an error: as a page for the console's pages, and as JSON for everything else."""

    def write(req: Request, resp: falcon.Response, error: ApiError, origin: str) -> None:
        if not is_console(req):
            write_error(req, resp, error, origin)
            return
        # For a path without a route, SessionMiddleware does not look up the user. The page needs the user's navigation.
        if error.status == 404 and req.context.member is None:
            req.context.member = _member(users, req, origin)
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
    title = _TITLES.get(error.status, "This request is not valid" if error.status < 500 else "Something went wrong")
    is_unknown = isinstance(error, UnknownAddress)
    message = "The address is wrong, or the page no longer exists." if is_unknown else error.message
    render_page(pages, req, resp, "error.html", title=title, message=message, request_id=req.context.request_id)
