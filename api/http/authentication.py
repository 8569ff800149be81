"""The one place where a key becomes an organization: credentials, credits, scopes, headers."""

from __future__ import annotations

import math
import re
import secrets
from typing import Any

import falcon

from api.http.errors import ApiError, all_methods, unauthorized
from api.http.origin import is_host
from api.ports.admission import Admission, AdmissionControl, CreditExhausted
from domain.key_secret import PREFIX, hashed, is_well_formed
from domain.window import CREDIT_WINDOW

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}", re.ASCII)


class Authentication:
    """Middleware: gives every request an id, and every request to a guarded resource its organization.

    A guarded resource names the scope of each method in `scopes` (None where any valid key will do); `free` ones cost
    no credit. A resource without `scopes` is public.
    """

    def __init__(self, admission_control: AdmissionControl) -> None:
        self._admission_control = admission_control

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        own = req.env.get("HTTP_X_REQUEST_ID")
        # An id is kept in logs and in events, where no key may ever stand.
        if own is None or PREFIX in own or not _REQUEST_ID.fullmatch(own):
            own = None
        request_id = own or new_request_id()
        req.context.request_id = request_id
        req.context.admission = None
        req.context.is_head = req.method == "HEAD"
        resp.set_header("X-Request-Id", request_id)
        if req.context.is_head:
            req.method = "GET"
        if not is_host(req.netloc):  # RFC 9112, section 3.2: links are made from it, and cookies go by it
            raise ApiError(
                400, "invalid_parameter", "The header Host names no host; send that of the address you call."
            )
        if "\0" in req.path:  # no route has one, and PostgreSQL takes no text with one
            raise falcon.HTTPNotFound

    def process_resource(
        self, req: falcon.Request, resp: falcon.Response, resource: Any, params: dict[str, Any]
    ) -> None:
        if req.method not in falcon.COMBINED_METHODS:  # falcon would take a word that it does not know for a 400
            raise falcon.HTTPMethodNotAllowed(_methods_of(resource))
        scopes = getattr(resource, "scopes", None)
        if scopes is None or req.method not in scopes:
            return  # a public resource, OPTIONS, or a method that the resource does not have
        key = _presented_key(req)
        key_hash, req.context.last_four = hashed(key), key[-4:]
        free = getattr(resource, "free", False)
        try:
            admission = self._admission_control.admit(key_hash, req.method, req.uri_template or "", free)
        except CreditExhausted as exhausted:
            req.context.admission = exhausted.admission
            raise
        req.context.admission = admission
        scope = scopes[req.method]
        if scope is not None and scope not in admission.scopes:
            raise _insufficient(scope, admission)

    def process_response(self, req: falcon.Request, resp: falcon.Response, resource: Any, req_succeeded: bool) -> None:
        admission: Admission | None = req.context.admission
        if admission is not None:
            seconds = _seconds_to_reset(admission)
            remaining = admission.remaining
            resp.set_headers(
                {
                    "RateLimit-Policy": f'"rolling-30d";q={admission.limit};w=2592000',
                    "RateLimit": f'"rolling-30d";r={remaining};t={seconds}',
                    "X-RateLimit-Limit": str(admission.limit),
                    "X-RateLimit-Remaining": str(remaining),
                    "X-RateLimit-Reset": str(seconds),
                }
            )
        if allow := resp.get_header("Allow"):
            resp.set_header("Allow", all_methods(allow))
        if req.context.is_head:
            req.method = "HEAD"


def _methods_of(resource: Any) -> list[str]:
    return [method for method in falcon.HTTP_METHODS if hasattr(resource, f"on_{method.lower()}")] + ["OPTIONS"]


def new_request_id() -> str:
    """An id for a request whose sender gave it none."""
    return f"req_{secrets.token_hex(12)}"


def _presented_key(req: falcon.Request) -> str:
    header: str = req.env.get("HTTP_AUTHORIZATION", "")
    scheme, _, key = header.partition(" ")
    key = key.strip()
    if scheme.lower() != "bearer" or not key:
        raise unauthorized("missing_credentials", "Send your API key in the header: Authorization: Bearer sd_live_….")
    if not is_well_formed(key):
        raise unauthorized("invalid_api_key", "This is not a SmartDhandha API key, or it was not copied whole.")
    return key


def _insufficient(scope: str, admission: Admission) -> ApiError:
    message = f"This needs the scope {scope}; the key has: {', '.join(admission.scopes)}. Use a key that has it."
    extra = {"requiredScope": scope, "keyScopes": list(admission.scopes)}
    return ApiError(403, "insufficient_scope", message, extra=extra)


def _seconds_to_reset(admission: Admission) -> int:
    if admission.first_at is None:
        return 0
    return max(0, math.ceil((admission.first_at + CREDIT_WINDOW - admission.asked_at).total_seconds()))
