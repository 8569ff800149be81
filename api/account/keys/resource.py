"""API keys as the API shows them: without their hashes, and with their secret only in the response that creates it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from api.ports.keys import KeyUse
from domain.api_key import ACTIVE, EXPIRED, REVOKED
from domain.calendar import Timestamp, instant
from projections.views.display import one_of
from projections.views.keys import list_working

SHOWN_ONCE = (
    "The secret was shown in the first response and cannot be shown again. If you do not have it, rotate the key: the "
    "response has a new secret."
)
_encode = msgspec.json.Encoder().encode


class StoredKey(msgspec.Struct, rename="camel", kw_only=True, frozen=True):
    """A key as its row has it, or as `api_key_state_list` has it, which knows the time."""

    id: str
    name: str
    status: str
    scopes: tuple[str, ...]
    credit_limit: int
    last_four: str
    earlier_secrets: msgspec.Raw
    expires_at: datetime | None
    manages_keys: bool
    revoked_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int
    asked_at: datetime | None = None
    allowed_cidrs: tuple[str, ...] = ()
    burst: int | None = None


class WorkingKeySecret(msgspec.Struct, rename="camel", frozen=True):
    """A secret that was replaced by a rotation and still works."""

    last_four: str
    works_until: Timestamp


class ManagedKey(msgspec.Struct, rename="camel", kw_only=True):
    """An API key of the organization, without its secret."""

    id: str
    name: str
    last_four: str
    status: Annotated[str, one_of((ACTIVE, REVOKED, EXPIRED))]
    scopes: tuple[str, ...]
    credit_limit: int
    credits_used: int
    last_used_at: Timestamp | None
    expires_at: Timestamp | None
    allowed_cidrs: tuple[str, ...]
    burst: int | None
    manages_keys: bool
    earlier_secrets: list[WorkingKeySecret]
    revoked_at: Timestamp | None
    created_at: Timestamp
    updated_at: Timestamp
    version: int


class KeySecret(msgspec.Struct, rename="camel", kw_only=True):
    """The fields that only a response with a new secret has."""

    secret: str | None
    secret_notice: str | None


_decode = msgspec.json.Decoder(StoredKey).decode


def id_of(stored: bytes) -> str:
    """Return the id of a key. `stored` is its row, or a row of `api_key_state_list`."""
    return _decode(stored).id


def to_json(stored: bytes, use: KeyUse | None = None, **more: Any) -> bytes:
    """Return a key as JSON, with these further fields. `stored` is its row, or a row of `api_key_state_list`.

    Without `use`, the key was never used.
    """
    key = _decode(stored)
    secrets = list_working(key.earlier_secrets, key.status, key.asked_at or key.updated_at)
    resource = ManagedKey(
        id=key.id,
        name=key.name,
        last_four=key.last_four,
        status=key.status,
        scopes=key.scopes,
        credit_limit=key.credit_limit,
        credits_used=use.used if use else 0,
        last_used_at=_text(use.last_used_at) if use else None,
        expires_at=_text(key.expires_at),
        allowed_cidrs=key.allowed_cidrs,
        burst=key.burst,
        manages_keys=key.manages_keys,
        earlier_secrets=[WorkingKeySecret(each.last_four, instant(each.works_until)) for each in secrets],
        revoked_at=_text(key.revoked_at),
        created_at=instant(key.created_at),
        updated_at=instant(key.updated_at),
        version=key.version,
    )
    return _encode(msgspec.to_builtins(resource) | more)


def with_secret(stored: bytes, secret: str | None, use: KeyUse | None = None) -> bytes:
    """Return a key as JSON with its secret. None is a secret that cannot be shown again."""
    return to_json(stored, use, secret=secret, secretNotice=SHOWN_ONCE if secret is None else None)


def _text(at: datetime | None) -> str | None:
    return None if at is None else instant(at)
