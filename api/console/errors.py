"""Failures of the console as pages; what they say is what the API would say."""

from __future__ import annotations

import falcon

from api.console.cookies import SESSION, cookie
from api.console.pages import is_console, render
from api.http.errors import ApiError, Writer, write_error
from api.ports.users import Member, Users
from commands.unit_of_work import Unavailable

_TITLES = {
    403: "This is not yours to do",
    404: "There is no such page",
    405: "This cannot be done here",
    409: "This cannot be done now",
    429: "Please wait",
    503: "Back in a moment",
}


def failure_writer(users: Users) -> Writer:
    """Writes a page for whoever looks at the console, JSON for everyone else."""

    def write(req: falcon.Request, resp: falcon.Response, error: ApiError, origin: str) -> None:
        if not is_console(req):
            write_error(req, resp, error, origin)
            return
        if error.status == 404 and not hasattr(req.context, "member"):  # an address without a page has no door
            req.context.member = _member(users, req, origin)
        _write_page(req, resp, error)

    return write


def _member(users: Users, req: falcon.Request, origin: str) -> Member | None:
    token = cookie(req, SESSION, origin)
    try:
        return users.member(token) if token else None
    except Unavailable:
        return None  # the page says what it has to say without the menu


def _write_page(req: falcon.Request, resp: falcon.Response, error: ApiError) -> None:
    resp.status = falcon.code_to_http_status(error.status)
    resp.set_headers({name: value for name, value in error.headers.items() if name != "WWW-Authenticate"})
    title = _TITLES.get(error.status, "Something is wrong" if error.status < 500 else "Something went wrong")
    message = error.message
    if error.code == "not_found" and "reference" in message:
        message = "The address may have been mistyped, or what it showed is gone."
    render(req, resp, "error.html", title=title, message=message, request_id=req.context.request_id)
