"""The settings of an organization: its name, its time zone, and the prefix of its invoice numbers."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from msgspec import UNSET, UnsetType

from domain.accounts.zones import Zones
from domain.aggregate import Aggregate, Event
from domain.calendar import instant


class Organization(Aggregate):
    """The settings of an organization. A value is None until it is first changed: no event says how it was created.

    Its id is that of the organization. A test organization has none of its own.
    """

    class Updated(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "organization.updated"
        phrase: ClassVar[str] = "changed {object}{fields}"
        derived_fields: ClassVar[frozenset[str]] = frozenset(["earlier_time_zone", "time_zone_from"])
        name: str | UnsetType = UNSET
        time_zone: str | UnsetType = UNSET
        earlier_time_zone: str | UnsetType = UNSET
        """The zone that counts before `time_zone_from`."""
        time_zone_from: str | UnsetType = UNSET
        """The instant from which `time_zone` counts, as RFC 3339."""
        series_prefix: str | UnsetType = UNSET

    kind: ClassVar[str] = "organization"
    id_prefix: ClassVar[str] = "org"
    noun: ClassVar[str] = "the organization"

    name: str | None = None
    time_zone: str | None = None
    earlier_time_zone: str | None = None
    time_zone_from: str | None = None
    series_prefix: str | None = None

    def update(self, changes: dict[str, Any], zones: Zones, at: datetime) -> None:
        """Record those of `name`, `time_zone` and `series_prefix` that differ from what events have said before.

        `zones` are those of the organization now. Raises Invalid for a time zone that is a day or more away.
        """
        fields = {
            name: value for name, value in changes.items() if name != "time_zone" and value != getattr(self, name)
        }
        if "time_zone" in changes and not self.time_zone == zones.chosen == changes["time_zone"]:
            fields |= _zone_fields(zones.choose(changes["time_zone"], at))
        if fields:
            self.record(self.Updated, at, **fields)


def _zone_fields(zones: Zones) -> dict[str, Any]:
    assert zones.new_from is not None
    begins = instant(zones.new_from)
    return {"time_zone": zones.chosen, "earlier_time_zone": zones.time_zone, "time_zone_from": begins}
