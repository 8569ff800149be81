"""The middleware that makes a record of each finished request, for logs and metrics."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Any

import falcon

from api.http.authentication import presented_key
from api.http.request import Request
from api.ports.admission import Admission
from api.ports.request.observer import Observer, RequestRecord
from api.ports.users import Member
from domain.accounts.key_secret import hash_secret

API = "/api/"
"""The beginning of the paths whose requests have keys."""
METHODS = frozenset(falcon.COMBINED_METHODS)
OTHER_METHOD = "OTHER"
TOO_MANY = 429
"""The status of a request that costs no credit although its key is valid."""


def method_label(method: str) -> str:
    """Return the method if it is a standard one, otherwise OTHER_METHOD, because clients can invent methods."""
    return method if method in METHODS else OTHER_METHOD


def key_hash_of(path: str, authorization: str | None) -> bytes | None:
    """Return the hash of the secret in a request to the API; None for a request without a well-formed one."""
    secret = presented_key(authorization) if authorization and path.startswith(API) else None
    return None if secret is None else hash_secret(secret)


class Observation:
    """The outermost middleware. It calls each observer with a record of each finished request.

    A record holds routes instead of paths, and only standard methods. So clients cannot create new labels of metrics.
    """

    def __init__(self, observers: Sequence[Observer]) -> None:
        self._observers = tuple(observers)

    def process_request(self, req: Request, resp: falcon.Response) -> None:
        req.context.started = perf_counter()

    def process_response(self, req: Request, resp: falcon.Response, resource: Any, req_succeeded: bool) -> None:
        context = req.context
        admission: Admission | None = context.admission
        member: Member | None = getattr(context, "member", None)
        account = admission or member
        status = resp.status_code
        is_free = context.caller is None or context.caller.free
        record = RequestRecord(
            method=method_label(req.method),
            route=req.uri_template,
            status=status,
            seconds=perf_counter() - context.started,
            org_id=None if account is None else account.org_id,
            key_id=None if admission is None else admission.key_id,
            user_id=None if member is None else member.user_id,
            request_id=context.request_id,
            error_code=context.error_code,
            key_hash=key_hash_of(req.path, req.env.get("HTTP_AUTHORIZATION")) if admission is None else None,
            has_spent=admission is not None and not is_free and status != TOO_MANY,
        )
        for observe in self._observers:
            observe(record)
