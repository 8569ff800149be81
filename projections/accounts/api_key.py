"""The read side of API keys: one row per key, and the table that finds the key for the hash of a secret."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, NamedTuple

import msgspec

from domain.accounts.key_secret import PREFIXES
from domain.aggregate import Event
from domain.api_key import ACTIVE, EXPIRED, REVOKED, ApiKey
from domain.calendar import Timestamp, instant
from domain.reading import parse_instant
from domain.registry import SCOPES
from projections.projection import DependentTable, RowProjection, Statement
from projections.query.filters import INSTANT, Condition, Flag, HasWord, OneOf
from projections.query.listing import Listing
from projections.query.search import Search, search_columns
from projections.views.display import DisplayFields

_encode = msgspec.json.Encoder().encode

# The hash of the current secret has no `valid_until`. The hash of an earlier secret has a `valid_until`, which never
# changes.
_DELETE_PRESENT_HASH = "DELETE FROM api_key_hashes WHERE org_id = %s AND key_id = %s AND valid_until IS NULL"
_DELETE_HASHES = "DELETE FROM api_key_hashes WHERE org_id = %s AND key_id = %s"
_INSERT_HASHES = """
INSERT INTO api_key_hashes (hash, org_id, key_id, valid_until)
SELECT decode(t.hash, 'hex'), %s, %s, t.valid_until FROM unnest(%s::text[], %s::timestamptz[]) AS t (hash, valid_until)
ON CONFLICT DO NOTHING
"""


CHECK_USE = "SELECT check_own_use(set_organization(%s), %s)"
"""Lets the worker look which threshold a key or a budget has reached. A rebuild has not set its organization before."""


class EarlierSecret(msgspec.Struct, frozen=True, rename="camel"):
    """A secret that was replaced by a rotation, and the time until which it works."""

    noun: ClassVar[str] = "earlier secret"

    last_four: str
    works_until: Timestamp


class ApiKeyRow(msgspec.Struct, rename="camel", kw_only=True):
    """The row of a key. Of secrets it holds only the hash of the current one, and the last four characters of each."""

    id: str
    name: str
    status: str
    scopes: tuple[str, ...]
    credit_limit: int
    last_four: str
    key_hash: str
    earlier_secrets: list[EarlierSecret] = []
    """The earlier secrets that still worked at `updated_at`, in the order in which they were replaced."""
    expires_at: Timestamp | None = None
    manages_keys: bool = False
    allowed_cidrs: tuple[str, ...] = ()
    """The networks from which the key may be used; empty for everywhere."""
    burst: int | None = None
    """How many requests the key may send in any second; None for any number."""
    revoked_at: Timestamp | None = None
    found_at: str | None = None
    threshold: int = 0
    """The highest threshold of the credit limit that counts as reached, in percent; 0 for none."""
    created_at: Timestamp
    updated_at: Timestamp
    version: int


class FoldedKey(NamedTuple):
    """The row of a key, and the hashes of all secrets that the key ever had."""

    row: ApiKeyRow
    hashes: dict[str, str | None]
    """For the hash of each secret, the time until which the secret works; None for the current secret."""


class ApiKeyProjection(RowProjection[FoldedKey]):
    name: ClassVar[str] = "api_keys"
    table: ClassVar[str] = "api_keys"
    view: ClassVar[str] = "api_key_list"
    kind: ClassVar[str] = ApiKey.kind
    entry_type: ClassVar[type[msgspec.Struct]] = ApiKeyRow
    display: ClassVar[DisplayFields] = DisplayFields(
        name=("name",), detail=("last_four",), template="{noun} {name} (…{detail})"
    )
    secret_fields: ClassVar[frozenset[str]] = frozenset(("keyHash",))
    version: ClassVar[int] = 4
    in_place: ClassVar[bool] = True
    dependent: ClassVar[DependentTable | None] = DependentTable(
        "api_key_hashes", "key_id", ("encode(hash, 'hex')", "valid_until")
    )
    columns: ClassVar[tuple[str, ...]] = (
        "name",
        "status",
        "scopes",
        "credit_limit",
        "last_four",
        "key_hash",
        "earlier_secrets",
        "expires_at",
        "revoked_at",
        "created_at",
        "updated_at",
        "version",
        "manages_keys",
        "search",
        "beginnings",
        "found_at",
        "allowed_cidrs",
        "burst",
        "threshold",
    )

    def fold(self, row: FoldedKey | None, event: Event) -> FoldedKey:
        at = instant(event.timestamp)
        if row is None:
            base: dict[str, Any] = {"id": event.originator_id, "created_at": at, "updated_at": at, "version": 1}
            key = ApiKeyRow(**base, **event.changes())
            return FoldedKey(key, {key.key_hash: None})
        key, hashes = row
        if isinstance(event, ApiKey.Rotated):
            _rotate(row, event)
        else:
            for name, value in event.changes().items():
                setattr(key, name, value)
        key.earlier_secrets = [secret for secret in key.earlier_secrets if secret.works_until >= at]
        key.updated_at, key.version = at, event.originator_version
        return FoldedKey(key, hashes)

    def values(self, row: FoldedKey) -> tuple[Any, ...]:
        key = row.row
        search, beginnings = search_columns((key.name, key.last_four), (key.id,))
        shown = {name: getattr(key, name, None) for name in self.columns}
        shown |= {"search": search, "beginnings": beginnings}
        shown["scopes"] = list(key.scopes)
        shown["earlier_secrets"] = _encode(key.earlier_secrets).decode()
        shown["allowed_cidrs"] = list(key.allowed_cidrs) or None  # null: admission has nothing to compare
        return tuple(shown.values())

    def to_json(self, row: FoldedKey) -> bytes:
        return _encode(row.row)

    def statements(self, org_id: str, id: str, row: FoldedKey, is_new: bool) -> list[Statement]:
        ends = (org_id, id, list(row.hashes), list(row.hashes.values()))
        statements = super().statements(org_id, id, row, is_new)
        return [*statements, (_DELETE_PRESENT_HASH, (org_id, id)), (_INSERT_HASHES, ends), (CHECK_USE, (org_id, id))]

    def dependent_rows(self, row: FoldedKey) -> dict[str, datetime | None]:
        return {hash: None if end is None else parse_instant(end) for hash, end in row.hashes.items()}

    def deletions(self, org_id: str, id: str) -> list[Statement]:
        return [(_DELETE_HASHES, (org_id, id))]


def _rotate(folded: FoldedKey, event: ApiKey.Rotated) -> None:
    """Replace the secret. Keep the previous secret, together with the time until which it works."""
    key, hashes = folded
    key.earlier_secrets.append(EarlierSecret(key.last_four, event.previous_until))
    key.key_hash, key.last_four = event.key_hash, event.last_four
    hashes |= {event.previous_hash: event.previous_until, event.key_hash: None}


class KeySearch(Search, frozen=True):
    """A search for a key. The text can also be the short form of a secret, as pages show it: `sd_live_…Xk2P`."""

    def condition(self, text: str) -> Condition:
        for prefix in PREFIXES:
            text = text.removeprefix(prefix).lstrip("….") or text
        return super().condition(text)


API_KEYS = ApiKeyProjection()

API_KEY_LIST = Listing(
    view="api_key_state_list",
    filters={
        "search": KeySearch(),
        "status": OneOf("status", (ACTIVE, REVOKED, EXPIRED)),
        "scope": HasWord("scopes", SCOPES),
        "managesKeys": Flag("manages_keys"),
    },
    sorts={"createdAt": ("created_at", INSTANT)},
)
