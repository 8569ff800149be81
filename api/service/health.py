"""The resources `/healthz` and `/readyz`: whether the process runs, and whether it can serve requests."""

from __future__ import annotations

import falcon

from api.http.envelope import success_of
from api.http.errors import ApiError
from api.http.errors.table import RETRY_AFTER_SECONDS
from api.ports.dependencies import Dependencies


class Healthz:
    """The resource `/healthz`, which succeeds whenever the process responds."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        resp.data = success_of({"status": "ok"})


class Readyz:
    """The resource `/readyz`, which succeeds when the database responds and has the schema that this version needs."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._health = dependencies.health

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        problem = self._health.problem()
        if problem is not None:
            raise ApiError(503, "unavailable", problem, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
        resp.data = success_of({"status": "ready"})
