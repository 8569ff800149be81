"""The resource `/organization`: the organization of the key, with what its documents say of it. It costs no credit."""

from __future__ import annotations

from typing import ClassVar

import falcon

from api.http.envelope import success_of
from api.http.parameters import refuse_parameters
from api.http.request import Request
from api.operation import Operation, OperationKind, ResponseType
from api.ports.dependencies import Dependencies
from projections.views.account import OrganizationProfile


class OwnOrganization:
    """The resource `/organization`. Nothing changes it through the API."""

    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            id="getOrganization",
            tag="Account",
            kind=OperationKind.REPORT,
            response=ResponseType("Organization", (OrganizationProfile,)),
            envelope="OrganizationAnswer",
            free=True,
            admits_with_request=True,
        )
    }

    def __init__(self, dependencies: Dependencies) -> None:
        self._reads = dependencies.account_reads

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        refuse_parameters(req)
        resp.data = success_of(self._reads.get_organization(req.context.sender))
