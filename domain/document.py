"""What invoices and bills share: priced lines, totals, payments, a due date, and the steps between their states."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from domain.aggregate import Aggregate, Event
from domain.calendar import instant
from domain.errors import (
    AMOUNT_EXCEEDS_BALANCE,
    READ_ONLY_FIELD,
    VALIDATION_FAILED,
    ActionRefused,
    Invalid,
    InvalidTransition,
    Violation,
)
from domain.money import MINOR_UNITS, rounded
from domain.pricing import LineItem, check_total, priced


class Payment(msgspec.Struct, frozen=True, rename="camel"):
    """Money that was received for an invoice or paid for a bill; it cannot be taken back."""

    id: str
    amount: Decimal
    paid_on: date
    method: str | None
    reference: str | None
    recorded_at: str


class Document(Aggregate):
    """An invoice or a bill. Subclasses name the states, the fields and the events of their trade."""

    read_scope: ClassVar[str | None] = "billing:read"
    write_scope: ClassVar[str | None] = "billing:write"

    issued: ClassVar[str]
    """The status in which it is out and waits for payment (`sent`, `open`)."""
    date_field: ClassVar[str]
    """The field that holds the document's own date."""
    number_field: ClassVar[str]
    writable_in_draft: ClassVar[frozenset[str]]

    status: str
    currency: str
    due_date: date
    items: Sequence[LineItem]
    total_amount: Decimal
    amount_paid: Decimal
    balance_due: Decimal
    is_overdue: bool

    @classmethod
    def transitions(cls) -> dict[str, tuple[str, ...]]:
        """The steps that a PATCH of `status` can take, from each status."""
        return {"draft": (cls.issued, "void"), cls.issued: ("void",), "partially_paid": (), "paid": (), "void": ()}

    @classmethod
    def actions(cls, status: str) -> tuple[str, ...]:
        """What can be done with a document in this status: the resource's `availableActions`."""
        verb = {"sent": "send"}.get(cls.issued, cls.issued)
        return {
            "draft": ("update", verb, "void"),
            cls.issued: ("update", "void", "recordPayment"),
            "partially_paid": ("update", "recordPayment"),
        }.get(status, ("update",))

    @classmethod
    def writable(cls, status: str) -> frozenset[str]:
        """The fields that can be changed in this status."""
        if status == "draft":
            return cls.writable_in_draft
        if status in (cls.issued, "partially_paid"):
            return frozenset((cls.date_field, "due_date", "notes"))
        return frozenset(("notes",))

    def check_changes(self, changes: Mapping[str, Any]) -> list[Violation]:
        """What is wrong with these changes in the state where the document stands."""
        writable = self.writable(self.status)
        found = [
            Violation(
                camel(name), READ_ONLY_FIELD, f"It cannot be changed while the {self.kind} is {_words(self.status)}."
            )
            for name in changes
            if name not in writable
        ]
        day = changes.get(self.date_field, getattr(self, self.date_field))
        found += check_dates(self.date_field, day, changes.get("due_date", self.due_date))
        if writable & changes.keys() & {"items", "currency"}:
            found += check_total(changes.get("items", self.items), changes.get("currency", self.currency))
        return found

    def update(self, changes: Mapping[str, Any], at: datetime) -> None:
        """Change what differs; when nothing does, nothing happens.

        Raises Invalid for a field that is read-only in this state, a due date before the document's date, or a total
        out of bounds.
        """
        if found := self.check_changes(changes):
            raise Invalid(found)
        wanted = dict(changes)
        if "items" in wanted or "currency" in wanted:
            wanted |= priced(wanted.get("items", self.items), wanted.get("currency", self.currency), self.amount_paid)
        different = {name: value for name, value in wanted.items() if not _same(value, getattr(self, name))}
        if different:
            self.record(self.Updated, at, **different)

    def transition_to(self, status: str, at: datetime) -> None:
        """Take the step to `status`; the status where the document already stands is no step and no event.

        Raises InvalidTransition, with the statuses that can be set from here.
        """
        self.check_step(status)
        if status == self.status:
            return
        if status == "void":
            self.record(self.Voided, at, status="void", voided_at=instant(at))
        else:
            self.mark_issued(at)
            if self.balance_due == 0:
                self.record(self.Paid, at, status="paid", paid_at=instant(at))

    def check_step(self, status: str) -> None:
        """Raises InvalidTransition when `status` is neither where the document stands nor a step from there."""
        allowed = self.transitions()[self.status]
        if status != self.status and status not in allowed:
            raise InvalidTransition(self.kind, self.status, status, allowed)

    def record_payment(
        self,
        id: str,
        amount: Decimal,
        paid_on: date,
        method: str | None,
        reference: str | None,
        at: datetime,
        today: date,
    ) -> None:
        """Take a payment of at most what is due; the last one makes the document paid.

        Raises Invalid for a wrong amount or a day to come, ActionRefused when the document takes no payments.
        """
        if found := self.check_payment(amount, paid_on, today):
            raise Invalid(found)
        if self.status not in (self.issued, "partially_paid"):
            raise ActionRefused(self.kind, self.status, "payments", self.transitions()[self.status])
        amount = rounded(amount, self.currency)
        self.record(
            self.PaymentRecorded,
            at,
            payments=(Payment(id, amount, paid_on, method, reference, instant(at)),),
            amount_paid=self.amount_paid + amount,
            balance_due=self.balance_due - amount,
            status="partially_paid",
        )
        if self.balance_due == 0:
            self.record(self.Paid, at, status="paid", paid_at=instant(at))

    def check_payment(self, amount: Decimal | None, paid_on: date | None, today: date) -> list[Violation]:
        """What is wrong with such a payment, as far as it is given."""
        found = []
        if amount is not None and amount != rounded(amount, self.currency):
            places = MINOR_UNITS[self.currency]
            found.append(Violation("amount", VALIDATION_FAILED, f"{self.currency} has at most {places} decimals."))
        if amount is not None and amount > self.balance_due:
            message = f"The balance due is {self.balance_due} {self.currency}; send at most that."
            found.append(Violation("amount", AMOUNT_EXCEEDS_BALANCE, message))
        if paid_on is not None and paid_on > today:
            found.append(Violation("paidOn", VALIDATION_FAILED, f"It must not be after today ({today.isoformat()})."))
        return found

    def refresh_overdue(self, today: date, at: datetime) -> None:
        """Record that the document has become overdue, or no longer is, if that has changed."""
        waits = self.status in (self.issued, "partially_paid") and self.balance_due > 0
        overdue = waits and self.due_date < today
        if overdue and not self.is_overdue:
            self.record(self.Overdue, at, is_overdue=True)
        elif self.is_overdue and not overdue:
            self.record(self.OverdueCleared, at, is_overdue=False)

    @abstractmethod
    def mark_issued(self, at: datetime) -> None:
        """Record that the document is out; called once it is known to be allowed."""

    Updated: ClassVar[type[Event]]
    PaymentRecorded: ClassVar[type[Event]]
    Paid: ClassVar[type[Event]]
    Voided: ClassVar[type[Event]]
    Overdue: ClassVar[type[Event]]
    OverdueCleared: ClassVar[type[Event]]


