"""The common parts of the commands on invoices and bills: field types, checks and handlers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import UNSET

from commands.command import Command
from commands.fields import Choice, Day, Digits, Number, Text
from commands.fields.tax import Reduction
from commands.objects import Items
from commands.parties.party import party_of
from commands.unit_of_work import C, UnitOfWork
from domain.document import DRAFT, Document, check_dates
from domain.documents.payment import KINDS, PAYMENT, NewPayment
from domain.documents.pricing import Line, LineItem, check_pricing
from domain.documents.taxation import TaxRequest
from domain.errors import DomainError, Invalid, InvalidTransition
from domain.errors.codes import AMOUNT_EXCEEDS_BALANCE
from domain.errors.document import AlreadyReversed, DuplicateNumber, DuplicatePayment
from domain.errors.violation import Violation
from domain.metadata import check_metadata
from domain.money import DEFAULT_CURRENCY, FACTOR_LIMIT, TOTAL_LIMIT
from domain.parties.party import Party, side_of
from domain.tax.discount import Discount
from domain.tax.parties import NOBODY, Sides

PartyId = Text(
    64,
    pattern="[A-Za-z0-9_-]+",
    hint="must contain only letters A-Z and a-z, digits, '-' and '_': it is an id of your own, such as acme-traders",
)
PartyName = Text(200)
HsnSac = Digits((4, 6, 8))
"""The type of a code from India's lists of goods (HSN) and services (SAC)."""
Notes = Text(5000, min=0)

READ_ONLY = frozenset(
    {
        "id",
        "subTotal",
        "taxTotal",
        "discountTotal",
        "taxableAmount",
        "cgst",
        "sgst",
        "igst",
        "cess",
        "taxPayableByRecipient",
        "placeOfSupplyFrom",
        "supplyType",
        "stateTax",
        "documentType",
        "gstTreatment",
        "taxSummary",
        "supplier",
        "recipient",
        "warnings",
        "totalAmount",
        "amountPaid",
        "amountSettled",
        "amountCredited",
        "amountDebited",
        "corrections",
        "correctedLines",
        "balanceDue",
        "isOverdue",
        "paidAt",
        "voidedAt",
        "createdAt",
        "updatedAt",
        "version",
        "availableActions",
        "payments",
    }
)
"""The API names of a document's fields that no request can set."""


class NewLineItem(Line, frozen=True, rename="camel"):
    """A line item as the client sends it."""

    description: Annotated[str, Text(500)]
    quantity: Annotated[Decimal, Number(places=3, below=FACTOR_LIMIT, positive=True)]
    unit_price: Annotated[Decimal, Number(places=4, below=FACTOR_LIMIT)]
    tax_rate: Annotated[Decimal, Number(places=3, at_most=Decimal(100))]
    hsn_sac: Annotated[str, HsnSac] | None = None
    discount: Annotated[Discount, Reduction] | None = None
    cess_rate: Annotated[Decimal, Number(places=3, at_most=Decimal(100))] | None = None


LineItems = Items(NewLineItem, max=200, read_only=frozenset(LineItem.__struct_encode_fields__))


class DraftDocument(Command, frozen=True, kw_only=True):
    """Enter a new document as a draft."""

    target: ClassVar[type[Document]]
    refusals: ClassVar[tuple[type[DomainError], ...]] = (DuplicateNumber,)

    @classmethod
    def check_new(cls, values: Mapping[str, Any]) -> list[Violation]:
        violations, date_field = [], cls.target.date_field
        if date_field in values and "due_date" in values:
            violations += check_dates(date_field, values[date_field], values["due_date"])
        items, currency = values.get("items", ()), values.get("currency", DEFAULT_CURRENCY)
        violations += check_pricing(items, currency, values.get("discount"))
        return violations + check_metadata({}, values.get("metadata"))

    @classmethod
    def names_others(cls, values: Mapping[str, Any]) -> bool:
        return Party.is_id(values.get(f"{cls.target.party}_id", ""))

    @classmethod
    def check_named(
        cls, values: Mapping[str, Any], uow: UnitOfWork, aggregate: Document | None = None
    ) -> list[Violation]:
        return check_party_of(cls.target, values, uow)


