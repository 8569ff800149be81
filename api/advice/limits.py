"""What a 429 says: which limit is reached, how long to wait, and where the limit is raised."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

from api.advice.credentials import BUDGET_PAGE, KEYS_PAGE
from api.ports.admission import Admission, BudgetExhausted, BurstExceeded, CreditExhausted
from domain.accounts.window import BUDGET_POLICY, BURST_POLICY, BURST_WINDOW, CREDIT_WINDOW, WINDOW_POLICY
from domain.calendar import instant
from domain.text import counted


def exhausted_wait(error: CreditExhausted) -> int:
    """Return how many seconds a client must wait for its next credit."""
    return _seconds_until(error.admission.readmitted_at, error.admission)


def exhausted_message(error: CreditExhausted) -> str:
    facts, wait = exhausted_facts(error), counted(exhausted_wait(error), "second")
    return (
        f"This key has spent all its {facts['limit']} credits of the rolling {facts['windowDays']} days. It can send "
        f"the next request at {facts['resetAt']}; wait {wait}, or {_raised('limit', error.admission)}"
    )


def exhausted_facts(error: CreditExhausted) -> dict[str, Any]:
    admission = error.admission
    assert admission.readmitted_at is not None and admission.fully_reset_at is not None
    return {
        "policy": WINDOW_POLICY,
        "limit": admission.limit,
        "used": admission.used,
        "windowDays": CREDIT_WINDOW.days,
        "resetAt": instant(admission.readmitted_at),
        "fullyResetAt": instant(admission.fully_reset_at),
    }


def burst_wait(error: BurstExceeded) -> int:
    """Return how many seconds a client must wait until a request of the last second no longer counts."""
    return _seconds_until(error.limit.reset_at, error.admission)


def burst_message(error: BurstExceeded) -> str:
    requests = counted(error.limit.limit, "request")
    return (
        f"This key may send {requests} in a second, and has already done so. "
        f"Wait {counted(burst_wait(error), 'second')} and send the request again, "
        f"more slowly; or {_raised('burst', error.admission)}"
    )


def burst_facts(error: BurstExceeded) -> dict[str, Any]:
    assert error.limit.reset_at is not None
    return {
        "policy": BURST_POLICY,
        "limit": error.limit.limit,
        "used": error.limit.used,
        "windowSeconds": int(BURST_WINDOW.total_seconds()),
        "resetAt": instant(error.limit.reset_at),
    }


def budget_wait(error: BudgetExhausted) -> int:
    """Return how many seconds a client must wait for the next credit of its organization."""
    return _seconds_until(error.limit.readmitted_at, error.admission)


def budget_message(error: BudgetExhausted) -> str:
    facts, wait = budget_facts(error), counted(budget_wait(error), "second")
    return (
        f"Your organization has spent all the {facts['limit']} credits of its budget for the rolling "
        f"{facts['windowDays']} days, which its keys share. Its keys can send the next request at {facts['resetAt']}; "
        f"wait {wait}, or let an owner or admin raise the budget in the console: {BUDGET_PAGE}."
    )


def budget_facts(error: BudgetExhausted) -> dict[str, Any]:
    limit = error.limit
    assert limit.readmitted_at is not None and limit.fully_reset_at is not None
    return {
        "policy": BUDGET_POLICY,
        "limit": limit.limit,
        "used": limit.used,
        "windowDays": CREDIT_WINDOW.days,
        "resetAt": instant(limit.readmitted_at),
        "fullyResetAt": instant(limit.fully_reset_at),
    }


def _seconds_until(at: datetime | None, admission: Admission) -> int:
    assert at is not None
    return max(1, math.ceil((at - admission.asked_at).total_seconds()))


def _raised(limit: str, admission: Admission) -> str:
    return f"let an owner or admin raise the {limit} in the console: {KEYS_PAGE}/keys/{admission.key_id}/edit."
