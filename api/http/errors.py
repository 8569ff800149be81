"""The one table from refusals to HTTP, and the envelope of every failure."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import falcon
import msgspec

from api.ports.admission import CreditExhausted, ExpiredKey, RevokedKey, UnknownKey
from commands.command import KeyReused
from commands.unit_of_work import Unavailable
from domain.calendar import instant
from domain.errors import Conflict, DuplicateNumber, Invalid, InvalidTransition, LeaveOverlap, NotFound, StaleVersion
from projections.query.listing import INVALID_PARAMETER, InvalidQuery
from projections.views.events import InTheFuture

logger = logging.getLogger("smartdhandha.api")

Detail = tuple[str, str, str]


class ApiError(Exception):
    """A failure that is ready to be answered."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        details: Sequence[Detail] = (),
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.details, self.extra, self.headers = details, extra or {}, headers or {}


CODES: dict[int, tuple[str, ...]] = {
    400: ("malformed_json", "unknown_parameter", "invalid_parameter", "invalid_cursor"),
    401: ("missing_credentials", "invalid_api_key", "api_key_revoked", "api_key_expired"),
    403: ("insufficient_scope",),
    404: ("not_found",),
    405: ("method_not_allowed",),
    409: ("duplicate_number", "invalid_transition", "leave_overlap", "conflict"),
    412: ("precondition_failed",),
    413: ("payload_too_large",),
    415: ("unsupported_media_type",),
    422: ("validation_failed", "unknown_field", "read_only_field", "amount_exceeds_balance", "idempotency_key_reused"),
    429: ("rate_limited",),
    500: ("internal_error",),
    503: ("unavailable",),
}
"""Every code that an answer can carry, by its status."""

_CHALLENGE = {"WWW-Authenticate": "Bearer"}


def unauthorized(code: str, message: str) -> ApiError:
    return ApiError(401, code, message, headers=_CHALLENGE)


def too_many_questions(seconds: int) -> ApiError:
    """The address has asked the assistant faster than it may."""
    message = f"Too many questions have come from this address; ask again in {seconds} seconds."
    return ApiError(429, "rate_limited", message, headers={"Retry-After": str(seconds)})


def _invalid(error: Invalid) -> ApiError:
    codes = {violation.code for violation in error.violations}
    code = codes.pop() if len(codes) == 1 else "validation_failed"
    fields = ", ".join(dict.fromkeys(violation.field for violation in error.violations))
    return ApiError(422, code, f"Some fields are wrong: {fields}. See details for each.", error.violations)


def _invalid_query(error: InvalidQuery) -> ApiError:
    codes = {code for _, code, _ in error.problems}
    code = codes.pop() if len(codes) == 1 else INVALID_PARAMETER
    return ApiError(400, code, f"Some query parameters are wrong: {error}.", error.problems)


def _conflict(code: str) -> Callable[[Any], ApiError]:
    return lambda error: ApiError(409, code, str(error), extra={"conflictingId": error.conflicting_id})


def _in_the_future() -> ApiError:
    message = "That moment, or that version, has not come yet; ask for an earlier one, or leave the parameter out."
    return ApiError(400, INVALID_PARAMETER, message)


def _exhausted(error: CreditExhausted) -> ApiError:
    admission = error.admission
    assert admission.readmitted_at is not None and admission.fully_reset_at is not None
    seconds = max(1, math.ceil((admission.readmitted_at - admission.asked_at).total_seconds()))
    extra = {
        "limit": admission.limit,
        "used": admission.used,
        "windowDays": 30,
        "resetAt": instant(admission.readmitted_at),
        "fullyResetAt": instant(admission.fully_reset_at),
    }
    message = (
        f"All {admission.limit} credits of this key's rolling 30 days are spent. The next request is admitted from "
        f"{extra['resetAt']} on; wait {seconds} seconds, or ask the key's owner for a higher limit."
    )
    return ApiError(429, "rate_limited", message, extra=extra, headers={"Retry-After": str(seconds)})


class Rule(NamedTuple):
    """How one kind of refusal is answered."""

    error: type[Exception]
    answer: Callable[[Any], ApiError]