def tax_request(command: Any) -> TaxRequest:
    """Return what a command that drafts a document says about its tax."""
    return TaxRequest(command.place_of_supply, bool(command.reverse_charge), command.discount, command.round_off)


class UpdateDocument(Command, frozen=True, kw_only=True):
    """Change fields of a document, its status, or both in one request."""

    target: ClassVar[type[Document]]
    refusals: ClassVar[tuple[type[DomainError], ...]] = (DuplicateNumber, InvalidTransition)

    id: str

    @classmethod
    def check(cls, aggregate: Document, values: Mapping[str, Any], today: date) -> list[Violation]:
        return aggregate.check_changes({name: value for name, value in values.items() if name != "status"})

    @classmethod
    def check_named(
        cls, values: Mapping[str, Any], uow: UnitOfWork, aggregate: Document | None = None
    ) -> list[Violation]:
        field = f"{cls.target.party}_id"
        if aggregate is None or aggregate.status != DRAFT or values.get(field) == getattr(aggregate, field):
            return []
        return check_party_of(cls.target, values, uow)

    def changes(self) -> dict[str, Any]:
        """Return the fields that were sent, by attribute name; a field that was not sent is absent."""
        fields = msgspec.structs.asdict(self)
        return {name: value for name, value in fields.items() if name != "id" and value is not UNSET}


class RecordPayment(Command, frozen=True, kw_only=True):
    """Record a payment of a document that was sent or opened, or settle a part of its balance without money."""

    target: ClassVar[type[Document]]
    read_only = frozenset(("id", "recordedAt", "reversedAt", "reversedOn", "reversalReason"))
    refusals: ClassVar[tuple[type[DomainError], ...]] = (InvalidTransition, DuplicatePayment)
    field_errors: ClassVar[tuple[str, ...]] = (*Command.field_errors, AMOUNT_EXCEEDS_BALANCE)

    id: str
    kind: Annotated[str, Choice(KINDS)] = PAYMENT
    amount: Annotated[Decimal, Number(places=4, below=TOTAL_LIMIT, positive=True)]
    paid_on: Annotated[date, Day()]
    method: Annotated[str, Text(50)] | None = None
    reference: Annotated[str, Text(200)] | None = None

    @classmethod
    def check(cls, aggregate: Document, values: Mapping[str, Any], today: date) -> list[Violation]:
        sent = {name: values[name] for name in NewPayment._fields if name in values}
        return aggregate.check_payment(NewPayment(**sent), today)


class ReversePayment(Command, frozen=True, kw_only=True):
    """Take a payment back: a cheque that bounced, or a typing error."""

    target: ClassVar[type[Document]]
    read_only = frozenset(("id", "reversedAt"))
    refusals: ClassVar[tuple[type[DomainError], ...]] = (AlreadyReversed,)

    id: str
    payment_id: str
    reason: Annotated[str, Text(500)]
    reversed_on: Annotated[date, Day()] | None = None

    @classmethod
    def check(cls, aggregate: Document, values: Mapping[str, Any], today: date) -> list[Violation]:
        return aggregate.check_reversal(values["payment_id"], values.get("reversed_on"), today)


def check_party_of(target: type[Document], values: Mapping[str, Any], uow: UnitOfWork) -> list[Violation]:
    """Return a violation if the other party of a document is new to it, and cannot be named."""
    try:
        party_of(uow, values.get(f"{target.party}_id", ""), target.party)
    except Invalid as error:
        return list(error.violations)
    return []


def is_taxed_again(document: Document, changes: Mapping[str, Any], status: str | None) -> bool:
    """Return whether the amounts of a document are computed again by a request that changes it so.

    They are while it is a draft. A draft that becomes void keeps its amounts, unless the request changes them, too.
    """
    return document.status == DRAFT and (status != "void" or bool(changes))


