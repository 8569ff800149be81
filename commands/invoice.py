"""The commands on invoices: draft, update, record a payment, take a payment back."""

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
from domain.calendar import financial_year
from domain.document import Document
from domain.invoice import Invoice
from domain.metadata import MetadataChanges
from domain.money import DEFAULT_CURRENCY
from domain.tax.discount import Discount

InvoiceNumber = Text(
    16,
    pattern="[A-Za-z0-9][A-Za-z0-9/-]*",
    hint="must contain only letters A-Z and a-z, digits, '-' and '/', and begin with a letter or a digit",
)
"""The type of an invoice's number. Source: rule 46(b) of India's CGST Rules, 2017."""


class DraftInvoice(DraftDocument, frozen=True, kw_only=True):
    """Draft an invoice. An invoice without a number gets the next number of the organization's own series."""

    target: ClassVar[type[Document]] = Invoice
    read_only: ClassVar[frozenset[str]] = READ_ONLY | {"status", "sentAt"}

    client_id: Annotated[str, PartyId]
    client_name: Annotated[str, PartyName] | None = None
    invoice_number: Annotated[str, InvoiceNumber] | None = None
    invoice_date: Annotated[date, Day()]
    due_date: Annotated[date, Day()]
    currency: Annotated[str, Currency()] = DEFAULT_CURRENCY
    items: Annotated[tuple[NewLineItem, ...], LineItems]
    notes: Annotated[str, Notes] | None = None
    metadata: Annotated[MetadataChanges, Pairs()] = None
    place_of_supply: Annotated[str, StateCode()] | None = None
    reverse_charge: Annotated[bool, Boolean()] | None = None
    discount: Annotated[Discount, Reduction] | None = None
    round_off: Annotated[str, RoundOff] | None = None

    def series_year(self) -> int | None:
        return financial_year(self.invoice_date) if self.invoice_number is None else None


class UpdateInvoice(UpdateDocument, frozen=True, kw_only=True):
    """Change an invoice's fields, send it, or make it void."""

    target: ClassVar[type[Document]] = Invoice
    read_only: ClassVar[frozenset[str]] = READ_ONLY | {"sentAt"}

    status: Annotated[str, Choice(tuple(Invoice.transitions()))] | UnsetType = UNSET
    client_id: Annotated[str, PartyId] | UnsetType = UNSET
    client_name: Annotated[str, PartyName] | UnsetType | None = UNSET
    invoice_number: Annotated[str, InvoiceNumber] | UnsetType = UNSET
    invoice_date: Annotated[date, Day()] | UnsetType = UNSET
    due_date: Annotated[date, Day()] | UnsetType = UNSET
    currency: Annotated[str, Currency(), NullSets(DEFAULT_CURRENCY)] | UnsetType = UNSET
    items: Annotated[tuple[NewLineItem, ...], LineItems] | UnsetType = UNSET
    notes: Annotated[str, Notes] | UnsetType | None = UNSET
    metadata: Annotated[Mapping[str, str | None], Pairs()] | UnsetType | None = UNSET
    place_of_supply: Annotated[str, StateCode()] | UnsetType | None = UNSET
    reverse_charge: Annotated[bool, Boolean()] | UnsetType | None = UNSET
    discount: Annotated[Discount, Reduction] | UnsetType | None = UNSET
    round_off: Annotated[str, RoundOff] | UnsetType | None = UNSET

    def series_year(self) -> int | None:
        """Return the financial year of the new date; None when the date stays.

        The next number of this year is used only if the draft has a number of the series and its year changes.
        """
        return None if isinstance(self.invoice_date, UnsetType) else financial_year(self.invoice_date)


class RecordInvoicePayment(RecordPayment, frozen=True, kw_only=True):
    """Record a payment of a sent invoice."""

    target: ClassVar[type[Document]] = Invoice


class ReverseInvoicePayment(ReversePayment, frozen=True, kw_only=True):
    """Take back a payment of an invoice."""

    target: ClassVar[type[Document]] = Invoice


def draft_invoice(command: DraftInvoice, uow: UnitOfWork) -> Invoice:
    sides = sides_of_new(command, uow)
    command = with_name_of_party(command, sides)
    invoice = Invoice.draft(
        uow.new_id(Invoice.id_prefix),
        at=uow.at,
        number=command.invoice_number or uow.next_number(),
        client_id=command.client_id,
        client_name=command.client_name,
        currency=command.currency,
        invoice_date=command.invoice_date,
        due_date=command.due_date,
        lines=command.items,
        notes=command.notes,
        metadata=command.metadata,
        request=tax_request(command),
        sides=sides,
        number_from_series=command.invoice_number is None,
    )
    uow.save(invoice)
    return invoice


HANDLERS: Mapping[type[Command], Handler[Any]] = {
    DraftInvoice: draft_invoice,
    UpdateInvoice: update_document,
    RecordInvoicePayment: record_payment,
    ReverseInvoicePayment: reverse_payment,
}
