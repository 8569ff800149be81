"""The commands on vendor credits: draft, update, record a refund, take a refund back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from msgspec import UNSET, UnsetType

from commands.bill import BillNumber
from commands.command import Command
from commands.notes.note import (
    LOWERING_READ_ONLY,
    CreateNote,
    DocumentId,
    RecordRefund,
    ReverseRefund,
    UpdateNote,
    create_note,
    record_refund,
    reverse_refund,
    update_note,
)
from commands.unit_of_work import Handler
from domain.errors import DomainError
from domain.errors.document import DuplicateNumber
from domain.notes.lowering_note import LoweringNote
from domain.notes.note import Note
from domain.notes.vendor_credit import VendorCredit

_READ_ONLY = LOWERING_READ_ONLY | {"billNumber", "billDate", "vendorId", "vendorName"}


class CreateVendorCredit(CreateNote, frozen=True, kw_only=True):
    """Enter a vendor's credit note as a draft, under the vendor's own number."""

    target: ClassVar[type[Note]] = VendorCredit
    read_only: ClassVar[frozenset[str]] = _READ_ONLY | {"status"}
    refusals: ClassVar[tuple[type[DomainError], ...]] = (DuplicateNumber,)

    bill_id: Annotated[str, DocumentId]
    number: Annotated[str, BillNumber]


class UpdateVendorCredit(UpdateNote, frozen=True, kw_only=True):
    """Change a vendor credit's fields, issue it, or make it void."""

    target: ClassVar[type[Note]] = VendorCredit
    read_only: ClassVar[frozenset[str]] = _READ_ONLY | {"billId"}
    refusals: ClassVar[tuple[type[DomainError], ...]] = (*UpdateNote.refusals, DuplicateNumber)

    number: Annotated[str, BillNumber] | UnsetType = UNSET


class RecordVendorCreditRefund(RecordRefund, frozen=True, kw_only=True):
    """Record money that the vendor has given back because of a vendor credit."""

    target: ClassVar[type[LoweringNote]] = VendorCredit


class ReverseVendorCreditRefund(ReverseRefund, frozen=True, kw_only=True):
    """Take back a refund of a vendor credit."""

    target: ClassVar[type[LoweringNote]] = VendorCredit


HANDLERS: Mapping[type[Command], Handler[Any]] = {
    CreateVendorCredit: create_note,
    UpdateVendorCredit: update_note,
    RecordVendorCreditRefund: record_refund,
    ReverseVendorCreditRefund: reverse_refund,
}