def sides_of_new(command: Any, uow: UnitOfWork) -> Sides:
    """Return the organization and the other party of a new draft, as they are now.

    Raises Invalid if the id of the party has the form of those that the service makes, and names none. It then also
    lists what else is wrong.
    """
    target = command.target
    id, day = getattr(command, f"{target.party}_id"), getattr(command, target.date_field)
    try:
        return _sides(uow, id, target, day, is_new=True)
    except Invalid as error:
        raise Invalid([*command.check_new(msgspec.structs.asdict(command)), *error.violations]) from None


def sides_of(document: Document, changes: Mapping[str, Any], uow: UnitOfWork) -> Sides:
    """Return the organization and the other party of a draft, with these changes, as they are now. Raises Invalid."""
    field, date_field = f"{document.party}_id", document.date_field
    id, day = (changes.get(name, getattr(document, name)) for name in (field, date_field))
    return _sides(uow, id, type(document), day, is_new=id != getattr(document, field))


def _sides(uow: UnitOfWork, id: str, target: type[Document], day: date, *, is_new: bool) -> Sides:
    party = party_of(uow, id, target.party, is_new=is_new)
    if party is None and uow.supplier is None:
        return NOBODY
    return Sides(uow.supplier, None if party is None else side_of(party, day))


def with_name_of_party(command: C, sides: Sides) -> C:
    """Return a command that drafts a document, with the name of the party if it has none itself."""
    name = f"{command.target.party}_name"  # type: ignore[attr-defined]
    if sides.other is None or getattr(command, name) is not None:
        return command
    return msgspec.structs.replace(command, **{name: sides.other.name or None})


def _with_new_party(document: Document, changes: Mapping[str, Any], sides: Sides) -> dict[str, Any]:
    """Return the changes with the name of the party to which they move the draft, unless they have a name."""
    id, name = f"{document.party}_id", f"{document.party}_name"
    if sides.other is None or name in changes or changes.get(id, getattr(document, id)) == getattr(document, id):
        return dict(changes)
    return {**changes, name: sides.other.name or None}


def update_document(command: UpdateDocument, uow: UnitOfWork) -> Document:
    """Apply the changes and the new status, both or neither.

    The checks come in this order: wrong fields, a stale version, a transition that is not allowed.
    """
    document = uow.get(command.target, command.id)
    changes = command.changes()
    status = changes.pop("status", None)
    try:
        sides = sides_of(document, changes, uow) if is_taxed_again(document, changes, status) else None
    except Invalid as error:
        raise Invalid([*document.check_changes(changes), *error.violations]) from None
    if sides is not None:
        changes = _with_new_party(document, changes, sides)
    violations = document.check_changes(changes)
    if sides is not None:
        violations += document.check_tax(changes, sides)
    if violations:
        raise Invalid(violations)
    uow.check_version(document)
    if status is not None:
        document.check_transition(status)
    document.update(changes, uow.at, uow.next_number, sides)
    if status is not None:
        document.transition_to(status, uow.at, sides or NOBODY)
    document.refresh_overdue(uow.today, uow.at)
    uow.save(document)
    return document


def record_payment(command: RecordPayment, uow: UnitOfWork) -> Document:
    """Record the payment. The checks come in this order: wrong fields, a stale version, a wrong status."""
    document = uow.get(command.target, command.id)
    new = NewPayment(command.amount, command.paid_on, command.kind, command.method, command.reference)
    if violations := document.check_payment(new, uow.today):
        raise Invalid(violations)
    uow.check_version(document)
    document.record_payment(uow.new_id("pay"), new, uow.at, uow.today)
    document.refresh_overdue(uow.today, uow.at)
    uow.save(document)
    return document


def reverse_payment(command: ReversePayment, uow: UnitOfWork) -> Document:
    """Take the payment back. The checks come in this order: a wrong day, a stale version, a second reversal."""
    document = uow.get(command.target, command.id)
    if violations := document.check_reversal(command.payment_id, command.reversed_on, uow.today):
        raise Invalid(violations)
    uow.check_version(document)
    document.reverse_payment(command.payment_id, command.reason, command.reversed_on, uow.at, uow.today)
    document.refresh_overdue(uow.today, uow.at)
    uow.save(document)
    return document
