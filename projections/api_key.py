"""The read side of API keys: one row per key, and the table in which the hash of a secret finds its key."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from domain.aggregate import Event
from domain.api_key import ApiKey
from domain.calendar import instant
from projections.display import DisplayFields
from projections.projection import RowProjection, Statement

_encode = msgspec.json.Encoder().encode

_DELETE_HASHES = "DELETE FROM api_key_hashes WHERE org_id = %s AND key_id = %s"
_INSERT_HASH = "INSERT INTO api_key_hashes (hash, org_id, key_id, valid_until) VALUES (decode(%s, 'hex'), %s, %s, %s)"


class ApiKeyRow(msgspec.Struct, rename="camel", kw_only=True):
    """A key without its secret, of which only the last four characters are stored."""

    id: str
    name: str
    status: str
    scopes: tuple[str, ...]
    credit_limit: int
    last_four: str
    key_hash: str
    previous_hash: str | None = None
    previous_until: str | None = None
    expires_at: str | None = None
    revoked_at: str | None = None
    created_at: str
    updated_at: str
    version: int


class ApiKeyProjection(RowProjection[ApiKeyRow]):
    name: ClassVar[str] = "api_keys"
    table: ClassVar[str] = "api_keys"
    view: ClassVar[str] = "api_key_list"
    kind: ClassVar[str] = ApiKey.kind
    display: ClassVar[DisplayFields] = DisplayFields(
        name=("name",), detail=("last_four",), template="{noun} {name} (…{detail})"
    )
    version: ClassVar[int] = 1
    in_place: ClassVar[bool] = True
    columns: ClassVar[tuple[str, ...]] = (
        "name",
        "status",
        "scopes",
        "credit_limit",
        "last_four",
        "key_hash",
        "previous_hash",
        "previous_until",
        "expires_at",
        "revoked_at",
        "created_at",
        "updated_at",
        "version",
    )

    def fold(self, row: ApiKeyRow | None, event: Event) -> ApiKeyRow:
        at = instant(event.timestamp)
        if row is None:
            base: dict[str, Any] = {"id": event.originator_id, "created_at": at, "updated_at": at, "version": 1}
            return ApiKeyRow(**base, **event.changes())
        for name, value in event.changes().items():
            setattr(row, name, value)
        row.updated_at, row.version = at, event.originator_version
        return row

    def values(self, row: ApiKeyRow) -> tuple[Any, ...]:
        cells = (getattr(row, name) for name in self.columns)
        return tuple(list(value) if isinstance(value, tuple) else value for value in cells)

    def to_json(self, row: ApiKeyRow) -> bytes:
        return _encode(row)

    def statements(self, org_id: str, id: str, row: ApiKeyRow, is_new: bool) -> list[Statement]:
        statements = super().statements(org_id, id, row, is_new)
        statements.append((_DELETE_HASHES, (org_id, id)))
        statements.append((_INSERT_HASH, (row.key_hash, org_id, id, None)))
        if row.previous_hash is not None:
            statements.append((_INSERT_HASH, (row.previous_hash, org_id, id, row.previous_until)))
        return statements


API_KEYS = ApiKeyProjection()
