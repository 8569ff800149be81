"""`/healthz` and `/readyz`: whether the process lives, and whether it can do its work."""

from __future__ import annotations

import falcon

from api.http.answers import success_of
from api.http.errors import ApiError
from api.ports.dependencies import Dependencies


class Healthz:
    """The process answers."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        resp.data = success_of({"status": "ok"})


class Readyz:
    """The database answers, and its schema is the one that this version needs."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._health = dependencies.health

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        problem = self._health.problem()
        if problem is not None:
            raise ApiError(503, "unavailable", problem, headers={"Retry-After": "2"})
        resp.data = success_of({"status": "ready"})
