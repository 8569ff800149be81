"""The middleware that admits requests: it checks the key, its credits and its scopes, and sets rate-limit headers."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

import falcon

from api.advice.credentials import Problem, problem_of
from api.http.address import Address
from api.http.errors import CHALLENGE, ApiError
from api.http.origin import Origin
from api.http.preconditions import least_position
from api.http.request import Request
from api.operation import Operation
from api.ports.admission import Admission, AdmissionControl, AdmissionRefused, Caller
from api.ports.request.deadline import ARRIVED
from api.ports.request.sender import SENDER, ProvenSender
from commands.unit_of_work import Unavailable
from domain.accounts.key_secret import hash_secret, is_well_formed
from domain.accounts.window import BUDGET_POLICY, BURST_POLICY, BURST_WINDOW, CREDIT_WINDOW, WINDOW_POLICY

_WINDOWS = {WINDOW_POLICY: CREDIT_WINDOW, BURST_POLICY: BURST_WINDOW, BUDGET_POLICY: CREDIT_WINDOW}
_SECONDS = {policy: int(window.total_seconds()) for policy, window in _WINDOWS.items()}
"""The length of the window of each limit."""


class Authentication:
    """Middleware that admits the caller of each request to an operation that needs a key.

    A resource declares its `operations` by method. A resource without `operations`, such as a page, is public.

    Admission costs a round trip to the database. To save this round trip, some ports admit the caller together with
    their own query. This is possible when the process knows the key's organization from an earlier request. Otherwise
    the middleware admits the caller first.

    A request can be refused before its port is called. Then the middleware admits the caller at that moment, so that a
    refusal of admission comes before the other error, and the request costs its credit.
    """

    def __init__(self, admission_control: AdmissionControl, origin: Origin, address: Address) -> None:
        """Links in the messages of errors begin with the origin that `origin` returns.

        `address` returns where a request came from; empty if that is not known.
        """
        self._admission_control, self._origin, self._address = admission_control, origin, address

    def process_resource(self, req: Request, resp: falcon.Response, resource: Any, params: dict[str, Any]) -> None:
        operation: Operation | None = getattr(resource, "operations", {}).get(req.method)
        if operation is None or operation.public:
            return  # OPTIONS and unsupported methods are not operations, so they need no key.
        caller = req.context.caller = self.caller_of(
            req, scope=operation.scope, any_scope=operation.any_scope, free=operation.free
        )
        if operation.may_be_behind:
            caller.least_position = least_position(req.env.get("HTTP_IF_POSITION"))
        if caller.expected_owner is None or not _admits_later(req, operation):
            self._admission_control.admit(caller)

    def process_response(self, req: Request, resp: falcon.Response, resource: Any, req_succeeded: bool) -> None:
        caller = req.context.caller
        if caller is None:
            return
        try:
            if req_succeeded and not caller.is_asked:  # No response is sent without admission.
                self._admission_control.admit(caller)
        finally:
            if caller.admission is not None:
                req.env[SENDER] = ProvenSender(caller.key_hash, caller.admission.org_id)
                resp.set_headers(rate_limit_headers(caller.admission))

    def first_refusal(self, req: Request, error: Exception) -> Exception:
        """Return the error for the response: the refusal of admission if the caller is refused, otherwise `error`."""
        caller = req.context.caller
        if caller is not None and not caller.is_asked and not isinstance(error, Unavailable):
            try:
                self._admission_control.admit(caller)
            except (*AdmissionRefused, Unavailable) as refusal:
                return refusal
        return error

    def caller_of(
        self, req: Request, *, scope: str | None = None, any_scope: tuple[str, ...] = (), free: bool = False
    ) -> Caller:
        """Return the caller of a request that needs this scope, and costs no credit if it is free.

        Raises ApiError (401) if the request has no well-formed key.
        """
        scheme, key = split_authorization(req.env.get("HTTP_AUTHORIZATION", ""))
        key_hash = hash_secret(key)
        owner = self._admission_control.expected_owner(key_hash)
        # A key with an owner was admitted before, so it is well-formed.
        if scheme.lower() != "bearer" or (owner is None and not is_well_formed(key)):
            raise unauthorized(problem_of(req.env, self._origin(req)))
        req.context.last_four = key[-4:]
        return Caller(
            key_hash=key_hash,
            method=req.method,
            route=req.uri_template or "",
            scope=scope,
            any_scope=any_scope,
            free=free,
            address=self._address(req),
            expected_owner=owner,
        )


def _admits_later(req: Request, operation: Operation) -> bool:
    """Return whether the operation's port admits the caller.

    If the operation has a body, the body must have arrived: the service waits for a body only after admission.
    """
    return operation.admits_with_request and (operation.body is None or ARRIVED in req.env)


def presented_key(authorization: str) -> str | None:
    """Return the key in an Authorization header; None if the key is missing or malformed."""
    scheme, key = split_authorization(authorization)
    return key if scheme.lower() == "bearer" and is_well_formed(key) else None


def split_authorization(authorization: str) -> tuple[str, str]:
    """Return the scheme of an Authorization header, and the credentials after it without blanks at both ends."""
    scheme, _, credentials = authorization.partition(" ")
    return scheme, credentials.strip(" \t")  # In a header, only blanks and tabs are white space.


def rate_limit_headers(admission: Admission) -> dict[str, str]:
    """Return the headers that show the limits of a key: those of the IETF draft, and the older X-RateLimit-*.

    The older ones show the credit window of the key alone.
    """
    limit, remaining, seconds = admission.limit, admission.remaining, _seconds_to_reset(admission)
    policies, states = _policy(WINDOW_POLICY, limit), _state(WINDOW_POLICY, remaining, seconds)
    for other in admission.others:
        policies += f", {_policy(other.policy, other.limit)}"
        states += f", {_state(other.policy, other.remaining, _seconds_until(other.reset_at, admission))}"
    return {
        "RateLimit-Policy": policies,
        "RateLimit": states,
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": str(seconds),
    }


def _policy(name: str, limit: int) -> str:
    """Return a limit as a member of RateLimit-Policy. Its name is a string of Structured Fields (RFC 9651)."""
    return f'"{name}";q={limit};w={_SECONDS[name]}'


def _state(name: str, remaining: int, seconds: int) -> str:
    return f'"{name}";r={remaining};t={seconds}'


def unauthorized(problem: Problem) -> ApiError:
    """Return the error for a request without a well-formed key."""
    return ApiError(401, problem.code, problem.message, headers=CHALLENGE)


def _seconds_to_reset(admission: Admission) -> int:
    return _seconds_until(admission.first_at and admission.first_at + CREDIT_WINDOW, admission)


def _seconds_until(at: datetime | None, admission: Admission) -> int:
    return 0 if at is None else max(0, math.ceil((at - admission.asked_at).total_seconds()))
