"""The resources for the deliveries of one webhook."""

from __future__ import annotations

from typing import ClassVar

import falcon

from api.account.webhooks import operations
from api.account.webhooks.endpoints import find
from api.account.webhooks.resource import delivery_to_json
from api.http.body import refuse_body
from api.http.envelope import success
from api.http.origin import Origin
from api.http.parameters import refuse_parameters
from api.http.request import Request
from api.operation import Operation
from api.ports.dependencies import Dependencies
from api.resources import write_list
from domain.errors import NotFound
from projections.accounts.webhook import DELIVERY_LIST
from projections.query.filters import Condition


class Deliveries:
    """The resource `/webhooks/{id}/deliveries`. `GET` lists the deliveries, the newest first."""

    operations: ClassVar[dict[str, Operation]] = {"GET": operations.LIST_DELIVERIES}

    def __init__(self, dependencies: Dependencies, origin: Origin) -> None:
        self._reads, self._origin = dependencies.reads, origin

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        caller = req.context.sender
        query = DELIVERY_LIST.query(caller.owner.org_id, req.params, [Condition("webhook_id = %s", id)])
        find(self._reads, caller, id)
        page = self._reads.list_page(caller, query)
        objects = [delivery_to_json(each) for each in page.objects]
        write_list(req, resp, self._origin, objects, query.limit, page.next_cursor)


class DeliveryRetry:
    """The resource `/webhooks/{id}/deliveries/{deliveryId}/retry`. `POST` lets the sender attempt a delivery now."""

    operations: ClassVar[dict[str, Operation]] = {"POST": operations.RETRY}

    def __init__(self, dependencies: Dependencies) -> None:
        self._reads, self._webhooks = dependencies.reads, dependencies.webhooks

    def on_post(self, req: Request, resp: falcon.Response, id: str, deliveryId: str) -> None:  # noqa: N803 -- in the path
        refuse_body(req)
        refuse_parameters(req)
        caller = req.context.sender
        find(self._reads, caller, id)
        org_id = caller.owner.org_id
        attempted = self._webhooks.retry(org_id, id, deliveryId)
        delivery = None if attempted is None else self._webhooks.delivery(org_id, id, attempted)
        if delivery is None:
            raise NotFound("delivery", deliveryId)
        resp.status = falcon.HTTP_202
        resp.data = success(delivery_to_json(delivery))
