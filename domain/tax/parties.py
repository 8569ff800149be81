"""The two sides of a document as the law wants them named: the supplier and the recipient."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from domain.tax.states import OVERSEAS, state_of
from domain.tax.supplier import Supplier

REGISTERED, COMPOSITION, UNREGISTERED, CONSUMER, SEZ, FOREIGN, DEEMED_EXPORT = TREATMENTS = (
    "registered",
    "composition",
    "unregistered",
    "consumer",
    "sez",
    "overseas",
    "deemed_export",
)
"""How GST treats a party: the words of `gstTreatment`."""


class PartySnapshot(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A side of a document as it was when the document was sent or opened. What was not known is absent."""

    name: str | UnsetType = UNSET
    trade_name: str | UnsetType = UNSET
    gstin: str | UnsetType = UNSET
    state_code: str | UnsetType = UNSET
    state_name: str | UnsetType = UNSET
    address: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    gst_treatment: str | UnsetType = UNSET
    lut_number: str | UnsetType = UNSET


class Sides(NamedTuple):
    """The organization, and the other party of a document, as they are now."""

    organization: Supplier | None = None
    """None for an organization without a profile."""
    other: PartySnapshot | None = None
    """None for a client or vendor of whom only an id of the organization's own is known."""


NOBODY = Sides()


def stranger(name: str | None, treatment: str | None, place: str | None, day: date) -> PartySnapshot:
    """Return a party of whom only the document itself says something: its name, and where it is supplied."""
    state = state_of(place, day) if place is not None and place != OVERSEAS else None
    values = {
        "name": name,
        "state_code": state and state.code,
        "state_name": state and state.name,
        "gst_treatment": treatment,
    }
    return PartySnapshot(**{field: value for field, value in values.items() if value})


def snapshot_of(organization: Supplier, day: date) -> PartySnapshot:
    """Return the organization as a side of a document of this day."""
    state = state_of(organization.state_code, day) if organization.state_code else None
    registered = COMPOSITION if organization.composition else REGISTERED
    values = {
        "name": organization.name,
        "trade_name": organization.trade_name,
        "gstin": organization.gstin,
        "state_code": organization.state_code,
        "state_name": state and state.name,
        "address": organization.address,
        "email": organization.email,
        "lut_number": organization.lut_number,
        "gst_treatment": registered if organization.gstin else UNREGISTERED,
    }
    return PartySnapshot(**{name: value for name, value in values.items() if value})
