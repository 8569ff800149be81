"""The messages of wrong fields: each one is a predicate, so that all of them read alike."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.api_key import ApiKey
from domain.document import check_dates
from domain.documents.payment import NewPayment
from domain.documents.pricing import Line, check_pricing
from domain.errors import Invalid
from domain.errors.violation import Violation
from domain.leave import Leave
from domain.leaves.changes import check_alone, check_changes
from domain.leaves.days import LeaveDays
from tests.support.cases import all_cases
from tests.support.domain_states import AT, TODAY, paid, sent

DAY, NEXT_DAY, DAY_LONG = date(2026, 1, 10), date(2026, 1, 11), timedelta(days=1)
LEAVE: dict[str, Any] = {
    "employee_id": "asha",
    "employee_name": None,
    "type": "sick",
    "start_date": DAY,
    "end_date": DAY,
    "day_part": "full",
    "reason": None,
}


def approved() -> Any:
    leave = Leave.request("leave_1", at=AT, **LEAVE)
    leave.decide("approved", "Enjoy it", AT, DAY - timedelta(days=1))
    return leave


def changes_of_approved(**changes: Any) -> list[Violation]:
    return check_changes("approved", LeaveDays(DAY, DAY), changes, DAY)


def violations_of(refused: Callable[[], object]) -> list[Violation]:
    with pytest.raises(Invalid) as error:
        refused()
    return list(error.value.violations)


def key(**changes: Any) -> ApiKey:
    fields: dict[str, Any] = {"name": "x", "scopes": (), "credit_limit": 1, "key_hash": "h", "last_four": "wxyz"}
    return ApiKey.issue("key_1", at=AT, **{**fields, "expires_at": None, **changes})


CASES: dict[str, Callable[[], list[Violation]]] = {
    "dueDate must not be before invoiceDate (2026-01-11)": lambda: check_dates("invoice_date", NEXT_DAY, DAY),
    "clientId cannot be changed while the invoice is sent": lambda: sent().check_changes({"client_id": "other"}),
    "items must have a total of less than 10^15": lambda: check_pricing(
        [Line("x", Decimal(10**9), Decimal(10**9), Decimal(0))], "INR"
    ),
    "amount must be at most the balance due, 82600.00 INR": lambda: sent().check_payment(
        NewPayment(Decimal(82601)), TODAY
    ),
    "amount must have at most 2 decimal places in INR": lambda: sent().check_payment(
        NewPayment(Decimal("0.001")), TODAY
    ),
    "paidOn must not be after today (2026-01-20)": lambda: sent().check_payment(
        NewPayment(None, date(2026, 1, 21)), TODAY
    ),
    "reference is required for the kind write_off; give the reason why this amount will not be paid": lambda: (
        sent().check_payment(NewPayment(Decimal(1), TODAY, "write_off"), TODAY)
    ),
    "reversedOn must not be before paidOn (2026-01-20)": lambda: paid().check_reversal(
        "pay_1", TODAY - DAY_LONG, TODAY
    ),
    "reversedOn must not be after today (2026-01-20)": lambda: paid().check_reversal("pay_1", TODAY + DAY_LONG, TODAY),
    "endDate must not be before startDate (2026-01-11)": lambda: LeaveDays(NEXT_DAY, DAY).check(),
    "endDate must not make the leave longer than 366 days": lambda: LeaveDays(DAY, date(2027, 1, 11)).check(),
    "dayPart must be full unless startDate and endDate are the same day; send startPart or endPart for a half day": (
        lambda: LeaveDays(DAY, NEXT_DAY, "first_half").check()
    ),
    "startPart must be full when startDate and endDate are the same day; send dayPart for half a day": (
        lambda: LeaveDays(DAY, DAY, "full", "second_half").check()
    ),
    "startDate cannot be changed while the leave is approved; only endDate and endPart can be changed, to cut "
    "the leave short": lambda: changes_of_approved(start_date=DAY),
    "reason cannot be changed while the leave is denied; request another leave": (
        lambda: check_changes("denied", LeaveDays(DAY, DAY), {"reason": None}, DAY)
    ),
    "endDate must not be after 2026-01-10: an approved leave can only be cut short; request the additional days as "
    "another leave": lambda: changes_of_approved(end_date=NEXT_DAY),
    "endPart must stay first_half: an approved leave can only be cut short; request the additional days as "
    "another leave": (
        lambda: check_changes("approved", LeaveDays(DAY, NEXT_DAY, end_part="first_half"), {"end_part": "full"}, DAY)
    ),
    "endPart must leave at least half a day: the leave begins in the second half of 2026-01-10; send endPart full": (
        lambda: check_changes("approved", LeaveDays(DAY, DAY, "second_half"), {"end_part": "first_half"}, DAY)
    ),
    "endDate must not be before 2026-01-11, 31 days ago": lambda: check_changes(
        "approved", LeaveDays(DAY, date(2026, 2, 1)), {"end_date": DAY}, date(2026, 2, 11)
    ),
    "endPart cannot be changed more than 31 days after the last day (2026-01-10)": lambda: check_changes(
        "approved", LeaveDays(DAY, DAY), {"end_part": "first_half"}, date(2026, 2, 11)
    ),
    "status must not be sent together with endDate, reason; send these changes in a separate request": (
        lambda: check_alone({"end_date": DAY, "reason": None})
    ),
    "status is required with a note; send the decision with its note": lambda: approved().check_note(None, "Noted"),
    "note cannot be changed once the leave is approved": lambda: approved().check_note("approved", "Noted"),
    "expiresAt must be in the future": lambda: violations_of(lambda: key(expires_at=AT)),
    "overlap must be between 0 and 7 days": lambda: violations_of(
        lambda: key().rotate("h", "abcd", timedelta(days=8), AT)
    ),
}


@all_cases("sentence", CASES)
def test_a_message_completes_the_sentence_that_begins_with_the_field(sentence):
    (violation,) = CASES[sentence]()
    assert f"{violation.field} {violation.message}" == sentence
    assert re.fullmatch(r"(must|is|cannot) .*[^.]", violation.message)


def test_the_refusal_of_several_fields_is_one_sentence():
    first, second = Violation("amount", "validation_failed", "is required"), Violation("paidOn", "x", "is required")
    assert str(Invalid([first, second])) == "amount is required; paidOn is required."
