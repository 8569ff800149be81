"""The common base of invoices and bills: priced lines, totals, and the transitions between statuses."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar

from domain.aggregate import Event
from domain.calendar import instant
from domain.documents.payable import Payable
from domain.documents.pricing import LineItem, check_pricing, price_lines
from domain.errors import Invalid, InvalidTransition
from domain.errors.codes import READ_ONLY_FIELD, VALIDATION_FAILED
from domain.errors.violation import Violation
from domain.metadata import Metadata, check_metadata, merge_metadata

NextNumber = Callable[[], str]
"""A function that returns the next free invoice number of the organization's own series.

The number is of the financial year that the command's `series_year()` returned.
"""
DRAFT = "draft"
"""The status of a document that was not yet sent (an invoice) or opened (a bill)."""


class Document(Payable):
    """An invoice or a bill. Subclasses declare their own statuses, fields and events."""

    read_scope: ClassVar[str | None] = "billing:read"
    write_scope: ClassVar[str | None] = "billing:write"

    issue_action: ClassVar[str]
    """The name of the action that sends or opens the document, as `availableActions` shows it."""
    date_field: ClassVar[str]
    """The name of the attribute that holds the document's date."""
    number_field: ClassVar[str]
    """The name of the attribute that holds the document's number."""
    draft_fields: ClassVar[frozenset[str]]
    """The names of the attributes that can be changed in a draft."""

    Updated: ClassVar[type[Event]]
    Voided: ClassVar[type[Event]]

    items: Sequence[LineItem]
    metadata: Metadata | None

    @classmethod
    def transitions(cls) -> dict[str, tuple[str, ...]]:
        """Return, for each status, the statuses that a request can set next. Only payments set the other statuses."""
        issued = cls.issued_status
        return {DRAFT: (issued, "void"), issued: ("void",), "partially_paid": (), "paid": (), "void": ()}

    @classmethod
    @cache
    def actions(cls, status: str, has_payments: bool = True) -> tuple[str, ...]:
        """Return the names of the actions that are possible in this status: the resource's `availableActions`.

        `has_payments` says whether the document has a payment that was not taken back. A document with a total of zero
        is paid without a payment.
        """
        offered = {
            DRAFT: ("update", cls.issue_action, "void"),
            cls.issued_status: ("update", "void", "recordPayment"),
            "partially_paid": ("update", "recordPayment", "reversePayment"),
            "paid": ("update", "reversePayment"),
        }.get(status, ("update",))
        return offered if has_payments else tuple(action for action in offered if action != "reversePayment")

    @classmethod
    def writable_fields(cls, status: str) -> frozenset[str]:
        """Return the fields that can be changed in this status."""
        if status == DRAFT:
            return cls.draft_fields | {"metadata"}
        if status in cls.payable_statuses():
            return frozenset((cls.date_field, "due_date", "notes", "metadata"))
        return frozenset(("notes", "metadata"))

    def check_changes(self, changes: Mapping[str, Any]) -> list[Violation]:
        """Return a violation for each change that is wrong or that the document's current status does not allow."""
        writable = self.writable_fields(self.status)
        refusal = f"cannot be changed while the {self.noun} is {self.status.replace('_', ' ')}"
        violations = [Violation(camel(name), READ_ONLY_FIELD, refusal) for name in changes if name not in writable]
        day = changes.get(self.date_field, getattr(self, self.date_field))
        violations += check_dates(self.date_field, day, changes.get("due_date", self.due_date))
        if writable & changes.keys() & {"items", "currency"}:
            violations += check_pricing(changes.get("items", self.items), changes.get("currency", self.currency))
        return violations + check_metadata(self.metadata, changes.get("metadata", {}))

    def update(self, changes: Mapping[str, Any], at: datetime, next_number: NextNumber | None = None) -> None:
        """Record the fields whose values change. If no value changes, no event is recorded.

        Raises Invalid for a field that is read-only in this status, for a due date before the document's date, for a
        total of TOTAL_LIMIT or more, and for too many pairs of metadata.
        """
        if violations := self.check_changes(changes):
            raise Invalid(violations)
        fields = {**changes, **self.new_number(changes, next_number)}
        if "metadata" in fields:
            fields["metadata"] = merge_metadata(self.metadata, fields["metadata"])
        if "items" in fields or "currency" in fields:
            items, currency = fields.get("items", self.items), fields.get("currency", self.currency)
            fields |= price_lines(items, currency)
        changed = {name: value for name, value in fields.items() if not _is_same(value, getattr(self, name))}
        if changed:
            self.record(self.Updated, at, **changed, **self.number_origin(changes, changed))

    def new_number(self, changes: Mapping[str, Any], next_number: NextNumber | None) -> dict[str, Any]:
        """Return the field with the new number that these changes require; an empty dict if the number stays.

        The base class returns an empty dict, because only invoices have a series of numbers.
        """
        return {}

    def number_origin(self, changes: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
        """Return the event's field that says whether the number is from the series; an empty dict without the field."""
        return {}

    def transition_to(self, status: str, at: datetime) -> None:
        """Set the status. Setting the current status again records no event.

        Raises InvalidTransition, which lists the statuses that can be set now.
        """
        self.check_transition(status)
        if status == self.status:
            return
        if status == "void":
            self.record(self.Voided, at, status="void", voided_at=instant(at))
        else:
            self.mark_issued(at)
            self.mark_paid_at_zero(at)

    def check_transition(self, status: str) -> None:
        """Raise InvalidTransition if a request cannot set `status` now. The current status can always be set again."""
        allowed = self.transitions()[self.status]
        if status != self.status and status not in allowed:
            raise InvalidTransition(self.noun, self.status, status, allowed)

    @abstractmethod
    def mark_issued(self, at: datetime) -> None:
        """Record that the document was sent or opened. The caller has checked the transition."""


def check_dates(date_field: str, day: date, due: date) -> list[Violation]:
    """Return a violation when the due date is before the document's date. `date_field` is the name of that date."""
    if due >= day:
        return []
    message = f"must not be before {camel(date_field)} ({day.isoformat()})"
    return [Violation("dueDate", VALIDATION_FAILED, message)]


def camel(name: str) -> str:
    """Return the API's name of a field: `dueDate` for `due_date`."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _is_same(value: object, present: object) -> bool:
    # The decimals 100.00 (INR) and 100 (JPY) are equal, but are written differently. Therefore repr is compared, too.
    return value == present and repr(value) == repr(present)
