"""What the commands on invoices and bills share: fields, and the three handlers' moves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import UNSET

from commands.command import Command
from commands.fields import Day, Items, Number, Text
from commands.unit_of_work import UnitOfWork
from domain.document import Document, check_dates
from domain.errors import Invalid, Violation
from domain.money import TOTAL_LIMIT
from domain.pricing import Line, LineItem, check_total

FACTOR_LIMIT = Decimal(10) ** 12
PartyId = Text(64, pattern="[A-Za-z0-9_-]+", hint="It may hold the letters A-Z and a-z, digits, '-' and '_'.")
PartyName = Text(200)
Notes = Text(5000, min=0)

COMPUTED = frozenset(
    {
        "id",
        "subTotal",
        "taxTotal",
        "totalAmount",
        "amountPaid",
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
"""The fields of a document that are never written by a request."""


class NewLine(Line, frozen=True, rename="camel"):
    """A line item as it is sent."""

    description: Annotated[str, Text(500)]
    quantity: Annotated[Decimal, Number(places=3, below=FACTOR_LIMIT, positive=True)]
    unit_price: Annotated[Decimal, Number(places=4, below=FACTOR_LIMIT)]
    tax_rate: Annotated[Decimal, Number(places=3, at_most=Decimal(100))]
    hsn_sac: Annotated[str, Text(16)] | None = None


LineItems = Items(NewLine, max=200, computed=frozenset(LineItem.__struct_encode_fields__))


class DraftDocument(Command, frozen=True, kw_only=True):
    """Enter a new document as a draft."""

    target: ClassVar[type[Document]]

    @classmethod
    def check_new(cls, values: Mapping[str, Any]) -> list[Violation]:
        found, date_field = [], cls.target.date_field
        if date_field in values and "due_date" in values:
            found += check_dates(date_field, values[date_field], values["due_date"])
        return found + check_total(values.get("items", ()), values.get("currency", "INR"))


class UpdateDocument(Command, frozen=True, kw_only=True):
    """Change fields, take a step to another status, or both together."""

    @classmethod
    def check(cls, aggregate: Document, values: Mapping[str, Any], today: date) -> list[Violation]:
        return aggregate.check_changes({name: value for name, value in values.items() if name != "status"})

    def values(self) -> dict[str, Any]:
        """What was sent, by field; what was absent is absent."""
        sent = msgspec.structs.asdict(self)
        return {name: value for name, value in sent.items() if name != "id" and value is not UNSET}


class RecordPayment(Command, frozen=True, kw_only=True):
    """Take a payment for a document that is out."""

    computed = frozenset(("id", "recordedAt"))

    id: str
    amount: Annotated[Decimal, Number(places=4, below=TOTAL_LIMIT, positive=True)]
    paid_on: Annotated[date, Day()]
    method: Annotated[str, Text(50)] | None = None
    reference: Annotated[str, Text(200)] | None = None

    @classmethod
    def check(cls, aggregate: Document, values: Mapping[str, Any], today: date) -> list[Violation]:
        return aggregate.check_payment(values.get("amount"), values.get("paid_on"), today)


def update_document(command: UpdateDocument, uow: UnitOfWork) -> Document:
    """Wrong fields are refused first, then a stale version, then a step that is none; all happens or nothing."""
    document = uow.get(command.target, command.id)  # type: ignore[attr-defined]
    assert isinstance(document, Document)
    changes = command.values()
    status = changes.pop("status", None)
    if found := document.check_changes(changes):
        raise Invalid(found)
    uow.check_version(document)
    if status is not None:
        document.check_step(status)
    document.update(changes, uow.at)
    if status is not None:
        document.transition_to(status, uow.at)
    document.refresh_overdue(uow.today, uow.at)
    uow.save(document)
    return document


def record_payment(command: RecordPayment, uow: UnitOfWork) -> Document:
    document = uow.get(command.target, command.id)
    assert isinstance(document, Document)
    if found := document.check_payment(command.amount, command.paid_on, uow.today):
        raise Invalid(found)
    uow.check_version(document)
    payment = uow.new_id("pay")
    details = (command.amount, command.paid_on, command.method, command.reference)
    document.record_payment(payment, *details, at=uow.at, today=uow.today)
    document.refresh_overdue(uow.today, uow.at)
    uow.save(document)
    return document
