"""The resources `/me` and `/usage`. Integrations call `/me` to test a connection. Neither request costs a credit."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import ClassVar

import falcon
import msgspec

from api.http.envelope import success_of
from api.http.parameters import read_parameters, refuse_parameters
from api.http.request import Request
from api.operation import Operation, OperationKind, ResponseType
from api.ports.admission import Admission, OtherLimit
from api.ports.dependencies import Dependencies
from domain.accounts.window import CREDIT_WINDOW
from domain.calendar import Timestamp, instant
from domain.reading import parse_word
from projections.query.filters import QueryParameter
from projections.views.account import AccountFacts

GRANULARITIES = ("day", "hour")


class CreditWindow(msgspec.Struct, frozen=True, rename="camel"):
    """The rolling credit window after this request."""

    limit: int
    used: int
    remaining: int
    window_days: int
    reset_at: Timestamp | None
    fully_reset_at: Timestamp | None


class Account(AccountFacts, frozen=True, rename="camel"):
    """The organization, the key, its credit window, and the budget of the organization."""

    credits: CreditWindow
    organization_credits: CreditWindow | None


class Bucket(msgspec.Struct, frozen=True):
    """The credits of one day or hour."""

    start: Timestamp
    credits: int


class UsageReport(CreditWindow, frozen=True, rename="camel"):
    """The credit window, its credits per day or hour, and the budget of the organization."""

    organization_credits: CreditWindow | None
    window_start: Timestamp
    granularity: str
    buckets: list[Bucket]


class Me:
    """The resource `/me`: the organization, the key and its credit window."""

    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            id="getAccount",
            tag="Account",
            kind=OperationKind.REPORT,
            response=ResponseType("Account", (Account,)),
            envelope="AccountAnswer",
            free=True,
            admits_with_request=True,
        )
    }

    def __init__(self, dependencies: Dependencies) -> None:
        self._reads = dependencies.account_reads

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        refuse_parameters(req)
        account = self._reads.get_account(req.context.sender, req.context.last_four)
        admission = req.context.required_admission
        windows = credit_window(admission), budget_window(admission)
        resp.data = success_of(Account(account.organization, account.key, account.livemode, *windows))


class Usage:
    """The resource `/usage`: the credit window, and its credits per day or hour in the organization's time zone."""

    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            id="getUsage",
            tag="Account",
            kind=OperationKind.REPORT,
            response=ResponseType("UsageReport", (UsageReport,)),
            envelope="UsageReportAnswer",
            query={"granularity": QueryParameter({"type": "string", "enum": list(GRANULARITIES), "default": "day"})},
            free=True,
        )
    }

    def __init__(self, dependencies: Dependencies) -> None:
        self._reads = dependencies.account_reads

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        parameters = read_parameters(req, {"granularity": partial(parse_word, words=GRANULARITIES)})
        granularity = parameters.get("granularity", "day")
        admission = req.context.required_admission
        # If the database's clock was set back, earlier requests can have a later time than this request.
        end = max(admission.asked_at, admission.last_at or admission.asked_at)
        start = end - CREDIT_WINDOW
        buckets = self._reads.list_usage(
            admission.org_id, admission.key_id, granularity, start, end, most=admission.used
        )
        resp.data = success_of(
            UsageReport(
                **msgspec.structs.asdict(credit_window(admission)),
                organization_credits=budget_window(admission),
                window_start=instant(start),
                granularity=granularity,
                buckets=[Bucket(instant(at), credits) for at, credits in buckets],
            )
        )


def credit_window(admission: Admission) -> CreditWindow:
    """Return the credit window of an admitted request."""
    return _window(admission, admission.reset_at, admission.fully_reset_at)


def budget_window(admission: Admission) -> CreditWindow | None:
    """Return the credit window that the keys of the organization share; None if the organization has no budget."""
    budget = admission.budget
    if budget is None:
        return None
    return _window(budget, budget.readmitted_at or budget.reset_at, budget.fully_reset_at)


def _window(credits: Admission | OtherLimit, reset: datetime | None, fully: datetime | None) -> CreditWindow:
    return CreditWindow(
        limit=credits.limit,
        used=credits.used,
        remaining=credits.remaining,
        window_days=CREDIT_WINDOW.days,
        reset_at=instant(reset) if reset else None,
        fully_reset_at=instant(fully) if fully else None,
    )