class DocumentDrafted(Event, frozen=True, kw_only=True):
    """What every new document says of itself; a subclass adds its number, its date and the other side."""

    phrase: ClassVar[str] = "drafted {object}"

    status: str
    currency: str
    due_date: date
    items: tuple[LineItem, ...]
    sub_total: Decimal
    tax_total: Decimal
    total_amount: Decimal
    amount_paid: Decimal
    balance_due: Decimal
    is_overdue: bool
    notes: str | None


class DocumentUpdated(Event, frozen=True, kw_only=True):
    """The fields that changed; the others are absent."""

    phrase: ClassVar[str] = "changed {object}{fields}"
    derived_fields: ClassVar[frozenset[str]] = frozenset(
        ("sub_total", "tax_total", "total_amount", "amount_paid", "balance_due")
    )

    currency: str | UnsetType = UNSET
    due_date: date | UnsetType = UNSET
    items: tuple[LineItem, ...] | UnsetType = UNSET
    sub_total: Decimal | UnsetType = UNSET
    tax_total: Decimal | UnsetType = UNSET
    total_amount: Decimal | UnsetType = UNSET
    amount_paid: Decimal | UnsetType = UNSET
    balance_due: Decimal | UnsetType = UNSET
    notes: str | UnsetType | None = UNSET


class DocumentPaymentRecorded(Event, frozen=True, kw_only=True):
    """A payment, and what it leaves to be paid. `payments` holds what is added to the resource's list of that name."""

    phrase: ClassVar[str] = "recorded {payment} on {object}"

    payments: tuple[Payment, ...]
    amount_paid: Decimal
    balance_due: Decimal
    status: str

    def apply(self, aggregate: Any) -> None:
        aggregate.amount_paid, aggregate.balance_due = self.amount_paid, self.balance_due
        aggregate.status = self.status


class DocumentPaid(Event, frozen=True, kw_only=True):
    """Nothing is left to be paid."""

    phrase: ClassVar[str] = "recorded that {object} is paid in full"

    status: str
    paid_at: str


class DocumentVoided(Event, frozen=True, kw_only=True):
    """It no longer counts."""

    phrase: ClassVar[str] = "voided {object}"

    status: str
    voided_at: str


class DocumentOverdueChanged(Event, frozen=True, kw_only=True):
    """Its due date has passed while it waits for payment, or no longer so."""

    is_overdue: bool


def check_dates(date_field: str, day: date, due: date) -> list[Violation]:
    """A due date lies on or after the document's own date."""
    if due >= day:
        return []
    return [Violation("dueDate", VALIDATION_FAILED, f"It must not be before {camel(date_field)} ({day.isoformat()}).")]


def camel(name: str) -> str:
    """The API's name of a field: `due_date` is `dueDate`."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _same(value: object, present: object) -> bool:
    """Equal amounts may still be written differently: 100.00 INR are 100 JPY."""
    return value == present and repr(value) == repr(present)


def _words(status: str) -> str:
    return status.replace("_", " ")
