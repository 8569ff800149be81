"""The class of requests, with a typed context, and the middleware for the facts that all requests share."""

from __future__ import annotations

import os
import re
import time
from typing import Any

import falcon
from falcon.util import Context

from api.http.errors import ApiError
from api.http.form import Form
from api.http.origin import is_host
from api.ports.admission import Admission, Caller
from api.ports.request.deadline import ARRIVED, begin_request, end_request
from api.ports.users import Member
from api.ports.users.factors import FactorState
from domain.accounts.key_secret import has_prefix

PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""The headers of a response without Cache-Control: no cache stores the response, no browser guesses its type."""
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}", re.ASCII)


class RequestContext(Context):
    """The facts about one request that the middleware and the responders share."""

    def __init__(self) -> None:
        super().__init__()
        self.resource: Any = None
        """The resource to which the path of the request leads; None if there is none, or before it is found."""
        self.request_id = ""
        """The id that the client sent, or a new id. The response, logs and events contain it."""
        self.started = 0.0
        """The time at which the request was received, in seconds of `perf_counter`."""
        self.is_head = False
        """Whether the method is HEAD, which is handled as GET."""
        self.caller: Caller | None = None
        """The sender of the request. None if the operation needs no key, or if the request has no well-formed key."""
        self.last_four = ""
        """The last four characters of the secret in the request; empty if there is none."""
        self.error_code: str | None = None
        """The code of the failure that the response shows; None for a success."""
        self.body = b""
        """The bytes of the body, as the client sent them."""
        self.member: Member | None = None
        """The signed-in user of a console page; None without a session."""
        self.pending_login: FactorState | None = None
        """The log-in of the browser that awaits a second factor; None without one."""
        self.csrf = ""
        """The CSRF token that the forms of a console page must send."""
        self.form: Form | None = None
        """The form that a POST to a console page sent; None for other requests."""

    @property
    def admission(self) -> Admission | None:
        """The organization, scopes and credits of the key; None if the request has no valid key."""
        return None if self.caller is None else self.caller.admission

    @property
    def required_admission(self) -> Admission:
        """The admission of a request to an operation that needs a key. Use it only after admission."""
        assert self.admission is not None
        return self.admission

    @property
    def sender(self) -> Caller:
        """The caller of an operation that needs a key, which is never None. Admission may still follow."""
        assert self.caller is not None
        return self.caller

    @property
    def signed_in_member(self) -> Member:
        """The signed-in user of a console page that needs a session."""
        assert self.member is not None
        return self.member

    @property
    def sent_form(self) -> Form:
        """The form of a POST to a console page."""
        assert self.form is not None
        return self.form


class Request(falcon.Request):
    """A request whose context is a RequestContext."""

    context_type = RequestContext
    context: RequestContext


class RequestMiddleware:
    """Middleware for what all requests and responses share.

    It sets the request's deadline and id, checks the header Host and the path, and handles HEAD as GET. A response
    without the header Cache-Control gets the headers PRIVATE.
    """

    def process_request(self, req: Request, resp: falcon.Response) -> None:
        begin_request(req.env.get(ARRIVED) or time.monotonic())
        context = req.context
        context.request_id = request_id_of(req.env.get("HTTP_X_REQUEST_ID"))
        resp.set_header("X-Request-Id", context.request_id)
        context.is_head = req.method == "HEAD"
        if context.is_head:
            req.method = "GET"
        _check_host(req)
        if "\0" in req.path:  # No route contains U+0000, and PostgreSQL accepts no text with it.
            raise falcon.HTTPNotFound
        if "//" in req.env["PATH_INFO"]:  # The router would ignore the empty segment, but a proxy's rules would not.
            raise falcon.HTTPNotFound

    def process_resource(self, req: Request, resp: falcon.Response, resource: Any, params: dict[str, Any]) -> None:
        req.context.resource = resource
        if req.method not in falcon.COMBINED_METHODS:  # Falcon would respond with 400 to an unknown method.
            raise falcon.HTTPMethodNotAllowed(_methods_of(resource))

    def process_response(self, req: Request, resp: falcon.Response, resource: Any, req_succeeded: bool) -> None:
        if allow := resp.get_header("Allow"):
            resp.set_header("Allow", all_methods(allow))
        if resp.get_header("Cache-Control") is None:
            resp.set_headers(PRIVATE)
        if req.context.is_head:
            req.method = "HEAD"
        end_request()


def request_id_of(own: str | None) -> str:
    """Return the id that the client sent if it is valid, otherwise a new id.

    An id with an API key is not valid, because logs and events store ids of requests.
    """
    if own is None or has_prefix(own) or not _REQUEST_ID.fullmatch(own):
        return new_request_id()
    return own


def new_request_id() -> str:
    """Return a new random id for a request without a valid id."""
    return f"req_{os.urandom(12).hex()}"


def all_methods(allow: str) -> str:
    """Return the value of an `Allow` header with HEAD added after GET, and with OPTIONS at the end."""
    own = [method for method in allow.split(", ") if method not in ("", "HEAD", "OPTIONS")]
    return ", ".join(["GET, HEAD" if method == "GET" else method for method in own] + ["OPTIONS"])


def _check_host(req: Request) -> None:
    """Refuse a request without a valid header Host (RFC 9112, section 3.2). Links and cookies depend on the host.

    HTTP/1.0 does not require the header.
    """
    if not (req.env.get("HTTP_HOST") or req.env["SERVER_PROTOCOL"] == "HTTP/1.0"):
        message = "The header Host is missing; send the host of the address that you call."
        raise ApiError(400, "invalid_parameter", message)
    if not is_host(req.netloc):
        message = "The header Host is not a valid host; send the host of the address that you call."
        raise ApiError(400, "invalid_parameter", message)


def _methods_of(resource: Any) -> list[str]:
    return [method for method in falcon.HTTP_METHODS if hasattr(resource, f"on_{method.lower()}")] + ["OPTIONS"]
