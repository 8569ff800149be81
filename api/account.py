"""`/me`: what an integration calls to test its connection."""

from __future__ import annotations

from typing import Any, ClassVar

import falcon

from api.dependencies import Admission, Dependencies
from api.envelope import refuse_parameters, success_of
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
