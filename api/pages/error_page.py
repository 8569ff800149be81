"""Writes errors of public pages as HTML for browsers. Programs get JSON, and so does every request to `/api`."""

from __future__ import annotations

import falcon

from api.http.errors import ApiError, UnknownAddress
from api.http.errors.handlers import ErrorWriter, write_error
from api.http.request import PRIVATE, Request
from api.pages.factory import PageFactory
from api.pages.responses import HTML
from api.pages.security_headers import PUBLIC_PAGE
from api.pages.translation import gettext as _
from api.pages.translation import marked

TITLES = {
    403: marked("You are not allowed to do this"),
    404: marked("There is no such page"),
    405: marked("This page does not accept this request"),
    409: marked("This cannot be done now"),
    429: marked("Please wait"),
    503: marked("Temporarily unavailable"),
}
"""The headings of error pages, by status."""
_FOR_PROGRAMS = frozenset({"api", "healthz", "readyz"})
"""The first segments of the paths whose responses are always JSON."""
_KINDS = (falcon.MEDIA_JSON, falcon.MEDIA_HTML)
"""A client that accepts both equally gets the first one."""


def title_of(error: ApiError) -> str:
    """Return the heading of the page for this error."""
    other = _("This request is not valid") if error.status < 500 else _("Something went wrong")
    return _(TITLES[error.status]) if error.status in TITLES else other


def message_of(error: ApiError) -> str:
    """Return the sentence of the page for this error. An unknown address has its own sentence, because its message is
    about routes of the API."""
    if isinstance(error, UnknownAddress):
        return _("The address is wrong, or the page no longer exists.")
    return error.message


def public_failure_writer(pages: PageFactory) -> ErrorWriter:
    """Return a function that writes an error: as a page if the client prefers HTML to JSON, otherwise as JSON."""

    def write(req: Request, resp: falcon.Response, error: ApiError, origin: str) -> None:
        if not prefers_page(req):
            write_error(req, resp, error, origin)
            return
        resp.status = falcon.code_to_http_status(error.status)
        resp.content_type = HTML
        resp.text = pages.render(
            "pages/error.html",
            path="",
            status=error.status,
            title=title_of(error),
            message=message_of(error),
            request_id=req.context.request_id,
        )
        resp.set_headers({**PUBLIC_PAGE, **PRIVATE, "Vary": "Accept"})
        for name, value in error.headers.items():
            resp.set_header(name, value)

    return write


def prefers_page(req: Request) -> bool:
    """Return whether an error of this request is shown as a page."""
    is_for_programs = req.path.lstrip("/").partition("/")[0] in _FOR_PROGRAMS
    return not is_for_programs and req.client_prefers(_KINDS) == falcon.MEDIA_HTML
