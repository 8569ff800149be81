"""An organization and an API key, as the API shows them to the key itself."""

from __future__ import annotations

import msgspec

from domain.calendar import CalendarDate, Timestamp


class OrganizationFacts(msgspec.Struct, frozen=True, rename="camel"):
    """The organization of the key that made the request."""

    id: str
    name: str
    time_zone: str


class OrganizationProfile(OrganizationFacts, frozen=True, rename="camel"):
    """The organization of the key, and what its documents say of it. What nobody has entered is null."""

    legal_name: str | None
    trade_name: str | None
    gstin: str | None
    pan: str | None
    state_code: str | None
    state_name: str | None
    address: str | None
    email: str | None
    lut_number: str | None
    composition: bool
    logo: str | None
    annual_returns: dict[str, CalendarDate]


class KeyFacts(msgspec.Struct, frozen=True, rename="camel"):
    """The key that made the request, without its secret."""

    id: str
    name: str
    last_four: str
    scopes: tuple[str, ...]
    created_at: Timestamp
    expires_at: Timestamp | None
    allowed_cidrs: tuple[str, ...]
    burst: int | None
    last_used_at: Timestamp | None
    presented_last_four: str
    manages_keys: bool


class AccountFacts(msgspec.Struct, frozen=True):
    """The key that made the request, and its organization."""

    organization: OrganizationFacts
    key: KeyFacts
    livemode: bool
    """Whether the key acts on live data, and not on test data."""
