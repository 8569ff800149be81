"""The resources that prove the log: the checkpoint, the proof of one event, and the public keys that verify them."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

import falcon
import msgspec

from api.http.envelope import success_of
from api.http.parameters import refuse_parameters
from api.http.request import Request
from api.operation import Operation, OperationKind, ResponseType
from api.ports.admission import Admission, InsufficientScope
from api.ports.dependencies import Dependencies
from domain.errors import NotFound
from domain.registry import kind_of
from projections.views.events import READ_SCOPES
from projections.views.proofs import EventProof, LogCheckpoint

LOG_KEYS = "/.well-known/smartdhandha-log-keys"
"""The path of the public keys, which the guide and `smartdhandha audit check` name."""


class Checkpoint:
    """The resource `/checkpoint`: the signed root of the organization's log as it is now."""

    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            id="getCheckpoint",
            tag="Proofs",
            kind=OperationKind.REPORT,
            response=ResponseType("LogCheckpoint", (LogCheckpoint,)),
            envelope="LogCheckpointAnswer",
        )
    }

    def __init__(self, dependencies: Dependencies) -> None:
        self._proofs = dependencies.proofs

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        refuse_parameters(req)
        resp.data = success_of(self._proofs.get_checkpoint(req.context.required_admission.org_id))


class Proof:
    """The resource `/events/{eventId}/proof`: a file that proves the event to anybody who has the public keys."""

    operations: ClassVar[dict[str, Operation]] = {
        "GET": Operation(
            id="getEventProof",
            tag="Proofs",
            kind=OperationKind.OBJECT_PART,
            response=ResponseType("EventProof", (EventProof,)),
            envelope="EventProofAnswer",
            any_scope=tuple(dict.fromkeys(READ_SCOPES.values())),
        )
    }

    def __init__(self, dependencies: Dependencies) -> None:
        self._proofs = dependencies.proofs

    def on_get(self, req: Request, resp: falcon.Response, eventId: str) -> None:  # noqa: N803 -- in the path
        refuse_parameters(req)
        admission = req.context.required_admission
        found = self._proofs.get_proof(admission.org_id, eventId, partial(_check_may_read, admission, eventId))
        if found is None:
            raise NotFound("event", eventId)
        resp.data = success_of(found)


class LogKeys:
    """The resource `/.well-known/smartdhandha-log-keys`, which needs no key."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._proofs = dependencies.proofs

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        resp.data = msgspec.json.encode({"keys": self._proofs.list_keys()})


def _check_may_read(admission: Admission, id: str, type: str) -> None:
    """Check that the key may see events of this type. Raises InsufficientScope, and NotFound if no key may."""
    scope = READ_SCOPES.get(kind_of(type))
    if scope is None:
        raise NotFound("event", id)
    if scope not in admission.scopes:
        raise InsufficientScope(scope, admission.scopes)
