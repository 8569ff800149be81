"""The middleware of the console: session, language, checks of forms and roles, and security headers."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import quote

import falcon

from api.console.access.cookies import SESSION, VISIT, cookie, keep_cookie, mark_session, token_hash
from api.console.access.factors.base import ask_for_proof
from api.console.access.language import language_of
from api.console.forms import FormLimits, csrf_token, forbidden, read_form
from api.console.page import FACTORS, LAST_STEP, ConsolePage, is_console
from api.http.origin import Origin
from api.http.request import Request
from api.pages.security_headers import CONSOLE_PAGE
from api.pages.translation import ENGLISH, use_language
from api.pages.translation import gettext as _
from api.ports.request.sender import SENDER, ProvenSender
from api.ports.users import Member, Users
from api.ports.users.factors import Factors, FactorState


class SessionMiddleware:
    """Middleware that requires a session for all pages of the console except public ones, and a CSRF token for forms.

    A log-in that awaits a second factor is no session: it opens only the page for it. A user who must first add a
    factor sees only the pages for that.

    It also sets the security headers of all responses of the console, including redirects and errors.
    """

    def __init__(self, users: Users, factors: Factors, origin: Origin) -> None:
        self._users, self._factors, self._origin = users, factors, origin

    def process_resource(self, req: Request, resp: falcon.Response, resource: Any, params: dict[str, Any]) -> None:
        if not isinstance(resource, ConsolePage):
            return
        origin = self._origin(req)
        token = cookie(req, SESSION, origin)
        member = req.context.member = self._member(req, token) if token else None
        use_language(language_of(req, origin))
        mark_session(req, resp, member.organization if member else None, origin)
        pending = req.context.pending_login = self._pending(token) if token and member is None else None
        if member is None and not resource.public:
            raise falcon.HTTPSeeOther(_login_path(req, LAST_STEP if pending else "/login"))
        if member and member.must_add_factor and not (resource.public or resource.open_without_factor):
            raise falcon.HTTPSeeOther(FACTORS)
        secret = token if token and (member or pending) else self._visit(req, resp, origin)
        req.context.csrf = csrf_token(secret, member.org_id if member else "")
        if req.method == "POST":
            limits = FormLimits(resource.max_fields, resource.max_form_bytes, resource.file_field)
            req.context.form = read_form(req, origin, req.context.csrf, limits)
        _check_role(req, resource, member)
        if member and resource.needs_proof:
            self._check_proof(req, token or "")

    def process_response(self, req: Request, resp: falcon.Response, resource: Any, req_succeeded: bool) -> None:
        if is_console(req):
            resp.set_headers(CONSOLE_PAGE)
        use_language(ENGLISH)  # The next request of this thread may be one to the API.

    def _check_proof(self, req: Request, token: str) -> None:
        """Redirect to the page for a proof of who the user is, unless there was one in the last minutes."""
        state = self._factors.find(token)
        if state is None or not state.is_proved:
            raise ask_for_proof(req, req.relative_uri if req.method == "GET" else req.path)

    def _member(self, req: Request, token: str) -> Member | None:
        member = self._users.get_member(token)
        req.env[SENDER] = ProvenSender(token_hash(token), member.org_id if member else None)
        return member

    def _pending(self, token: str) -> FactorState | None:
        state = self._factors.find(token)
        return state if state and state.awaits_factor else None

    def _visit(self, req: Request, resp: falcon.Response, origin: str) -> str:
        """Return the random text that identifies a browser without a session. Set its cookie if it is missing."""
        visit = cookie(req, VISIT, origin)
        if visit is None:
            visit = secrets.token_urlsafe(32)
            keep_cookie(resp, VISIT, visit, origin)
        return visit


def _check_role(req: Request, resource: ConsolePage, member: Member | None) -> None:
    for_managers = resource.managers_only or (req.method == "POST" and resource.managers_post)
    if member and for_managers and not resource.public and not member.is_manager:
        raise forbidden(_("Only owners and admins can change this. Ask one of them."))


def _login_path(req: Request, page: str) -> str:
    """Return the path of a page of the log-in. For a GET, the path contains the requested page, which it then opens."""
    return f"{page}?next={quote(req.relative_uri)}" if req.method == "GET" else page
