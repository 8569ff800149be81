"""Parties: the clients and vendors of an organization, with what the law wants to know about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Self

from msgspec import UNSET, UnsetType

from domain.aggregate import Event
from domain.errors import Invalid
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation
from domain.metadata import Metadata, MetadataChanges, check_metadata, merge_metadata
from domain.parties.archivable import ACTIVE, Archivable
from domain.personal import Personal
from domain.tax.gstin import pan_of, state_code_of
from domain.tax.parties import PartySnapshot
from domain.tax.states import OVERSEAS, state_of

CLIENT, VENDOR = ROLES = ("client", "vendor")
"""What a party can be: somebody who gets invoices, and somebody whose bills are paid."""
WITH_GSTIN = ("registered", "composition", "sez", "deemed_export")
"""The treatments that only a party with a GSTIN can have."""
WITHOUT_GSTIN = ("unregistered", "consumer", "overseas")
OVERSEAS_TREATMENT = "overseas"
_DEFAULTS = ("registered", "unregistered")
"""The treatments of a party for which none was sent: with a GSTIN, and without one."""
_TAX = ("gstin", "pan", "state_code", "gst_treatment")


class Party(Archivable):
    """A client or vendor of the organization, or both."""

    class Created(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "party.created"
        phrase: ClassVar[str] = "added {object}"
        status: str
        roles: tuple[str, ...]
        name: Personal[str | None]
        external_id: str | None
        gstin: Personal[str | None]
        pan: Personal[str | None]
        state_code: str | None
        gst_treatment: str
        email: Personal[str | None]
        phone: Personal[str | None]
        address: Personal[str | None]
        metadata: Personal[Metadata | None]

    class Updated(Event, frozen=True, kw_only=True):
        """Fields changed, or the party is active again; the other fields are absent."""

        topic: ClassVar[str] = "party.updated"
        phrase: ClassVar[str] = "changed {object}{fields}"
        status: str | UnsetType = UNSET
        roles: tuple[str, ...] | UnsetType = UNSET
        name: Personal[str | UnsetType | None] = UNSET
        external_id: str | UnsetType | None = UNSET
        gstin: Personal[str | UnsetType | None] = UNSET
        pan: Personal[str | UnsetType | None] = UNSET
        state_code: str | UnsetType | None = UNSET
        gst_treatment: str | UnsetType = UNSET
        email: Personal[str | UnsetType | None] = UNSET
        phone: Personal[str | UnsetType | None] = UNSET
        address: Personal[str | UnsetType | None] = UNSET
        metadata: Personal[Metadata | UnsetType | None] = UNSET

    class Archived(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "party.archived"
        phrase: ClassVar[str] = "archived {object}"
        status: str

    kind: ClassVar[str] = "party"
    id_prefix: ClassVar[str] = "party"
    read_scope: ClassVar[str | None] = "billing:read"
    write_scope: ClassVar[str | None] = "billing:write"

    status: str
    roles: tuple[str, ...]
    name: str | None
    """None only after it was erased."""
    external_id: str | None
    gstin: str | None
    pan: str | None
    state_code: str | None
    gst_treatment: str
    email: str | None
    phone: str | None
    address: str | None
    metadata: Metadata | None

    @classmethod
    def create(
        cls,
        id: str,
        *,
        at: datetime,
        roles: Sequence[str],
        name: str,
        external_id: str | None = None,
        gstin: str | None = None,
        pan: str | None = None,
        state_code: str | None = None,
        gst_treatment: str | None = None,
        email: str | None = None,
        phone: str | None = None,
        address: str | None = None,
        metadata: MetadataChanges = None,
    ) -> Self:
        """Return a new active party. Raises Invalid for fields that contradict each other, and too much metadata."""
        tax = {"gstin": gstin, "pan": pan, "state_code": state_code, "gst_treatment": gst_treatment}
        if violations := [*check_tax(tax), *check_metadata({}, metadata)]:
            raise Invalid(violations)
        return cls.begin(
            id,
            cls.Created,
            at,
            status=ACTIVE,
            roles=_in_order(roles),
            name=name,
            external_id=external_id,
            **_completed(tax),
            email=email,
            phone=phone,
            address=address,
            metadata=merge_metadata({}, metadata),
        )

    def check_changes(self, changes: Mapping[str, Any]) -> list[Violation]:
        """Return a violation for each change that contradicts what the party has. `changes` are without the status."""
        sent = {name: value for name, value in changes.items() if name in _TAX}
        violations = check_tax(self._tax_after(sent)) if sent else []
        return violations + check_metadata(self.metadata, changes.get("metadata", {}))

    def completed(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        fields = dict(changes)
        if sent := {name: fields.pop(name) for name in changes if name in _TAX}:
            fields |= _completed(self._tax_after(sent))
        if "roles" in fields:
            fields["roles"] = _in_order(fields["roles"])
        return fields

    def _tax_after(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields about tax after these changes. Those that follow from the sent ones are None.

        A new GSTIN replaces the state and the PAN of the old one. The treatments `registered` and `unregistered` follow
        the GSTIN, and the state 96 follows the treatment `overseas`.
        """
        before: dict[str, Any] = {name: getattr(self, name) for name in _TAX}
        if sent.get("gstin"):
            before |= {"pan": None, "state_code": None}
        if "gstin" in sent and self.gst_treatment in _DEFAULTS:
            before["gst_treatment"] = None
        if OVERSEAS_TREATMENT in (self.gst_treatment, sent.get("gst_treatment")) and "gst_treatment" in sent:
            before["state_code"] = None
        return {**before, **sent}