TABLE: tuple[Rule, ...] = (
    Rule(ApiError, lambda error: error),
    Rule(InvalidQuery, _invalid_query),
    Rule(
        UnknownKey,
        lambda _: unauthorized("invalid_api_key", "There is no such API key; check that it was copied whole."),
    ),
    Rule(RevokedKey, lambda _: unauthorized("api_key_revoked", "This API key was revoked; make another one.")),
    Rule(
        ExpiredKey,
        lambda _: unauthorized(
            "api_key_expired", "This API key has expired; use its newer secret or make another key."
        ),
    ),
    Rule(CreditExhausted, _exhausted),
    Rule(NotFound, lambda error: ApiError(404, "not_found", str(error))),
    Rule(Invalid, _invalid),
    Rule(StaleVersion, lambda error: ApiError(412, "precondition_failed", str(error))),
    Rule(
        InvalidTransition,
        lambda error: ApiError(409, "invalid_transition", str(error), extra={"allowed": error.allowed}),
    ),
    Rule(DuplicateNumber, _conflict("duplicate_number")),
    Rule(LeaveOverlap, _conflict("leave_overlap")),
    Rule(KeyReused, lambda error: ApiError(422, "idempotency_key_reused", str(error))),
    Rule(InTheFuture, lambda _: _in_the_future()),
    Rule(Conflict, lambda error: ApiError(409, "conflict", str(error))),
    Rule(
        Unavailable,
        lambda _: ApiError(
            503,
            "unavailable",
            "The service cannot reach its database; try again shortly.",
            headers={"Retry-After": "2"},
        ),
    ),
)


Writer = Callable[[falcon.Request, falcon.Response, ApiError, str], None]
"""Puts a failure into an answer, with links to an origin."""


def add_error_handlers(
    app: falcon.App[Any, Any], origin: Callable[[falcon.Request], str], write: Writer | None = None
) -> None:
    """Answer every failure, foreseen or not, in one shape: as JSON, unless told otherwise."""
    write = write or write_error

    def foreseen(answer: Callable[[Any], ApiError]) -> Callable[..., None]:
        return lambda req, resp, error, params: write(req, resp, answer(error), origin(req))

    def unforeseen(req: falcon.Request, resp: falcon.Response, error: Exception, params: object) -> None:
        write(req, resp, _unforeseen(error, req), origin(req))

    def of_falcon(req: falcon.Request, resp: falcon.Response, error: falcon.HTTPError, params: object) -> None:
        write(req, resp, _of_falcon(error, req), origin(req))

    app.add_error_handler(Exception, unforeseen)
    app.add_error_handler(falcon.HTTPError, of_falcon)
    for rule in TABLE:
        app.add_error_handler(rule.error, foreseen(rule.answer))


def write_error(req: falcon.Request, resp: falcon.Response, error: ApiError, origin: str) -> None:
    """Answer with the failure."""
    resp.status = falcon.code_to_http_status(error.status)
    resp.data = msgspec.json.encode(envelope_of(error, req.context.request_id, origin))
    resp.content_type = falcon.MEDIA_JSON
    for name, value in error.headers.items():
        resp.set_header(name, value)


def envelope_of(error: ApiError, request_id: str, origin: str) -> dict[str, Any]:
    """The body of every failure."""
    body = {
        "code": error.code,
        "message": error.message,
        "status": error.status,
        "details": [{"field": field, "code": code, "message": message} for field, code, message in error.details],
        "requestId": request_id,
        "docUrl": f"{origin}/docs/guides/errors#{error.code}",
        **error.extra,
    }
    return {"success": False, "error": body}


def all_methods(allow: str) -> str:
    """What `Allow` names: the methods of a resource, with HEAD beside GET, and OPTIONS."""
    own = [method for method in allow.split(", ") if method not in ("", "HEAD", "OPTIONS")]
    return ", ".join(["GET, HEAD" if method == "GET" else method for method in own] + ["OPTIONS"])


def _of_falcon(error: falcon.HTTPError, req: falcon.Request) -> ApiError:
    status = error.status_code
    if status == 404:
        return ApiError(404, "not_found", "There is nothing at this address; the reference at /docs lists every route.")
    if status == 405:
        allowed = all_methods(dict(error.headers or {}).get("Allow", ""))
        message = f"This address does not take that method; it takes: {allowed}."
        return ApiError(405, "method_not_allowed", message, headers={"Allow": allowed})
    if status >= 500:
        return _unforeseen(error, req)
    return ApiError(400, "invalid_parameter", error.description or "The request is malformed.")


def _unforeseen(error: Exception, req: falcon.Request) -> ApiError:
    # The exception is logged; the answer shows nothing of it.
    facts = {"route": req.uri_template, "requestId": req.context.request_id}
    logger.error("unexpected fault", exc_info=error, extra={"facts": facts})
    return ApiError(
        500, "internal_error", "Something went wrong on our side; if it stays, report it with the requestId."
    )
