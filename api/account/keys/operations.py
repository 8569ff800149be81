"""The operations on API keys, as the OpenAPI document describes them."""

from __future__ import annotations

from typing import Any

from api.account.keys.resource import KeySecret, ManagedKey, to_json, with_secret
from api.http.envelope import Pagination
from api.operation import Operation, OperationKind, ResponseType
from commands.accounts.api_key import IssueKey, RevokeKey, RotateKey, UpdateKey
from domain.api_key import ApiKey
from domain.errors import InvalidTransition
from domain.errors.api_key import BeyondOwnKey, ManagingKeyNeeded, ProtectedKey
from projections.accounts.api_key import API_KEY_LIST

TAG = "Keys"
KEY = ResponseType("ManagedKey", (ManagedKey,))
WITH_SECRET = ResponseType("ManagedKeyWithSecret", (ManagedKey, KeySecret))
_EXAMPLE_SECRET = "sd_live_…"  # noqa: S105 -- a placeholder


def operation(id: str, kind: OperationKind, response: ResponseType = KEY, **options: Any) -> Operation:
    """Return an operation on API keys. The key of the request must be one that may manage keys."""
    refusals = (ManagingKeyNeeded, *options.pop("refusals", ()))
    return Operation(
        id=id,
        tag=TAG,
        kind=kind,
        response=response,
        refusals=refusals,
        **{
            "envelope": f"{response.name}Answer",
            "resource_type": ApiKey.kind,
            "needs_managing_key": True,
            "admits_with_request": True,
            "render": to_json,
            **options,
        },
    )


def _with_new_secret(row: bytes) -> bytes:
    return with_secret(row, _EXAMPLE_SECRET)


LIST = operation(
    "listKeys",
    OperationKind.LIST,
    envelope="ManagedKeyList",
    pagination=Pagination,
    query=API_KEY_LIST.query_parameters(),
)
CREATE = operation(
    "createKey",
    OperationKind.CREATE,
    WITH_SECRET,
    body=IssueKey,
    render=_with_new_secret,
    refusals=(BeyondOwnKey,),
)
GET = operation("getKey", OperationKind.STATE)
UPDATE = operation(
    "updateKey", OperationKind.UPDATE, body=UpdateKey, refusals=(ProtectedKey, BeyondOwnKey, InvalidTransition)
)
ROTATE = operation(
    "rotateKey",
    OperationKind.ACTION,
    WITH_SECRET,
    body=RotateKey,
    render=_with_new_secret,
    refusals=(ProtectedKey, BeyondOwnKey, InvalidTransition),
)
REVOKE = operation("revokeKey", OperationKind.ACTION, body=RevokeKey, refusals=(ProtectedKey,))
