"""The read side of an organization's settings: one row. Everything else reads them in the table `organizations`."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from domain.accounts.organization import PUBLIC_PROFILE, Organization
from domain.aggregate import Aggregate, Event
from domain.calendar import CalendarDate, Timestamp, instant
from domain.tax.supplier import Supplier
from projections.projection import Statement
from projections.restored import RestoredProjection
from projections.views.display import DisplayFields

_encode = msgspec.json.Encoder().encode
_STORE = "SELECT store_organization(set_organization(%s), %s, %s, %s, %s, %s)"
"""Writes `organizations`. A rebuild has not set the organization of its transaction."""
_STORE_SUPPLIER = "SELECT store_supplier(set_organization(%s), %s)"
"""Writes the public part of the profile to `organizations`."""


class OrganizationRow(msgspec.Struct, rename="camel", kw_only=True):
    """The row of an organization's settings. A value is None until it is first changed."""

    id: str
    name: str | None = None
    time_zone: str | None = None
    earlier_time_zone: str | None = None
    time_zone_from: Timestamp | None = None
    series_prefix: str | None = None
    legal_name: str | None = None
    trade_name: str | None = None
    gstin: str | None = None
    state_code: str | None = None
    address: str | None = None
    email: str | None = None
    lut_number: str | None = None
    composition: bool | None = None
    logo: str | None = None
    annual_returns: dict[str, CalendarDate] | None = None
    upi_id: str | None = None
    bank_line: str | None = None
    created_at: Timestamp
    updated_at: Timestamp
    version: int


_decode = msgspec.json.Decoder(OrganizationRow).decode


class OrganizationProjection(RestoredProjection[OrganizationRow]):
    name: ClassVar[str] = "organizations"
    table: ClassVar[str] = "organization_settings"
    view: ClassVar[str] = "organization_settings_list"
    kind: ClassVar[str] = Organization.kind
    aggregate: ClassVar[type[Aggregate]] = Organization
    restored_from: ClassVar[tuple[str, ...]] = ("summary",)
    entry_type: ClassVar[type[msgspec.Struct]] = OrganizationRow
    display: ClassVar[DisplayFields] = DisplayFields(name=("id",), detail=("id",), template="{noun}")
    version: ClassVar[int] = 4
    in_place: ClassVar[bool] = True
    columns: ClassVar[tuple[str, ...]] = ("created_at", "updated_at", "version", "summary")

    def fold(self, row: OrganizationRow | None, event: Event) -> OrganizationRow:
        at = instant(event.timestamp)
        if row is None:
            row = OrganizationRow(id=event.originator_id, created_at=at, updated_at=at, version=0)
        for name, value in event.changes().items():
            setattr(row, name, value)
        row.updated_at, row.version = at, event.originator_version
        return row

    def values(self, row: OrganizationRow) -> tuple[Any, ...]:
        return row.created_at, row.updated_at, row.version, _encode(row).decode()

    def to_json(self, row: OrganizationRow) -> bytes:
        return _encode(row)

    def statements(self, org_id: str, id: str, row: OrganizationRow, is_new: bool) -> list[Statement]:
        zones = (row.earlier_time_zone, row.time_zone, row.time_zone_from)
        stored = (_STORE, (org_id, row.name, *zones, row.series_prefix))
        return [*super().statements(org_id, id, row, is_new), stored, (_STORE_SUPPLIER, (org_id, _supplier(row)))]

    def restore(self, *stored: Any) -> OrganizationRow:
        (summary,) = stored
        return _decode(summary)

    def shown(self, row: OrganizationRow) -> OrganizationRow:
        return row


def supplier_of(row: OrganizationRow, name: str = "") -> Supplier | None:
    """Return the public part of the profile with this name; None if there is none."""
    given = {field: value for field in PUBLIC_PROFILE if (value := getattr(row, field))}
    return Supplier(name=name, **given) if given else None


def _supplier(row: OrganizationRow) -> str | None:
    """Return the public part of the profile as JSON, without the name, which SQL knows; None if there is none."""
    supplier = supplier_of(row)
    return None if supplier is None else _encode(supplier).decode()


ORGANIZATIONS = OrganizationProjection()
