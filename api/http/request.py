"""What every request has: an id, a valid Host, HEAD handled as GET, and a typed context."""

from __future__ import annotations

import re
import secrets
from typing import Any

import falcon
from falcon.util import Context

from api.http.errors import ApiError
from api.http.form import Form
from api.http.origin import is_host
from api.ports.admission import Admission, Caller
from api.ports.users import Member
from domain.accounts.key_secret import PREFIX

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}", re.ASCII)


class RequestContext(Context):
    """What the middleware and the responders know about one request."""

    def __init__(self) -> None:
        super().__init__()
        self.request_id = ""
        """The client's own id, or a new one; it is in the response, in logs and in events."""
        self.started = 0.0
        """When the request came, in seconds of `perf_counter`."""
        self.is_head = False
        """Whether the method is HEAD, which is handled as GET."""
        self.caller: Caller | None = None
        """The sender of the request; None when the operation needs no key, or when no well-formed key was sent."""
        self.last_four = ""
        """The last four characters of the secret that was sent."""
        self.body = b""
        """The body as it was sent."""
        self.member: Member | None = None
        """The signed-in user of a console page; None without a session."""
        self.csrf = ""
        """The token that every form of a console page must send."""
        self.form: Form | None = None
        """The form that was sent to a console page."""

    @property
    def admission(self) -> Admission | None:
        """The key's organization, scopes and credits; None without a valid key."""
        return None if self.caller is None else self.caller.admission

    @property
    def admitted(self) -> Admission:
        """The admission of a request to an operation that needs a key."""
        assert self.admission is not None
        return self.admission

    @property
    def sender(self) -> Caller:
        """The caller of an operation that needs a key. The caller may not be admitted yet."""
        assert self.caller is not None
        return self.caller

    @property
    def signed_in(self) -> Member:
        """The user of a console page that needs a session."""
        assert self.member is not None
        return self.member

    @property
    def sent_form(self) -> Form:
        """The form of a POST to a console page."""
        assert self.form is not None
        return self.form


class Request(falcon.Request):
    """A request with a typed context."""

    context_type = RequestContext
    context: RequestContext


class RequestMiddleware:
    """Middleware: gives the request its id, checks Host, and turns HEAD into GET."""

    def process_request(self, req: Request, resp: falcon.Response) -> None:
        context = req.context
        context.request_id = request_id_of(req.env.get("HTTP_X_REQUEST_ID"))
        resp.set_header("X-Request-Id", context.request_id)
        context.is_head = req.method == "HEAD"
        if context.is_head:
            req.method = "GET"
        if not is_host(req.netloc):  # RFC 9112, section 3.2: links are made from it, and cookies depend on it
            raise ApiError(
                400,
                "invalid_parameter",
                "The header Host is not a valid host; send the host of the address that you call.",
            )
        if "\0" in req.path:  # no route has one, and PostgreSQL takes no text with one
            raise falcon.HTTPNotFound

    def process_resource(self, req: Request, resp: falcon.Response, resource: Any, params: dict[str, Any]) -> None:
        if req.method not in falcon.COMBINED_METHODS:  # falcon would respond with 400 to a word that it does not know
            raise falcon.HTTPMethodNotAllowed(_methods_of(resource))

    def process_response(self, req: Request, resp: falcon.Response, resource: Any, req_succeeded: bool) -> None:
        if allow := resp.get_header("Allow"):
            resp.set_header("Allow", all_methods(allow))
        if req.context.is_head:
            req.method = "HEAD"


def request_id_of(own: str | None) -> str:
    """Return the client's own id, or a new one. An id is kept in logs and events, so it must hold no key."""
    if own is None or PREFIX in own or not _REQUEST_ID.fullmatch(own):
        return new_request_id()
    return own


def new_request_id() -> str:
    """Return an id for a request whose sender gave it none."""
    return f"req_{secrets.token_hex(12)}"


def all_methods(allow: str) -> str:
    """Return the value of an `Allow` header, completed: HEAD stands after GET, and OPTIONS is last."""
    own = [method for method in allow.split(", ") if method not in ("", "HEAD", "OPTIONS")]
    return ", ".join(["GET, HEAD" if method == "GET" else method for method in own] + ["OPTIONS"])


def _methods_of(resource: Any) -> list[str]:
    return [method for method in falcon.HTTP_METHODS if hasattr(resource, f"on_{method.lower()}")] + ["OPTIONS"]
