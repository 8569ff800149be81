"""The common base of invoices and bills: priced lines, totals, and the transitions between statuses."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar

from domain.aggregate import Event
from domain.calendar import instant
from domain.documents.correctable import Correctable
from domain.documents.pricing import NEAREST, OPTIONAL, LineItem, check_pricing, price_lines
from domain.documents.taxation import TaxRequest
from domain.errors import Invalid, InvalidTransition
from domain.errors.codes import READ_ONLY_FIELD, VALIDATION_FAILED
from domain.errors.messages import words
from domain.errors.violation import Violation
from domain.metadata import Metadata, check_metadata, merge_metadata
from domain.tax.discount import Discount
from domain.tax.parties import NOBODY, PartySnapshot, Sides, snapshot_of, stranger
from domain.tax.supply import REQUEST, Supply

NextNumber = Callable[[], str]
"""A function that returns the next free invoice number of the organization's own series.

The number is of the financial year that the command's `series_year()` returned.
"""
DRAFT = "draft"
"""The status of a document that was not yet sent (an invoice) or opened (a bill)."""
TAX_REQUEST = frozenset(("discount", "place_of_supply", "reverse_charge", "round_off"))
"""The attributes of a draft that a request about its tax sets; a change has what the request says, not the result."""
_PRICED = TAX_REQUEST | {"items", "currency"}
"""The attributes of a draft without GST on which its amounts depend."""


class OptionalFields:
    """The fields of OPTIONAL in pricing.py. A document has no attribute of its own for one that it does not use."""

    discount: Discount | None = None
    place_of_supply: str | None = None
    place_of_supply_from: str | None = None
    supply_type: str | None = None
    round_off: Decimal | None = None
    """The amount by which the total was rounded off; None if it is not rounded."""
    reverse_charge: bool | None = None
    discount_total: Decimal | None = None
    taxable_amount: Decimal | None = None
    cgst: Decimal | None = None
    sgst: Decimal | None = None
    igst: Decimal | None = None
    cess: Decimal | None = None
    tax_payable_by_recipient: Decimal | None = None
    state_tax: str | None = None
    document_type: str | None = None
    gst_treatment: str | None = None


class Document(OptionalFields, Correctable):
    """An invoice or a bill. Subclasses declare their own statuses, fields and events."""

    read_scope: ClassVar[str | None] = "billing:read"
    write_scope: ClassVar[str | None] = "billing:write"

    issue_action: ClassVar[str]
    """The name of the action that sends or opens the document, as `availableActions` shows it."""
    date_field: ClassVar[str]
    """The name of the attribute that holds the document's date."""
    number_field: ClassVar[str]
    """The name of the attribute that holds the document's number."""
    party: ClassVar[str]
    """What the other party is: `client` or `vendor`. The names of its attributes begin with it."""
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
    def actions(cls, status: str, has_payments: bool = True, is_corrected: bool = False) -> tuple[str, ...]:
        """Return the names of the actions that are possible in this status: the resource's `availableActions`.

        `has_payments` says whether the document has a payment that was not taken back. A document with a total of zero
        is paid without a payment. `is_corrected` says whether a note corrects the document.
        """
        offered = {
            DRAFT: ("update", cls.issue_action, "void"),
            cls.issued_status: ("update", "void", "recordPayment"),
            "partially_paid": ("update", "recordPayment", "reversePayment"),
            "paid": ("update", "reversePayment"),
        }.get(status, ("update",))
        missing = {*(() if has_payments else ("reversePayment",)), *(("void",) if is_corrected else ())}
        return tuple(action for action in offered if action not in missing)

    @classmethod
    @cache
    def writable_fields(cls, status: str) -> frozenset[str]:
        """Return the fields that can be changed in this status."""
        if status == DRAFT:
            return cls.draft_fields | TAX_REQUEST | {"metadata"}
        if status in cls.payable_statuses():
            return frozenset((cls.date_field, "due_date", "notes", "metadata"))
        return frozenset(("notes", "metadata"))

    def check_changes(self, changes: Mapping[str, Any]) -> list[Violation]:
        """Return a violation for each change that is wrong or that the document's current status does not allow."""
        writable = self.writable_fields(self.status)
        refusal = f"cannot be changed while the {self.noun} is {self.status.replace('_', ' ')}"
        violations = [Violation(camel(name), READ_ONLY_FIELD, refusal) for name in changes if name not in writable]
        present = getattr(self, self.date_field)
        day = changes.get(self.date_field, present)
        if day != present and self.date_field in writable:
            violations += self._check_uncorrected_day()
        violations += check_dates(self.date_field, day, changes.get("due_date", self.due_date))
        if writable & changes.keys() & {"items", "currency", "discount"}:
            items, currency = changes.get("items", self.items), changes.get("currency", self.currency)
            violations += check_pricing(items, currency, changes.get("discount", self.discount))
        return violations + check_metadata(self.metadata, changes.get("metadata", {}))

    def _check_uncorrected_day(self) -> list[Violation]:
        """Return a violation if a note names the document's date, and so the day must stay."""
        note = self.standing_note()
        if note is None:
            return []
        message = f"cannot be changed while the {words(note.kind)} {note.number} corrects the {self.noun}"
        return [Violation(camel(self.date_field), READ_ONLY_FIELD, message)]

    def check_tax(self, changes: Mapping[str, Any], sides: Sides) -> list[Violation]:
        """Return a violation for each thing about the tax of this draft, with these changes, that is not allowed."""
        if self.status != DRAFT or not self._is_priced_again(changes, sides):
            return []
        request, supply = self._tax(changes, sides)
        return request.check(supply, sides, changes.get("items", self.items))

    @classmethod
    @abstractmethod
    def supply(cls, request: TaxRequest, sides: Sides, day: date) -> Supply | None:
        """Return the supply that the document is about; None if it is without GST."""

    def update(
        self,
        changes: Mapping[str, Any],
        at: datetime,
        next_number: NextNumber | None = None,
        sides: Sides | None = NOBODY,
    ) -> None:
        """Record the fields whose values change. If no value changes, no event is recorded.

        The amounts of a draft are computed again, with the sides as they are now; if `sides` is None, they stay. Raises
        Invalid for a field that is read-only in this status, for a due date before the document's date, for a total of
        TOTAL_LIMIT or more, for too many pairs of metadata, and for what `check_tax` returns.
        """
        if violations := self.check_changes(changes):
            raise Invalid(violations)
        fields = {**changes, **self.new_number(changes, next_number)}
        if "metadata" in fields:
            fields["metadata"] = merge_metadata(self.metadata, fields["metadata"])
        if sides is not None and self.status == DRAFT:
            fields |= self._amounts(changes, sides)
        changed = {name: value for name, value in fields.items() if not is_same(value, getattr(self, name))}
        if changed:
            self.record(self.Updated, at, **changed, **self.number_origin(changes, changed))

    def _amounts(self, changes: Mapping[str, Any], sides: Sides) -> dict[str, Any]:
        """Return the fields that depend on prices and taxes, with these changes; an empty dict if none can change."""
        if not self._is_priced_again(changes, sides):
            return {}
        request, supply = self._tax(changes, sides)
        items, currency = changes.get("items", self.items), changes.get("currency", self.currency)
        if violations := request.check(supply, sides, items):
            raise Invalid(violations)
        return {**dict.fromkeys(OPTIONAL), **price_lines(items, currency, request.terms(supply))}

    def _is_priced_again(self, changes: Mapping[str, Any], sides: Sides) -> bool:
        """Return whether the amounts of this draft can become other ones by these changes, with these sides."""
        return sides.organization is not None or self.supply_type is not None or bool(changes.keys() & _PRICED)

    def _tax(self, changes: Mapping[str, Any], sides: Sides) -> tuple[TaxRequest, Supply | None]:
        """Return what requests have said about the tax of this draft, with these changes, and its supply."""
        place = self.place_of_supply if self.place_of_supply_from == REQUEST else None
        request = TaxRequest(
            changes.get("place_of_supply", place),
            bool(changes.get("reverse_charge", self.reverse_charge)),
            changes.get("discount", self.discount),
            changes.get("round_off", None if self.round_off is None else NEAREST),
        )
        return request, self.supply(request, sides, changes.get(self.date_field, getattr(self, self.date_field)))

    def _snapshots(self, sides: Sides, name: str | None) -> tuple[PartySnapshot | None, PartySnapshot | None]:
        """Return the organization and the other party as the document names them; None for one that it does not name.

        `name` is the name of the other party in the document itself, for a party of whom nothing else is known.
        """
        day = getattr(self, self.date_field)
        organization = None if sides.organization is None else snapshot_of(sides.organization, day)
        if sides.other is not None or self.supply_type is None:
            return organization, sides.other
        place = self.place_of_supply if self.place_of_supply_from == REQUEST else None
        return organization, stranger(name, self.gst_treatment, place, day)

    def new_number(self, changes: Mapping[str, Any], next_number: NextNumber | None) -> dict[str, Any]:
        """Return the field with the new number that these changes require; an empty dict if the number stays.

        The base class returns an empty dict, because only invoices have a series of numbers.
        """
        return {}

    def number_origin(self, changes: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
        """Return the event's field that says whether the number is from the series; an empty dict without the field."""
        return {}

    def transition_to(self, status: str, at: datetime, sides: Sides = NOBODY) -> None:
        """Set the status. Setting the current status again records no event.

        The document that is sent or opened keeps the sides as they are now.

        Raises InvalidTransition, which lists the statuses that can be set now.
        """
        self.check_transition(status)
        if status == self.status:
            return
        if status == "void":
            self.record(self.Voided, at, status="void", voided_at=instant(at))
        else:
            self.mark_issued(at, sides)
            self.mark_paid_at_zero(at)

    def check_transition(self, status: str) -> None:
        """Raise InvalidTransition if a request cannot set `status` now. The current status can always be set again."""
        allowed = self.transitions()[self.status]
        if status != self.status and status not in allowed:
            raise InvalidTransition(self.noun, self.status, status, allowed)
        if status == "void":
            self.check_uncorrected()

    @abstractmethod
    def mark_issued(self, at: datetime, sides: Sides) -> None:
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


def is_same(value: object, present: object) -> bool:
    """Return whether two values are equal, and are written equally."""
    # The decimals 100.00 (INR) and 100 (JPY) are equal, but are written differently. Therefore repr is compared, too.
    return value == present and repr(value) == repr(present)
