"""The common parts of the commands on notes: field types, checks and handlers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from commands.command import Command
from commands.document import Notes
from commands.fields import Choice, Day, Number, Text
from commands.fields.others import Boolean, WholeNumber
from commands.objects import Items, Pairs
from commands.unit_of_work import UnitOfWork
from domain.calendar import CalendarDate
from domain.document import Document, camel
from domain.errors import DomainError, Invalid, InvalidTransition, NotFound
from domain.errors.codes import AMOUNT_EXCEEDS_BALANCE, VALIDATION_FAILED
from domain.errors.document import AlreadyReversed
from domain.errors.violation import Violation
from domain.metadata import MetadataChanges, check_metadata
from domain.money import FACTOR_LIMIT, TOTAL_LIMIT
from domain.notes.items import NoteItem, Part, Wanted
from domain.notes.lowering_note import LoweringNote
from domain.notes.note import Note
from domain.notes.refunds import NewRefund
from domain.tax.annual_returns import NONE_FILED, Filings

DocumentId = Text(64)
Reason = Text(500)
Amount = Number(places=4, below=TOTAL_LIMIT, positive=True)
READ_ONLY = frozenset(
    {
        "id",
        "currency",
        "taxableAmount",
        "cgst",
        "sgst",
        "igst",
        "cess",
        "taxPayableByRecipient",
        "untaxedAmount",
        "taxTotal",
        "roundOff",
        "totalAmount",
        "taxAdjustmentFrom",
        "placeOfSupply",
        "supplyType",
        "stateTax",
        "gstTreatment",
        "reverseCharge",
        "taxSummary",
        "supplier",
        "recipient",
        "warnings",
        "issuedAt",
        "voidedAt",
        "createdAt",
        "updatedAt",
        "version",
        "availableActions",
    }
)
"""The API names of a note's fields that no request can set."""
OF_INVOICE = frozenset(("number", "invoiceNumber", "invoiceDate", "clientId", "clientName"))
"""The same of a note of an invoice: it has the client of the invoice, and a number of its own series."""
LOWERING_READ_ONLY = READ_ONLY | {"amountApplied", "amountRefunded", "refundDue", "refunds"}
_ITEMS_OR_AMOUNT = "must be left out if items says what to correct; send one of the two"


class NewNoteItem(Part, frozen=True, rename="camel"):
    """A line of a note as the client sends it: a part of a line of the document."""

    line_number: Annotated[int, WholeNumber(1, 200)]
    quantity: Annotated[Decimal, Number(places=3, below=FACTOR_LIMIT, positive=True)] | None = None
    amount: Annotated[Decimal, Amount] | None = None


_READ_ONLY_OF_ITEM = frozenset(NoteItem.__struct_encode_fields__) - {"lineNumber", "quantity"}
NoteItems = Items(NewNoteItem, max=200, read_only=_READ_ONLY_OF_ITEM)


class CreateNote(Command, frozen=True, kw_only=True):
    """Draft a note. Each kind adds the id of the document that it corrects."""

    target: ClassVar[type[Note]]

    reason: Annotated[str, Reason]
    date: Annotated[CalendarDate, Day()] | None = None
    items: Annotated[tuple[NewNoteItem, ...], NoteItems] | None = None
    amount: Annotated[Decimal, Amount] | None = None
    tax_adjustment: Annotated[bool, Boolean()] | None = None
    notes: Annotated[str, Notes] | None = None
    metadata: Annotated[MetadataChanges, Pairs()] = None

    @classmethod
    def check_new(cls, values: Mapping[str, Any]) -> list[Violation]:
        return check_wanted(values) + check_metadata({}, values.get("metadata"))

    @classmethod
    def names_others(cls, values: Mapping[str, Any]) -> bool:
        return cls.target.corrects.is_id(values.get(cls.target.document_field("id"), ""))

    @classmethod
    def check_named(cls, values: Mapping[str, Any], uow: UnitOfWork, aggregate: Note | None = None) -> list[Violation]:
        id = values.get(cls.target.document_field("id"))
        try:
            _ = id and document_of(cls.target, id, uow)
        except Invalid as error:
            return list(error.violations)
        return []


