"""The settings of an organization: its name, time zone and prefix of invoice numbers, and its profile.

The profile is what tax invoices say of the organization, and how it is paid. All of it is optional.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from msgspec import UNSET, UnsetType

from domain.accounts.zones import Zones
from domain.aggregate import Aggregate, Event
from domain.calendar import CalendarDate, instant
from domain.errors import Invalid
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation
from domain.tax.gstin import state_code_of
from domain.tax.states import state_name

PUBLIC_PROFILE = (
    "legal_name",
    "trade_name",
    "gstin",
    "state_code",
    "address",
    "email",
    "lut_number",
    "composition",
    "logo",
    "annual_returns",
)
"""The fields of the profile that every key and user of the organization sees."""
PAYMENT_PROFILE = ("upi_id", "bank_line")
"""The fields that only owners and admins see: a change of them can lead payments elsewhere."""
PROFILE = (*PUBLIC_PROFILE, *PAYMENT_PROFILE)


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
        legal_name: str | UnsetType | None = UNSET
        trade_name: str | UnsetType | None = UNSET
        gstin: str | UnsetType | None = UNSET
        state_code: str | UnsetType | None = UNSET
        address: str | UnsetType | None = UNSET
        email: str | UnsetType | None = UNSET
        lut_number: str | UnsetType | None = UNSET
        composition: bool | UnsetType | None = UNSET
        logo: str | UnsetType | None = UNSET
        """The SHA-256 of the logo, which stands beside the log, in hex."""
        annual_returns: dict[str, CalendarDate] | UnsetType | None = UNSET
        """The days on which the annual returns were filed, by the name of the financial year: all that are known."""
        upi_id: str | UnsetType | None = UNSET
        bank_line: str | UnsetType | None = UNSET

    kind: ClassVar[str] = "organization"
    id_prefix: ClassVar[str] = "org"
    noun: ClassVar[str] = "the organization"

    name: str | None = None
    time_zone: str | None = None
    earlier_time_zone: str | None = None
    time_zone_from: str | None = None
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

    def update(self, changes: dict[str, Any], zones: Zones, at: datetime) -> None:
        """Record those of the changes that differ from what events have said before.

        `zones` are those of the organization now. A new GSTIN brings its state, and `annual_returns` names only the
        years that change. Raises Invalid for a time zone that is a day or more away, for a state that is not that of
        the GSTIN, and for an annual return that was filed after today.
        """
        given = changes | self._state_of_gstin(changes) | self._all_returns(changes, zones.day_at(at))
        fields = {name: value for name, value in given.items() if name != "time_zone" and self._differs(name, value)}
        if "time_zone" in changes and not self.time_zone == zones.chosen == changes["time_zone"]:
            fields |= _zone_fields(zones.choose(changes["time_zone"], at))
        if fields:
            self.record(self.Updated, at, **fields)

    def _differs(self, name: str, value: Any) -> bool:
        """Whether this is another value of a field. What was never set is as empty as None, and as false."""
        present = getattr(self, name)
        return bool(value != present and (value or present))

    def _state_of_gstin(self, changes: dict[str, Any]) -> dict[str, Any]:
        """Return the state of the GSTIN after these changes. Raises Invalid if they say another one."""
        gstin = changes.get("gstin", self.gstin)
        if gstin is None:
            return {}
        state_code = state_code_of(gstin)
        if changes.get("state_code", state_code) != state_code:
            raise Invalid([Violation("stateCode", VALIDATION_FAILED, _other_state(state_code))])
        return {"state_code": state_code}

    def _all_returns(self, changes: dict[str, Any], today: CalendarDate) -> dict[str, Any]:
        """Return all annual returns after these changes, in which a day of None takes one away."""
        filed: dict[str, CalendarDate | None] | None = changes.get("annual_returns")
        if filed is None:
            return {}
        problem = f"must not be after today ({today.isoformat()})"
        late = [f"annualReturns.{year}" for year, day in filed.items() if day is not None and day > today]
        if late:
            raise Invalid([Violation(field, VALIDATION_FAILED, problem) for field in late])
        known = {**(self.annual_returns or {}), **filed}
        return {"annual_returns": {year: day for year, day in sorted(known.items()) if day is not None} or None}


def _zone_fields(zones: Zones) -> dict[str, Any]:
    assert zones.new_from is not None
    begins = instant(zones.new_from)
    return {"time_zone": zones.chosen, "earlier_time_zone": zones.time_zone, "time_zone_from": begins}


def _other_state(state_code: str) -> str:
    return f"must be {state_code} ({state_name(state_code)}), the state of the GSTIN"
