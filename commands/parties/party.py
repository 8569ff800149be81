"""The commands on parties: add, change and archive; and the party that a document names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from commands.command import Command
from commands.fields import Choice, Text
from commands.fields.others import WordList
from commands.fields.party import Address, ExternalId, Gstin, MailAddress, Pan, Phone, StateCode
from commands.objects import Pairs
from commands.unit_of_work import Handler, UnitOfWork
from domain.aggregate import Aggregate
from domain.errors import DomainError, Invalid, NotFound
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.party import DuplicateExternalId
from domain.errors.violation import Violation
from domain.metadata import MetadataChanges, check_metadata
from domain.parties.archivable import ACTIVE
from domain.parties.party import ROLES, Party, check_tax
from domain.tax.parties import TREATMENTS

Name = Text(200)
Roles = WordList(ROLES, "client or vendor", ": client, vendor, or both")
_READ_ONLY = frozenset({"id", "createdAt", "updatedAt", "version", "availableActions"})


class CreateParty(Command, frozen=True, kw_only=True):
    """Add a client or vendor."""

    target: ClassVar[type[Aggregate]] = Party
    read_only: ClassVar[frozenset[str]] = _READ_ONLY | {"status"}
    refusals: ClassVar[tuple[type[DomainError], ...]] = (DuplicateExternalId,)

    name: Annotated[str, Name]
    roles: Annotated[tuple[str, ...], Roles]
    gstin: Annotated[str, Gstin] | None = None
    pan: Annotated[str, Pan] | None = None
    state_code: Annotated[str, StateCode()] | None = None
    gst_treatment: Annotated[str, Choice(TREATMENTS)] | None = None
    email: Annotated[str, MailAddress] | None = None
    phone: Annotated[str, Phone] | None = None
    address: Annotated[str, Address] | None = None
    external_id: Annotated[str, ExternalId] | None = None
    metadata: Annotated[MetadataChanges, Pairs()] = None

    @classmethod
    def check_new(cls, values: Mapping[str, Any]) -> list[Violation]:
        return check_tax(values) + check_metadata({}, values.get("metadata"))


class UpdateParty(Command, frozen=True, kw_only=True):
    """Change a party's fields, archive it, or make it active again."""

    target: ClassVar[type[Aggregate]] = Party
    read_only: ClassVar[frozenset[str]] = _READ_ONLY
    refusals: ClassVar[tuple[type[DomainError], ...]] = (DuplicateExternalId,)

    id: str
    status: Annotated[str, Choice(tuple(Party.transitions()))] | UnsetType = UNSET
    name: Annotated[str, Name] | UnsetType = UNSET
    roles: Annotated[tuple[str, ...], Roles] | UnsetType = UNSET
    gstin: Annotated[str, Gstin] | UnsetType | None = UNSET
    pan: Annotated[str, Pan] | UnsetType | None = UNSET
    state_code: Annotated[str, StateCode()] | UnsetType | None = UNSET
    gst_treatment: Annotated[str, Choice(TREATMENTS)] | UnsetType | None = UNSET
    email: Annotated[str, MailAddress] | UnsetType | None = UNSET
    phone: Annotated[str, Phone] | UnsetType | None = UNSET
    address: Annotated[str, Address] | UnsetType | None = UNSET
    external_id: Annotated[str, ExternalId] | UnsetType | None = UNSET
    metadata: Annotated[Mapping[str, str | None], Pairs()] | UnsetType | None = UNSET

    @classmethod
    def check(cls, aggregate: Party, values: Mapping[str, Any], today: date) -> list[Violation]:
        return aggregate.check_changes({name: value for name, value in values.items() if name != "status"})

    def changes(self) -> dict[str, Any]:
        """Return the fields that were sent, by attribute name; a field that was not sent is absent."""
        fields = msgspec.structs.asdict(self)
        return {name: value for name, value in fields.items() if name not in ("id", "status") and value is not UNSET}


def create_party(command: CreateParty, uow: UnitOfWork) -> Party:
    party = Party.create(uow.new_id(Party.id_prefix), at=uow.at, **msgspec.structs.asdict(command))
    uow.save(party)
    return party


def update_party(command: UpdateParty, uow: UnitOfWork) -> Party:
    """Apply the changes and the status. The checks come in this order: wrong fields, a stale version."""
    party = uow.get(Party, command.id)
    changes = command.changes()
    if violations := party.check_changes(changes):
        raise Invalid(violations)
    uow.check_version(party)
    party.change(changes, None if isinstance(command.status, UnsetType) else command.status, uow.at)
    uow.save(party)
    return party


def party_of(uow: UnitOfWork, id: str, role: str, *, is_new: bool = True) -> Party | None:
    """Return the party that a document names as its client or vendor; None for an id of the organization's own.

    `role` is the part that the party has in the document. If the document names it anew (`is_new`), the party must be
    active and have this role. Raises Invalid.
    """
    if not Party.is_id(id):
        return None
    field = f"{role}Id"
    try:
        party = uow.get(Party, id)
    except NotFound:
        message = "must be the id of a party of your organization, or an id of your own; there is no such party"
        raise Invalid([Violation(field, VALIDATION_FAILED, message)]) from None
    if is_new and party.status != ACTIVE:
        message = "names an archived party; set its status to active first, with a PATCH to /parties/{id}"
        raise Invalid([Violation(field, VALIDATION_FAILED, message)])
    if is_new and role not in party.roles:
        message = f"names a party that is no {role}; add {role} to its roles first, with a PATCH to /parties/{{id}}"
        raise Invalid([Violation(field, VALIDATION_FAILED, message)])
    return party


HANDLERS: Mapping[type[Command], Handler[Any]] = {
    CreateParty: create_party,
    UpdateParty: update_party,
}