class UpdateNote(Command, frozen=True, kw_only=True):
    """Change a note's fields, issue it, or make it void."""

    target: ClassVar[type[Note]]
    refusals: ClassVar[tuple[type[DomainError], ...]] = (InvalidTransition,)

    id: str
    status: Annotated[str, Choice(tuple(Note.transitions()))] | UnsetType = UNSET
    reason: Annotated[str, Reason] | UnsetType = UNSET
    date: Annotated[CalendarDate, Day()] | UnsetType = UNSET
    items: Annotated[tuple[NewNoteItem, ...], NoteItems] | UnsetType = UNSET
    amount: Annotated[Decimal, Amount] | UnsetType = UNSET
    tax_adjustment: Annotated[bool, Boolean()] | UnsetType | None = UNSET
    notes: Annotated[str, Notes] | UnsetType | None = UNSET
    metadata: Annotated[Mapping[str, str | None], Pairs()] | UnsetType | None = UNSET

    @classmethod
    def check(cls, aggregate: Note, values: Mapping[str, Any], today: CalendarDate) -> list[Violation]:
        changes = {name: value for name, value in values.items() if name != "status"}
        days = aggregate.check_day(values, values.get("status"), today)
        return aggregate.check_changes(changes) + check_wanted(values) + days

    def changes(self) -> dict[str, Any]:
        """Return the fields that were sent, by attribute name; a field that was not sent is absent."""
        fields = msgspec.structs.asdict(self)
        return {name: value for name, value in fields.items() if name not in ("id", "status") and value is not UNSET}


class RecordRefund(Command, frozen=True, kw_only=True):
    """Record that a part of what is to be refunded was given back."""

    target: ClassVar[type[LoweringNote]]
    read_only = frozenset(("id", "recordedAt"))
    refusals: ClassVar[tuple[type[DomainError], ...]] = (InvalidTransition,)
    field_errors: ClassVar[tuple[str, ...]] = (*Command.field_errors, AMOUNT_EXCEEDS_BALANCE)

    id: str
    amount: Annotated[Decimal, Amount]
    date: Annotated[CalendarDate, Day()] | None = None
    method: Annotated[str, Text(50)] | None = None
    reference: Annotated[str, Text(200)] | None = None

    @classmethod
    def check(cls, aggregate: LoweringNote, values: Mapping[str, Any], today: CalendarDate) -> list[Violation]:
        sent = {name: values[name] for name in NewRefund._fields if name in values}
        return aggregate.check_refund(NewRefund(**sent), today)


class ReverseRefund(Command, frozen=True, kw_only=True):
    """Take a refund back: a transfer that came back, or a typing error."""

    target: ClassVar[type[LoweringNote]]
    read_only = frozenset(("id", "reversedAt"))
    refusals: ClassVar[tuple[type[DomainError], ...]] = (AlreadyReversed,)

    id: str
    refund_id: str
    reason: Annotated[str, Text(500)]
    reversed_on: Annotated[CalendarDate, Day()] | None = None

    @classmethod
    def check(cls, aggregate: LoweringNote, values: Mapping[str, Any], today: CalendarDate) -> list[Violation]:
        return aggregate.check_refund_reversal(values["refund_id"], values.get("reversed_on"), today)


def check_wanted(values: Mapping[str, Any]) -> list[Violation]:
    """Return a violation for each way in which a request says twice what to correct. Invalid entries are None."""
    violations = []
    items = values.get("items") or ()
    if values.get("items") and values.get("amount"):
        violations.append(Violation("amount", VALIDATION_FAILED, _ITEMS_OR_AMOUNT))
    for place, item in enumerate(items):
        if item is not None and item.quantity is not None and item.amount is not None:
            message = "must be left out if there is a quantity; send one of the two"
            violations.append(Violation(f"items[{place}].amount", VALIDATION_FAILED, message))
    return violations


