"""The commands on vendor credits: draft, update, record a refund."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from msgspec import UNSET, UnsetType

from commands.bill import BillNumber
from commands.command import Command
from commands.document import Notes
from commands.fields import Choice, Day
from commands.fields.others import Boolean
from commands.notes.note import (
    LOWERING_READ_ONLY,
    Amount,
    CreateNote,
    DocumentId,
    NewNoteItem,
    NoteItems,
    Reason,
    RecordRefund,
    UpdateNote,
    create_note,
    record_refund,
    update_note,
)
from commands.objects import Pairs
from commands.unit_of_work import Handler
from domain.calendar import CalendarDate
from domain.errors import DomainError
from domain.errors.document import DuplicateNumber
from domain.metadata import MetadataChanges
from domain.notes.note import Note
from domain.notes.refunds import LoweringNote
from domain.notes.vendor_credit import VendorCredit

_READ_ONLY = LOWERING_READ_ONLY | {"billNumber", "billDate", "vendorId", "vendorName"}


class CreateVendorCredit(CreateNote, frozen=True, kw_only=True):
    """Enter a vendor's credit note as a draft, under the vendor's own number."""

    target: ClassVar[type[Note]] = VendorCredit
    read_only: ClassVar[frozenset[str]] = _READ_ONLY | {"status"}
    refusals: ClassVar[tuple[type[DomainError], ...]] = (DuplicateNumber,)

    bill_id: Annotated[str, DocumentId]
    number: Annotated[str, BillNumber]
    reason: Annotated[str, Reason]
    date: Annotated[CalendarDate, Day()] | None = None
    items: Annotated[tuple[NewNoteItem, ...], NoteItems] | None = None
    amount: Annotated[Decimal, Amount] | None = None
    tax_adjustment: Annotated[bool, Boolean()] | None = None
    notes: Annotated[str, Notes] | None = None
    metadata: Annotated[MetadataChanges, Pairs()] = None


class UpdateVendorCredit(UpdateNote, frozen=True, kw_only=True):
    """Change a vendor credit's fields, issue it, or make it void."""

    target: ClassVar[type[Note]] = VendorCredit
    read_only: ClassVar[frozenset[str]] = _READ_ONLY | {"billId"}
    refusals: ClassVar[tuple[type[DomainError], ...]] = (*UpdateNote.refusals, DuplicateNumber)

    status: Annotated[str, Choice(tuple(VendorCredit.transitions()))] | UnsetType = UNSET
    number: Annotated[str, BillNumber] | UnsetType = UNSET
    reason: Annotated[str, Reason] | UnsetType = UNSET
    date: Annotated[CalendarDate, Day()] | UnsetType = UNSET
    items: Annotated[tuple[NewNoteItem, ...], NoteItems] | UnsetType = UNSET
    amount: Annotated[Decimal, Amount] | UnsetType = UNSET
    tax_adjustment: Annotated[bool, Boolean()] | UnsetType | None = UNSET
    notes: Annotated[str, Notes] | UnsetType | None = UNSET
    metadata: Annotated[Mapping[str, str | None], Pairs()] | UnsetType | None = UNSET


class RecordVendorCreditRefund(RecordRefund, frozen=True, kw_only=True):
    """Record money that the vendor has given back because of a vendor credit."""

    target: ClassVar[type[LoweringNote]] = VendorCredit


HANDLERS: Mapping[type[Command], Handler[Any]] = {
    CreateVendorCredit: create_note,
    UpdateVendorCredit: update_note,
    RecordVendorCreditRefund: record_refund,
}