def side_of(party: Party, day: date) -> PartySnapshot:
    """Return the party as a side of a document of this day."""
    state = state_of(party.state_code, day) if party.state_code else None
    values = {
        "name": party.name,
        "gstin": party.gstin,
        "state_code": party.state_code,
        "state_name": state and state.name,
        "address": party.address,
        "email": party.email,
        "gst_treatment": party.gst_treatment,
    }
    return PartySnapshot(**{name: value for name, value in values.items() if value})


def check_tax(fields: Mapping[str, Any]) -> list[Violation]:
    """Return a violation for each field that contradicts another one. Fields that are None follow from the others."""
    gstin, treatment = fields.get("gstin"), fields.get("gst_treatment")
    violations = []
    if gstin:
        violations += _given_by_gstin("pan", fields.get("pan"), pan_of(gstin))
        violations += _given_by_gstin("stateCode", fields.get("state_code"), state_code_of(gstin))
    if gstin and treatment in WITHOUT_GSTIN:
        message = f"must be {_one_of(WITH_GSTIN)} for a party with a GSTIN"
        violations.append(Violation("gstTreatment", VALIDATION_FAILED, message))
    if not gstin and treatment in WITH_GSTIN:
        message = f"must be {_one_of(WITHOUT_GSTIN)} for a party without a GSTIN; or send its gstin"
        violations.append(Violation("gstTreatment", VALIDATION_FAILED, message))
    if not gstin and (treatment == OVERSEAS_TREATMENT) != (fields.get("state_code") == OVERSEAS):
        violations += _check_overseas(fields)
    return violations


def _check_overseas(fields: Mapping[str, Any]) -> list[Violation]:
    if fields.get("gst_treatment") != OVERSEAS_TREATMENT:
        message = f"must be the code of a state: {OVERSEAS} is for parties with the gstTreatment overseas"
        return [Violation("stateCode", VALIDATION_FAILED, message)]
    if fields.get("state_code") is None:
        return []
    return [Violation("stateCode", VALIDATION_FAILED, f"must be {OVERSEAS} for an overseas party, or left out")]


def _given_by_gstin(field: str, value: str | None, given: str) -> list[Violation]:
    if value in (None, given):
        return []
    return [Violation(field, VALIDATION_FAILED, f"must be {given}, as the GSTIN says; leave it out")]


def _completed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields about tax with what follows from the GSTIN or from the treatment."""
    gstin = fields["gstin"]
    treatment = fields["gst_treatment"] or ("registered" if gstin else "unregistered")
    state = state_code_of(gstin) if gstin else fields["state_code"]
    return {
        "gstin": gstin,
        "pan": pan_of(gstin) if gstin else fields["pan"],
        "state_code": OVERSEAS if treatment == OVERSEAS_TREATMENT else state,
        "gst_treatment": treatment,
    }


def _in_order(roles: Sequence[str]) -> tuple[str, ...]:
    return tuple(role for role in ROLES if role in roles)


def _one_of(words: Sequence[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}"
