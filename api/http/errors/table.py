"""The table that maps errors to HTTP statuses and error codes.

A new refusal needs a line in TABLE and a section in the guide to errors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from api.advice.ids import id_advice
from api.advice.limits import (
    budget_facts,
    budget_message,
    budget_wait,
    burst_facts,
    burst_message,
    burst_wait,
    exhausted_facts,
    exhausted_message,
    exhausted_wait,
)
from api.http.errors import CHALLENGE, ApiError, are_all_found, join_first, shorten_details, shorten_name
from api.ports.admission import (
    AddressNotAllowed,
    BudgetExhausted,
    BurstExceeded,
    CreditExhausted,
    ExpiredKey,
    InsufficientScope,
    RevokedKey,
    UnknownKey,
)
from api.ports.event_log import SignerUnavailable, TreeBehind
from api.ports.reads import PastRowsMissing, PrintingTimedOut
from api.ports.request.deadline import LongReadRunning
from api.ports.webhooks import SecretsUnavailable
from commands.command import KeyReused
from commands.unit_of_work import Unavailable
from domain.errors import Conflict, Invalid, InvalidTransition, LiveMode, NotFound, StaleVersion
from domain.errors.api_key import BeyondOwnKey, ManagingKeyNeeded, ProtectedKey
from domain.errors.codes import (
    AMOUNT_EXCEEDS_BALANCE,
    BEYOND_OWN_KEY,
    READ_ONLY_FIELD,
    UNKNOWN_FIELD,
    VALIDATION_FAILED,
)
from domain.errors.document import AlreadyReversed, DuplicateNumber, DuplicatePayment
from domain.errors.leave import LeaveOverlap
from domain.errors.party import DuplicateExternalId
from domain.errors.violation import Violation
from domain.errors.webhook import DuplicateWebhook, ReplayRunning, TooManyWebhooks, TypeOutsideScopes
from domain.webhook import MAX_WEBHOOKS
from projections.query.refusals import INVALID_CURSOR, INVALID_PARAMETER, UNKNOWN_PARAMETER, InvalidQuery
from projections.views.events import POSITION_BEYOND_LOG, InTheFuture, PositionBeyondLog

RETRY_AFTER_SECONDS = 2
"""The value of Retry-After when the database cannot be reached."""
_INVOICE_ID = "inv_01KEXAMPLE0000000000000000"
_PAYMENT_ID = "pay_01KEXAMPLE0000000000000000"


def _none(error: Any) -> Any:
    return ()


def _no_members(error: Any) -> Any:
    return {}


class ErrorMapping(NamedTuple):
    """A line of the table: how errors of one class are shown in a response."""

    error: type[Exception]
    status: int
    code: str
    """The code of the failure. If all details have the same code, the failure has the code of the details instead."""
    message: Callable[[Any], str] = str
    details: Callable[[Any], Sequence[Violation]] = _none
    facts: Callable[[Any], Mapping[str, Any]] = _no_members
    headers: Callable[[Any], Mapping[str, str]] = _no_members
    detail_codes: tuple[str, ...] = ()
    """All codes that the details can have, including `code`."""
    example: Exception | None = None
    """The error that the API reference shows as an example. None if the class takes no arguments."""

    def respond(self, error: Exception) -> ApiError:
        details = self.details(error)
        codes = {each.code for each in details}
        code = codes.pop() if len(codes) == 1 else self.code
        short_details = shorten_details(details, code)
        return ApiError(self.status, code, self.message(error), short_details, self.facts(error), self.headers(error))


_Conflicting = (
    DuplicateNumber | DuplicatePayment | LeaveOverlap | DuplicateExternalId | DuplicateWebhook | ReplayRunning
)


def _conflict(code: str, example: _Conflicting) -> ErrorMapping:
    return ErrorMapping(
        type(example), 409, code, facts=lambda refused: {"conflictingId": refused.conflicting_id}, example=example
    )


def _unauthorized(error: type[Exception], code: str, message: str) -> ErrorMapping:
    return ErrorMapping(error, 401, code, lambda _: message, headers=lambda _: CHALLENGE)


def _unavailable(error: type[Exception], message: str) -> ErrorMapping:
    retry_after = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return ErrorMapping(error, 503, "unavailable", lambda _: message, headers=lambda _: retry_after)


def _invalid_message(error: Invalid) -> str:
    fields: dict[str, Violation] = {}
    for violation in error.violations:
        fields.setdefault(shorten_name(violation.field), violation)
    names = join_first(list(fields.values()), ", ", _named, are_all=are_all_found(error.violations))
    return f"Some fields are wrong: {names}. See details for each."


def _named(violation: Violation) -> str:
    """Return the name of a wrong field, with the field or the value that was probably meant."""
    return violation._replace(message=shorten_name(violation.field)).summary


def _invalid_query_message(error: InvalidQuery) -> str:
    problems = join_first(
        error.violations, "; ", lambda each: f"{shorten_name(each.field)} {each.summary}", are_all=True
    )
    return f"Some query parameters are wrong: {problems}."


def _not_found_message(error: NotFound) -> str:
    advice = id_advice(error.kind, error.id)
    return f"{error} {advice}" if advice else str(error)


TABLE: tuple[ErrorMapping, ...] = (
    ErrorMapping(
        InvalidQuery,
        400,
        INVALID_PARAMETER,
        _invalid_query_message,
        details=lambda error: error.violations,
        detail_codes=(UNKNOWN_PARAMETER, INVALID_PARAMETER, INVALID_CURSOR),
    ),
    ErrorMapping(
        InTheFuture,
        400,
        INVALID_PARAMETER,
        lambda _: "This time or version is in the future; ask for an earlier one, or leave the parameter out.",
    ),
    ErrorMapping(
        PositionBeyondLog,
        400,
        POSITION_BEYOND_LOG,
        details=lambda error: [
            Violation("after", POSITION_BEYOND_LOG, f"must be at most {error.head}, the end of the log")
        ],
        facts=lambda error: {"head": error.head},
        example=PositionBeyondLog(1200, 1187),
    ),
    _unauthorized(UnknownKey, "invalid_api_key", "There is no such API key; check that you copied the whole key."),
    _unauthorized(RevokedKey, "api_key_revoked", "This API key was revoked; create another one."),
    _unauthorized(
        ExpiredKey, "api_key_expired", "This API key has expired; use its newer secret or create another key."
    ),
    ErrorMapping(
        AddressNotAllowed,
        403,
        "address_not_allowed",
        facts=lambda error: {"address": error.address or None},
        example=AddressNotAllowed("198.51.100.7"),
    ),
    ErrorMapping(
        InsufficientScope,
        403,
        "insufficient_scope",
        facts=lambda error: {"requiredScope": error.scope, "keyScopes": list(error.scopes)},
        example=InsufficientScope("billing:write", ["billing:read"]),
    ),
    ErrorMapping(
        TypeOutsideScopes,
        403,
        "insufficient_scope",
        facts=lambda error: {"requiredScope": error.scope, "keyScopes": list(error.scopes)},
        example=TypeOutsideScopes("bill.paid", "billing:read", ["leaves:read"]),
    ),
    ErrorMapping(ManagingKeyNeeded, 403, "managing_key_needed"),
    ErrorMapping(ProtectedKey, 403, "protected_key", example=ProtectedKey("rotated")),
    ErrorMapping(
        BeyondOwnKey,
        403,
        BEYOND_OWN_KEY,
        details=lambda error: error.violations,
        example=BeyondOwnKey(
            [Violation("creditLimit", BEYOND_OWN_KEY, "must be at most 1000, as for the key of this request")]
        ),
    ),
    ErrorMapping(NotFound, 404, "not_found", _not_found_message, example=NotFound("invoice", _INVOICE_ID)),
    _conflict("duplicate_number", DuplicateNumber("INV-2025-26-0001", "2025-26", _INVOICE_ID)),
    _conflict("duplicate_payment", DuplicatePayment(_PAYMENT_ID)),
    ErrorMapping(AlreadyReversed, 409, "already_reversed", example=AlreadyReversed(_PAYMENT_ID, date(2026, 1, 12))),
    ErrorMapping(
        InvalidTransition,
        409,
        "invalid_transition",
        facts=lambda error: {"allowed": error.allowed},
        example=InvalidTransition("invoice", "paid", "void", ()),
    ),
    _conflict("leave_overlap", LeaveOverlap("leave_01KEXAMPLE0000000000000000")),
    _conflict(
        "duplicate_external_id", DuplicateExternalId("party", "acme-traders", "party_01KEXAMPLE0000000000000000")
    ),
    _conflict("duplicate_webhook", DuplicateWebhook("whk_01KEXAMPLE0000000000000000")),
    _conflict("replay_running", ReplayRunning("rpl_0649C6D8A1B2C3D4E5F6A7B8C9")),
    ErrorMapping(LiveMode, 409, "test_mode_only"),
    ErrorMapping(TooManyWebhooks, 409, "webhook_limit", example=TooManyWebhooks(MAX_WEBHOOKS)),
    ErrorMapping(
        Conflict,
        409,
        "conflict",
        example=Conflict("Something else was written at the same time; send the request again."),
    ),
    ErrorMapping(StaleVersion, 412, "precondition_failed", example=StaleVersion(3)),
    ErrorMapping(
        Invalid,
        422,
        VALIDATION_FAILED,
        _invalid_message,
        details=lambda error: error.violations,
        detail_codes=(VALIDATION_FAILED, UNKNOWN_FIELD, READ_ONLY_FIELD, AMOUNT_EXCEEDS_BALANCE),
    ),
    ErrorMapping(KeyReused, 422, "idempotency_key_reused", example=KeyReused("7d0c5f9e")),
    ErrorMapping(
        CreditExhausted,
        429,
        "rate_limited",
        exhausted_message,
        facts=exhausted_facts,
        headers=lambda error: {"Retry-After": str(exhausted_wait(error))},
    ),
    ErrorMapping(
        BurstExceeded,
        429,
        "rate_limited",
        burst_message,
        facts=burst_facts,
        headers=lambda error: {"Retry-After": str(burst_wait(error))},
    ),
    ErrorMapping(
        BudgetExhausted,
        429,
        "rate_limited",
        budget_message,
        facts=budget_facts,
        headers=lambda error: {"Retry-After": str(budget_wait(error))},
    ),
    _unavailable(
        LongReadRunning,
        "Another long read of your organization is running; send the request again in "
        f"{RETRY_AFTER_SECONDS} seconds, and send only one such request at a time.",
    ),
    _unavailable(
        PastRowsMissing,
        "The service still reads the newest changes, so it cannot show the list as it was; send the request again in "
        f"{RETRY_AFTER_SECONDS} seconds, or leave asOf out.",
    ),
    _unavailable(
        SecretsUnavailable,
        "This service has no key for secrets of webhooks, so it cannot make one. Its operator must set "
        "SMARTDHANDHA_SECRET_KEY.",
    ),
    ErrorMapping(
        TreeBehind,
        503,
        "unavailable",
        headers=lambda error: {"Retry-After": str(error.seconds)},
        example=TreeBehind(20_000),
    ),
    _unavailable(
        SignerUnavailable,
        "This service cannot sign: it has no key for checkpoints, or another SMARTDHANDHA_SECRET_KEY than the one that "
        "encrypted it. Its operator must set that one, or run: smartdhandha audit rotate-key",
    ),
    _unavailable(
        PrintingTimedOut,
        "The PDF was not made in time: it is long, or others are being made; send the request again in "
        f"{RETRY_AFTER_SECONDS} seconds.",
    ),
    _unavailable(Unavailable, "The service cannot reach its database; try again in a few seconds."),
)
"""The lines of the table. The first line that fits an error is used, so a subclass must come before its base class."""


def mapping_of(error: type[Exception]) -> ErrorMapping:
    """Return the line of the table for this class of error. Raises LookupError if there is none."""
    for mapping in TABLE:
        if issubclass(error, mapping.error):
            return mapping
    raise LookupError(error.__name__)


def api_error_of(error: Exception) -> ApiError:
    """Return the failure for this error. Raises LookupError for an error that is not in the table."""
    return error if isinstance(error, ApiError) else mapping_of(type(error)).respond(error)
