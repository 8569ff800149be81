"""What kind of supply a document is about: which taxes are due on it, and where it is supplied."""

from __future__ import annotations

from datetime import date

import msgspec
from msgspec import UNSET

from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation
from domain.tax.parties import COMPOSITION, CONSUMER, FOREIGN, SEZ, UNREGISTERED, PartySnapshot, Sides
from domain.tax.states import OVERSEAS, state_of
from domain.tax.supplier import Supplier

INTRA_STATE, INTER_STATE, ZERO_RATED = SUPPLY_TYPES = ("intra_state", "inter_state", "zero_rated")
SGST, UTGST = STATE_TAXES = ("SGST", "UTGST")
REQUEST, PARTY, ORGANIZATION = PLACE_SOURCES = ("request", "party", "organization")
_NEEDS_GSTIN = "needs the GSTIN of your organization; an owner or admin enters it under Settings → Organization"


class Supply(msgspec.Struct, frozen=True, kw_only=True):
    """A supply under GST. A document without GST has none."""

    type: str
    """INTRA_STATE: CGST and SGST; INTER_STATE: IGST; ZERO_RATED: an export, or to an SEZ, without payment of tax."""
    place: str
    """The code of the state in which it is supplied, or OVERSEAS."""
    place_from: str
    """What the place was taken from: one of PLACE_SOURCES."""
    treatment: str | None
    """How GST treats the other party; None for a vendor of whom this is not known."""
    state_tax: str | None = None
    """SGST, or UTGST in a union territory without legislature; None if the supply is not INTRA_STATE."""
    by_composition: bool = False
    """Whether the supplier pays a composition levy, and so must not collect tax."""
    reverse_charge: bool = False
    """Whether the recipient pays the tax to the government, and the supplier collects none."""
    is_outward: bool = True
    """Whether the organization is the supplier."""

    @property
    def is_export(self) -> bool:
        """Whether it is supplied to another country or to a special economic zone (IGST Act, section 16)."""
        return self.place == OVERSEAS or self.treatment == SEZ


def outward_supply(sides: Sides, place: str | None, day: date, *, reverse_charge: bool) -> Supply | None:
    """Return the supply of an invoice; None if the organization has no GSTIN. `place` is what the request says."""
    organization, other = sides
    if organization is None or not organization.gstin:
        return None
    treatment = _treatment(other) or (FOREIGN if place == OVERSEAS else UNREGISTERED)
    found, source = _place(place, OVERSEAS if treatment == FOREIGN else _state(other), organization)
    home = _home(organization)
    if treatment == SEZ or found == OVERSEAS:
        type_ = ZERO_RATED if organization.lut_number else INTER_STATE
    else:
        type_ = INTRA_STATE if found == home else INTER_STATE
    return Supply(
        type=type_,
        place=found,
        place_from=source,
        treatment=treatment,
        state_tax=_state_tax(type_, home, day),
        by_composition=bool(organization.composition),
        reverse_charge=reverse_charge,
    )


def inward_supply(sides: Sides, place: str | None, day: date, *, reverse_charge: bool) -> Supply | None:
    """Return the supply of a bill; None if the organization has no GSTIN, or if the vendor cannot charge GST.

    A vendor of whom nothing is known is taken for one of the organization's state that charges GST. The place is that
    of the organization, unless the request says another one.
    """
    organization, other = sides
    if organization is None or not organization.gstin:
        return None
    treatment = _treatment(other)
    if treatment in (UNREGISTERED, CONSUMER, FOREIGN) and not reverse_charge:
        return None
    home = _state(other) or _home(organization)
    found, source = _place(place, None, organization)
    is_intra = found == home and treatment not in (FOREIGN, SEZ)
    type_ = INTRA_STATE if is_intra else INTER_STATE
    return Supply(
        type=type_,
        place=found,
        place_from=source,
        treatment=treatment,
        state_tax=_state_tax(type_, home, day),
        by_composition=treatment == COMPOSITION,
        reverse_charge=reverse_charge,
        is_outward=False,
    )


def check_reverse_charge(supply: Supply | None, sides: Sides) -> list[Violation]:
    """Return a violation if the recipient cannot be the one who pays the tax. Call it if the request says so."""
    if supply is None:
        message = _NEEDS_GSTIN if not _is_registered(sides) else "cannot be true here: no GST is due on this document"
    elif supply.by_composition:
        message = "cannot be true: the supplier pays a composition levy, and issues a bill of supply"
    elif supply.is_outward and supply.is_export:
        message = "cannot be true for an export or a supply to a special economic zone"
    else:
        return []
    return [Violation("reverseCharge", VALIDATION_FAILED, message)]


def check_rates(supply: Supply | None, sides: Sides, rates: list[tuple[bool, bool]]) -> list[Violation]:
    """Return a violation for each line whose rates the supply does not allow.

    `rates` say of each line whether it has a tax rate above 0, and whether it has a cess.
    """
    by_composition = supply is not None and supply.by_composition
    no_tax = "must be 0: the supplier pays a composition levy, and must not collect tax"
    no_cess = no_tax if by_composition else "cannot be charged here: this document is without GST"
    no_cess = no_cess if _is_registered(sides) else _NEEDS_GSTIN
    violations = []
    for place, (has_tax, has_cess) in enumerate(rates):
        if by_composition and has_tax:
            violations.append(Violation(f"items[{place}].taxRate", VALIDATION_FAILED, no_tax))
        if has_cess and (supply is None or by_composition):
            violations.append(Violation(f"items[{place}].cessRate", VALIDATION_FAILED, no_cess))
    return violations


def _is_registered(sides: Sides) -> bool:
    return sides.organization is not None and bool(sides.organization.gstin)


def _home(organization: Supplier) -> str:
    """Return the state of a registration. It is in the GSTIN, whatever else the profile says."""
    assert organization.gstin
    return organization.gstin[:2]


def _place(given: str | None, of_party: str | None, organization: Supplier) -> tuple[str, str]:
    if given is not None:
        return given, REQUEST
    return (of_party, PARTY) if of_party else (_home(organization), ORGANIZATION)


def _state(other: PartySnapshot | None) -> str | None:
    return other.state_code if other is not None and other.state_code is not UNSET else None


def _treatment(other: PartySnapshot | None) -> str | None:
    return other.gst_treatment if other is not None and other.gst_treatment is not UNSET else None


def _state_tax(type_: str, home: str, day: date) -> str | None:
    if type_ != INTRA_STATE:
        return None
    state = state_of(home, day)
    return UTGST if state is not None and state.has_utgst else SGST
