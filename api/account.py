"""`/me`, which an integration calls to test its connection, and `/usage`; both free of charge."""

from __future__ import annotations

from typing import Any, ClassVar

import falcon

from api.dependencies import WINDOW, Admission, Dependencies
from api.envelope import success_of
from api.parameters import OneWord, read_parameters, refuse_parameters
from domain.calendar import instant


class Me:
    """The organization, the key and its credit window; free of charge."""

    scopes: ClassVar[dict[str, str | None]] = {"GET": None}
    free: ClassVar[bool] = True

    def __init__(self, dependencies: Dependencies) -> None:
        self._reads = dependencies.reads

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        refuse_parameters(req)
        admission: Admission = req.context.admission
        account = self._reads.account(admission.org_id, admission.key_id)
        resp.data = success_of({**account, "credits": window(admission)})


class Usage:
    """The credit window, and how it was spent by day or by hour of the organization's time zone."""

    scopes: ClassVar[dict[str, str | None]] = {"GET": None}
    free: ClassVar[bool] = True

    def __init__(self, dependencies: Dependencies) -> None:
        self._reads = dependencies.reads

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        granularity = read_parameters(req, {"granularity": OneWord(("day", "hour"))}).get("granularity", "day")
        admission: Admission = req.context.admission
        start = admission.asked_at - WINDOW
        buckets = self._reads.usage(admission.org_id, admission.key_id, granularity, start, admission.asked_at)
        resp.data = success_of(
            {
                **window(admission),
                "windowStart": instant(start),
                "granularity": granularity,
                "buckets": [{"start": instant(at), "credits": credits} for at, credits in buckets],
            }
        )


def window(admission: Admission) -> dict[str, Any]:
    """The rolling credit window as it stands now."""
    reset, fully = admission.reset_at, admission.fully_reset_at
    return {
        "limit": admission.limit,
        "used": admission.used,
        "remaining": admission.remaining,
        "windowDays": 30,
        "resetAt": reset and instant(reset),
        "fullyResetAt": fully and instant(fully),
    }
