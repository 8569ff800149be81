"""The console's middleware: whose session a request belongs to, and whether a form comes from one of its own pages."""

from __future__ import annotations

import hmac
import secrets
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import falcon

from api.console.cookies import SESSION, VISIT, cookie, keep_cookie
from api.console.pages import HEADERS, ConsolePage, Form, is_console
from api.http.errors import ApiError
from api.http.origin import Origin
from api.ports.users import Member, Users, csrf_token

LARGEST_FORM = 64 * 1024
MOST_FIELDS = 50
_FORM = "application/x-www-form-urlencoded"


class SessionMiddleware:
    """Middleware: every page of the console but the public ones needs a session, every form its token."""

    def __init__(self, users: Users, origin: Origin) -> None:
        self._users, self._origin = users, origin

    def process_resource(
        self, req: falcon.Request, resp: falcon.Response, resource: Any, params: dict[str, Any]
    ) -> None:
        if not isinstance(resource, ConsolePage):
            return
        origin = self._origin(req)
        token = cookie(req, SESSION, origin)
        member = self._users.member(token) if token else None
        req.context.member = member
        if member is None and not resource.public:
            raise falcon.HTTPSeeOther(_login_from(req))
        req.context.csrf = member.csrf if member else csrf_token(self._visit(req, resp, origin))
        if req.method == "POST":
            _check_origin(req, origin)
            req.context.form = _checked_form(req)
        for_managers = resource.managers_only or (req.method == "POST" and resource.managers_post)
        if member and for_managers and not resource.public and not member.is_manager:
            raise forbidden("Only owners and admins can change this. Ask one of them.")

    def process_response(self, req: falcon.Request, resp: falcon.Response, resource: Any, req_succeeded: bool) -> None:
        if is_console(req):
            resp.set_headers(HEADERS)

    def _visit(self, req: falcon.Request, resp: falcon.Response, origin: str) -> str:
        """What tells one browser from another before it has a session."""
        visit = cookie(req, VISIT, origin)
        if visit is None:
            visit = secrets.token_urlsafe(32)
            keep_cookie(resp, VISIT, visit, origin)
        return visit


def signed_in(req: falcon.Request) -> Member:
    """The user of a page that is not public."""
    member: Member = req.context.member
    return member


def forbidden(message: str) -> ApiError:
    """A refusal to whoever is known, or whose form is not ours."""
    return ApiError(403, "forbidden", message)


def _login_from(req: falcon.Request) -> str:
    return f"/login?next={quote(req.relative_uri)}" if req.method == "GET" else "/login"


def _check_origin(req: falcon.Request, origin: str) -> None:
    """What the browser itself says of where the form stood; a token that leaked is of no use elsewhere."""
    site = req.env.get("HTTP_SEC_FETCH_SITE", "same-origin")
    said = req.env.get("HTTP_ORIGIN")
    # Behind a proxy that ends TLS the scheme is not ours to know, so hosts are compared.
    is_own = said is None or said.partition("://")[2] == urlsplit(origin).netloc
    if site not in ("same-origin", "none") or not is_own:
        raise forbidden("This form was sent from another site. Open the page here and send it again.")


def _checked_form(req: falcon.Request) -> Form:
    """The form, once its token is known to be that of this browser's session."""
    media_type = (req.content_type or "").partition(";")[0].strip().lower()
    if media_type != _FORM:
        raise ApiError(415, "unsupported_media_type", "Send the form as a browser does.")
    body = req.env["wsgi.input"].read(LARGEST_FORM + 1)
    if len(body) > LARGEST_FORM:
        raise ApiError(413, "payload_too_large", "The form is too large; shorten what you have entered.")
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise ApiError(400, "invalid_parameter", "The form has too many fields.") from None
    form = Form(fields)
    if not hmac.compare_digest(form.text("csrf").encode(), req.context.csrf.encode()):
        raise forbidden("This form is too old, or cookies are off. Go back, reload the page, and send it again.")
    return form


def see_other(path: str) -> falcon.HTTPSeeOther:
    """The way from a form that was taken to the page that shows what became of it."""
    return falcon.HTTPSeeOther(path)


def own_path(text: str, otherwise: str) -> str:
    """The text when it is a path of the console, so that a link to the log-in leads to no other site."""
    is_own = text.startswith("/") and not text.startswith("//") and "\\" not in text
    return text if is_own and text.isprintable() and text.isascii() else otherwise
