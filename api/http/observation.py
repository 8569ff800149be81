"""The middleware that makes a record of each finished request, for logs and metrics."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Any

import falcon

from api.http.request import Request
from api.ports.admission import Admission
from api.ports.observer import Observer, RequestRecord
from api.ports.users import Member

METHODS = frozenset(falcon.COMBINED_METHODS)
OTHER_METHOD = "OTHER"


def method_label(method: str) -> str:
    """Return the method if it is a standard one, otherwise OTHER_METHOD, because clients can invent methods."""
    return method if method in METHODS else OTHER_METHOD


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
        record = RequestRecord(
            method=method_label(req.method),
            route=req.uri_template,
            status=resp.status_code,
            seconds=perf_counter() - context.started,
            org_id=None if account is None else account.org_id,
            key_id=None if admission is None else admission.key_id,
            user_id=None if member is None else member.user_id,
            request_id=context.request_id,
        )
        for observe in self._observers:
            observe(record)
