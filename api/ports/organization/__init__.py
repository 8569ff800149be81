"""The ports for the settings of an organization, and for exports of its log."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime
from typing import NamedTuple, Protocol

from commands.command import Person
from domain.accounts.zones import Zones
from domain.tax.supplier import Supplier
from projections.accounts.organization import OrganizationRow, supplier_of


class OrganizationSettings(NamedTuple):
    """The settings of an organization. Those of test mode are those of its live organization."""

    id: str
    """The id of the live organization."""
    name: str
    version: int
    """The number of changes so far; 0 before the first one."""
    series_prefix: str
    time_zone: str
    new_time_zone: str | None
    new_time_zone_from: datetime | None
    changed: OrganizationRow | None
    """What changes have set, with the profile; None before the first change."""

    @property
    def supplier(self) -> Supplier | None:
        """What documents say of the organization; None if it has no profile."""
        return None if self.changed is None else supplier_of(self.changed, self.changed.legal_name or self.name)

    @property
    def zones(self) -> Zones:
        return Zones(self.time_zone, self.new_time_zone, self.new_time_zone_from)


class Organizations(Protocol):
    """Organizations, of which each method can raise Unavailable."""

    def get_settings(self, org_id: str) -> OrganizationSettings:
        """Return the settings of the organization, or of the live organization of a test organization."""

    def get_logo(self, org_id: str) -> bytes | None:
        """Return the organization's logo as a PNG, also in test mode; None without one."""

    def get_next_number(self, org_id: str, year: int) -> str | None:
        """Return the number that the next draft of a financial year gets; None if the series has none left."""


class ExportRunning(Exception):
    """Another export of the organization's log has not ended."""


class Exports(Protocol):
    """Exports of logs, in the format of `smartdhandha audit export`."""

    def begin(self, org_id: str, person: Person, request_id: str) -> Generator[bytes, None, None]:
        """Store that the person exports the log, and return its parts. Each is read when it is asked for.

        Between two parts, neither a connection nor a transaction is held. A copy that ends early has no last line.
        Raises ExportRunning and Unavailable.
        """
