"""An organization and a key, as the key's own holder sees them."""

from __future__ import annotations

import msgspec


class OrganizationFacts(msgspec.Struct, frozen=True, rename="camel"):
    """The organization to which the key belongs."""

    id: str
    name: str
    time_zone: str


class KeyFacts(msgspec.Struct, frozen=True, rename="camel"):
    """The key that made the request; never its secret."""

    id: str
    name: str
    last_four: str
    scopes: tuple[str, ...]
    created_at: str
    expires_at: str | None
    last_used_at: str | None
    presented_last_four: str


class AccountFacts(msgspec.Struct, frozen=True):
    """Both together."""

    organization: OrganizationFacts
    key: KeyFacts