def document_of(target: type[Note], id: str, uow: UnitOfWork) -> Document:
    """Return the document that a new note names. Raises Invalid."""
    try:
        return uow.get(target.corrects, id)
    except NotFound:
        noun, field = target.corrects.noun, camel(target.document_field("id"))
        message = f"must be the id of one of your organization's {noun}s; there is no such {noun}"
        raise Invalid([Violation(field, VALIDATION_FAILED, message)]) from None


def create_note(command: Any, uow: UnitOfWork) -> Note:
    """Draft a note. Raises Invalid, also if there is no document with this id."""
    target: type[Note] = command.target
    if violations := check_wanted(msgspec.structs.asdict(command)):
        raise Invalid(violations)
    document = document_of(target, getattr(command, target.document_field("id")), uow)
    note = target.draft(
        uow.new_id(target.id_prefix),
        document,
        at=uow.at,
        number=getattr(command, "number", None),
        reason=command.reason,
        date=command.date or uow.today,
        wanted=Wanted(command.items, command.amount),
        tax_adjustment=command.tax_adjustment,
        notes=command.notes,
        metadata=command.metadata,
        filed=_filed(uow),
    )
    uow.save(note)
    return note


def _filed(uow: UnitOfWork) -> Filings:
    """Return the organization's annual returns."""
    return NONE_FILED if uow.supplier is None else uow.supplier.annual_returns


def update_note(command: Any, uow: UnitOfWork) -> Note:
    """Apply the changes and the new status, both or neither.

    The checks come in this order: wrong fields, a stale version, a transition that is not allowed.
    """
    note: Note = uow.get(command.target, command.id)
    changes, status = command.changes(), None if command.status is UNSET else command.status
    checks = (note.check_changes(changes), check_wanted(changes), note.check_day(changes, status, uow.today))
    if violations := [violation for each in checks for violation in each]:
        raise Invalid(violations)
    document: Document | None = None
    if note.needs_document(changes, status):
        document = uow.get(note.corrects, getattr(note, note.document_field("id")))
    uow.check_version(note)
    if status is not None:
        note.check_transition(status, document)
    before = note.status
    note.update(changes, uow.at, document, _filed(uow))
    if status is not None:
        next_number = partial(uow.next_note_number, note.kind)
        note.transition_to(status, uow.at, document, next_number, _filed(uow))
    uow.save(note)
    if document is not None and note.status != before:
        document.refresh_overdue(uow.today, uow.at)
        uow.save(document)
    return note


def record_refund(command: Any, uow: UnitOfWork) -> LoweringNote:
    """Record the refund. The checks come in this order: wrong fields, a stale version, a wrong status."""
    note: LoweringNote = uow.get(command.target, command.id)
    new = NewRefund(command.amount, command.date, command.method, command.reference)
    if violations := note.check_refund(new, uow.today):
        raise Invalid(violations)
    document = uow.get(note.corrects, getattr(note, note.document_field("id")))
    uow.check_version(note)
    note.check_refundable(document)
    note.record_refund(uow.new_id("rfd"), new, uow.at, uow.today)
    uow.save(note)
    return note


def reverse_refund(command: ReverseRefund, uow: UnitOfWork) -> LoweringNote:
    """Take the refund back. The checks come in this order: a wrong day, a stale version, a second reversal."""
    note = uow.get(command.target, command.id)
    if violations := note.check_refund_reversal(command.refund_id, command.reversed_on, uow.today):
        raise Invalid(violations)
    uow.check_version(note)
    note.reverse_refund(command.refund_id, command.reason, command.reversed_on, uow.at, uow.today)
    uow.save(note)
    return note
