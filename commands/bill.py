"""The commands on vendor bills: draft, update, record a payment, take a payment back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar

from msgspec import UNSET, UnsetType

from commands.command import Command
from commands.document import (
    READ_ONLY,
    DraftDocument,
    LineItems,
    NewLineItem,
    Notes,
    PartyId,
    PartyName,
    RecordPayment,
    ReversePayment,
    UpdateDocument,
    record_payment,
    reverse_payment,
    sides_of_new,
    tax_request,
    update_document,
    with_name_of_party,
)
from commands.fields import Choice, Currency, Day, NullSets, Text
from commands.fields.others import Boolean
from commands.fields.tax import Reduction, RoundOff, StateCode
from commands.objects import Pairs
from commands.unit_of_work import Handler, UnitOfWork
from domain.bill import Bill
from domain.document import Document
from domain.metadata import MetadataChanges
from domain.money import DEFAULT_CURRENCY
from domain.tax.discount import Discount

BillNumber = Text(
    64,
    pattern=r"[^\x00-\x1f\x7f-\x9f]*[^\x00-\x20\x7f-\xa0][^\x00-\x1f\x7f-\x9f]*",
    hint="must contain no control characters, and at least one character that is not a space",
)
"""The type of the number that the vendor printed on the bill."""


class DraftBill(DraftDocument, frozen=True, kw_only=True):
    """Enter a vendor's bill as a draft, under the vendor's own number."""

    target: ClassVar[type[Document]] = Bill
    read_only: ClassVar[frozenset[str]] = READ_ONLY | {"status", "openedAt"}

    vendor_id: Annotated[str, PartyId]
    vendor_name: Annotated[str, PartyName] | None = None
    bill_number: Annotated[str, BillNumber]
    bill_date: Annotated[date, Day()]
    due_date: Annotated[date, Day()]
    currency: Annotated[str, Currency()] = DEFAULT_CURRENCY
    items: Annotated[tuple[NewLineItem, ...], LineItems]
    notes: Annotated[str, Notes] | None = None
    metadata: Annotated[MetadataChanges, Pairs()] = None
    place_of_supply: Annotated[str, StateCode()] | None = None
    reverse_charge: Annotated[bool, Boolean()] | None = None
    discount: Annotated[Discount, Reduction] | None = None
    round_off: Annotated[str, RoundOff] | None = None


class UpdateBill(UpdateDocument, frozen=True, kw_only=True):
    """Change a bill's fields, open it for payment, or make it void."""

    target: ClassVar[type[Document]] = Bill
    read_only: ClassVar[frozenset[str]] = READ_ONLY | {"openedAt"}

    status: Annotated[str, Choice(tuple(Bill.transitions()))] | UnsetType = UNSET
    vendor_id: Annotated[str, PartyId] | UnsetType = UNSET
    vendor_name: Annotated[str, PartyName] | UnsetType | None = UNSET
    bill_number: Annotated[str, BillNumber] | UnsetType = UNSET
    bill_date: Annotated[date, Day()] | UnsetType = UNSET
    due_date: Annotated[date, Day()] | UnsetType = UNSET
    currency: Annotated[str, Currency(), NullSets(DEFAULT_CURRENCY)] | UnsetType = UNSET
    items: Annotated[tuple[NewLineItem, ...], LineItems] | UnsetType = UNSET
    notes: Annotated[str, Notes] | UnsetType | None = UNSET
    metadata: Annotated[Mapping[str, str | None], Pairs()] | UnsetType | None = UNSET
    place_of_supply: Annotated[str, StateCode()] | UnsetType | None = UNSET
    reverse_charge: Annotated[bool, Boolean()] | UnsetType | None = UNSET
    discount: Annotated[Discount, Reduction] | UnsetType | None = UNSET
    round_off: Annotated[str, RoundOff] | UnsetType | None = UNSET


class RecordBillPayment(RecordPayment, frozen=True, kw_only=True):
    """Record a payment of an open bill."""

    target: ClassVar[type[Document]] = Bill


class ReverseBillPayment(ReversePayment, frozen=True, kw_only=True):
    """Take back a payment of a bill."""

    target: ClassVar[type[Document]] = Bill


def draft_bill(command: DraftBill, uow: UnitOfWork) -> Bill:
    sides = sides_of_new(command, uow)
    command = with_name_of_party(command, sides)
    bill = Bill.draft(
        uow.new_id(Bill.id_prefix),
        at=uow.at,
        number=command.bill_number,
        vendor_id=command.vendor_id,
        vendor_name=command.vendor_name,
        currency=command.currency,
        bill_date=command.bill_date,
        due_date=command.due_date,
        lines=command.items,
        notes=command.notes,
        metadata=command.metadata,
        request=tax_request(command),
        sides=sides,
    )
    uow.save(bill)
    return bill


HANDLERS: Mapping[type[Command], Handler[Any]] = {
    DraftBill: draft_bill,
    UpdateBill: update_document,
    RecordBillPayment: record_payment,
    ReverseBillPayment: reverse_payment,
}
