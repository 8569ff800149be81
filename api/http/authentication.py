"""The middleware that finds the organization of an API key: credentials, credits, scopes, rate-limit headers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import falcon

from api.http.errors import CHALLENGE, ApiError
from api.http.request import Request
from api.operation import Operation
from api.ports.admission import Admission, AdmissionControl, CreditExhausted
from domain.accounts.key_secret import hash_secret, is_well_formed
from domain.window import CREDIT_WINDOW

ORGANIZATION = "smartdhandha.organization"
"""The key of the WSGI environ under which the server finds the organization of an admitted request."""
_WINDOW_SECONDS = int(CREDIT_WINDOW.total_seconds())
_POLICY = f'"rolling-{CREDIT_WINDOW.days}d"'
"""The name of the quota policy, in the quotes of a Structured Field string (RFC 9651)."""


class Authentication:
    """Middleware that admits the key of each request to an operation that needs a key.

    A resource declares its `operations` by method. A resource without them, such as a page, is public.
    """

    def __init__(self, admission_control: AdmissionControl) -> None:
        self._admission_control = admission_control

    def process_resource(self, req: Request, resp: falcon.Response, resource: Any, params: dict[str, Any]) -> None:
        operation: Operation | None = getattr(resource, "operations", {}).get(req.method)
        if operation is None or operation.public:
            return  # OPTIONS, and methods that the resource does not have, are no operations either
        req.context.admission = admission = self._admit(req, operation)
        req.env[ORGANIZATION] = admission.org_id
        if operation.scope is not None and operation.scope not in admission.scopes:
            raise insufficient_scope(operation.scope, admission.scopes)

    def process_response(self, req: Request, resp: falcon.Response, resource: Any, req_succeeded: bool) -> None:
        admission = req.context.admission
        if admission is not None:
            resp.set_headers(rate_limit_headers(admission))

    def _admit(self, req: Request, operation: Operation) -> Admission:
        key = presented_key(req.env.get("HTTP_AUTHORIZATION", ""))
        req.context.last_four = key[-4:]
        try:
            return self._admission_control.admit(hash_secret(key), req.method, req.uri_template or "", operation.free)
        except CreditExhausted as exhausted:
            req.context.admission = exhausted.admission  # its headers go with the 429
            raise


def presented_key(authorization: str) -> str:
    """Return the key in an Authorization header. Raises ApiError (401) if there is none, or if it is malformed."""
    scheme, _, key = authorization.partition(" ")
    key = key.strip()
    if scheme.lower() != "bearer" or not key:
        raise missing_credentials()
    if not is_well_formed(key):
        message = "This is not a SmartDhandha API key, or it was not copied completely."
        raise ApiError(401, "invalid_api_key", message, headers=CHALLENGE)
    return key


def rate_limit_headers(admission: Admission) -> dict[str, str]:
    """Return the headers that show the credit window: those of the IETF draft, and the older X-RateLimit ones."""
    seconds = _seconds_to_reset(admission)
    return {
        "RateLimit-Policy": f"{_POLICY};q={admission.limit};w={_WINDOW_SECONDS}",
        "RateLimit": f"{_POLICY};r={admission.remaining};t={seconds}",
        "X-RateLimit-Limit": str(admission.limit),
        "X-RateLimit-Remaining": str(admission.remaining),
        "X-RateLimit-Reset": str(seconds),
    }


def missing_credentials() -> ApiError:
    """Return the error for a request without a key."""
    message = "Send your API key in the header: Authorization: Bearer sd_live_…."
    return ApiError(401, "missing_credentials", message, headers=CHALLENGE)


def insufficient_scope(scope: str, scopes: Sequence[str]) -> ApiError:
    """Return the error for a key without the scope that the operation needs."""
    message = f"This request needs the scope {scope}; the key has: {', '.join(scopes)}. Use a key that has it."
    extra = {"requiredScope": scope, "keyScopes": list(scopes)}
    return ApiError(403, "insufficient_scope", message, extra=extra)


def _seconds_to_reset(admission: Admission) -> int:
    if admission.first_at is None:
        return 0
    return max(0, math.ceil((admission.first_at + CREDIT_WINDOW - admission.asked_at).total_seconds()))
