"""What a note says, and how it is decided: the draft is computed from what is left of the document, and is issued as it
is shown.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from msgspec import UNSET

from domain.aggregate import Aggregate, Event
from domain.calendar import CalendarDate
from domain.document import DRAFT, Document, camel, is_same
from domain.documents.corrections import MAX_NOTES
from domain.errors import Invalid
from domain.errors.codes import READ_ONLY_FIELD, VALIDATION_FAILED
from domain.errors.note import DraftOutdated
from domain.errors.violation import Violation
from domain.metadata import Metadata, MetadataChanges, check_metadata, merge_metadata
from domain.money import round_amount
from domain.notes.events import COPIED, OPTIONAL
from domain.notes.items import Decided, NoteItem, Wanted
from domain.notes.left import Left, left_of
from domain.tax.annual_returns import NONE_FILED, Filings
from domain.tax.rules import last_day_of_adjustment

REQUEST = "request"
"""What `tax_adjustment_from` is if the request has said whether the note adjusts the tax."""
DECIDING = frozenset(("items", "amount", "date", "tax_adjustment"))
"""The changes of a draft after which its amounts are decided again."""
_SHOWN = frozenset(("items", "tax_adjustment", *OPTIONAL, "taxable_amount", "tax_total", "total_amount"))
"""The amounts of a draft, which the note that is issued must have, too."""
_ZERO = Decimal(0)


class OptionalFields:
    """The fields of OPTIONAL and COPIED in events.py. A note has no attribute for one that it does not use."""

    cgst: Decimal | None = None
    sgst: Decimal | None = None
    igst: Decimal | None = None
    cess: Decimal | None = None
    tax_payable_by_recipient: Decimal | None = None
    untaxed_amount: Decimal | None = None
    round_off: Decimal | None = None
    tax_adjustment_from: str | None = None
    place_of_supply: str | None = None
    supply_type: str | None = None
    state_tax: str | None = None
    gst_treatment: str | None = None
    reverse_charge: bool | None = None


class DraftedNote(OptionalFields, Aggregate):
    """The fields of a note, and the decisions that are taken while it is a draft."""

    read_scope: ClassVar[str | None] = "billing:read"
    write_scope: ClassVar[str | None] = "billing:write"

    corrects: ClassVar[type[Document]]
    """The type of the documents that the note corrects."""
    prefix: ClassVar[str | None]
    """The prefix of the organization's own series of numbers; None if the other party chooses the number."""
    is_time_limited: ClassVar[bool]
    """Whether the law ends the time in which the note can adjust the tax."""

    Created: ClassVar[type[Event]]
    Updated: ClassVar[type[Event]]

    status: str
    number: str | None
    """None in a draft whose number will come from the organization's own series."""
    reason: str | None
    """None only after it was erased."""
    date: CalendarDate
    currency: str
    items: tuple[NoteItem, ...]
    taxable_amount: Decimal
    tax_total: Decimal
    total_amount: Decimal
    tax_adjustment: bool
    notes: str | None
    metadata: Metadata | None

    @classmethod
    def document_field(cls, name: str) -> str:
        """Return the attribute that has something of the document: `invoice_id` for `id`."""
        return f"{cls.corrects.kind}_{name}"

    @classmethod
    def draft(
        cls,
        id: str,
        document: Document,
        *,
        at: datetime,
        number: str | None = None,
        reason: str,
        date: CalendarDate,
        wanted: Wanted,
        tax_adjustment: bool | None = None,
        notes: str | None = None,
        metadata: MetadataChanges = None,
        filed: Filings = NONE_FILED,
    ) -> Self:
        """Return a new draft with its amounts. `filed` are the organization's annual returns.

        Raises Invalid for a document that cannot be corrected, for parts of which less is left, for a day before the
        document's, and for too many pairs of metadata.
        """
        if violations := [*cls.check_document(document, date), *check_metadata({}, metadata)]:
            raise Invalid(violations)
        copied = {name: value for name in COPIED if (value := getattr(document, name)) is not None}
        party = document.party
        return cls.begin(
            id,
            cls.Created,
            at,
            status=DRAFT,
            number=number,
            reason=reason,
            date=date,
            currency=document.currency,
            notes=notes,
            metadata=merge_metadata({}, metadata),
            **{f"{party}_{name}": getattr(document, f"{party}_{name}") for name in ("id", "name")},
            **cls._of_document(document),
            **cls._nothing_yet(document.currency),
            **copied,
            **_used(cls._decide(document, date, wanted, tax_adjustment, filed)),
        )

    @classmethod
    def _of_document(cls, document: Document) -> dict[str, Any]:
        """Return what the note says of the document: its id, its number and its date."""
        values = {
            "id": document.id,
            "number": getattr(document, document.number_field),
            "date": getattr(document, document.date_field),
        }
        return {cls.document_field(name): value for name, value in values.items()}

    @classmethod
    def _nothing_yet(cls, currency: str) -> dict[str, Any]:
        """Return the further fields of a note that has not been issued."""
        return {}

    @classmethod
    def check_document(cls, document: Document, date: CalendarDate) -> list[Violation]:
        """Return a violation if no note of this day can correct the document."""
        field = camel(cls.document_field("id"))
        noun, issue = document.noun, document.issue_action
        if document.status == DRAFT:
            message = f"names a draft; {issue} the {noun} first, or change the draft itself"
            return [Violation(field, VALIDATION_FAILED, message)]
        if document.status == "void":
            return [Violation(field, VALIDATION_FAILED, f"names a void {noun}, of which nothing can be corrected")]
        violations = []
        if len(document.corrections) >= MAX_NOTES:
            message = f"names a document for which {MAX_NOTES} notes were issued, which is the most"
            violations.append(Violation(field, VALIDATION_FAILED, message))
        elif cls.is_used_up(document):
            violations.append(Violation(field, VALIDATION_FAILED, "names a document of which nothing is left"))
        day = getattr(document, document.date_field)
        if date < day:
            message = f"must not be before {camel(document.date_field)} ({day.isoformat()})"
            violations.append(Violation("date", VALIDATION_FAILED, message))
        return violations

    @classmethod
    def is_used_up(cls, document: Document) -> bool:
        """Return whether there is nothing that a new note could correct."""
        return left_of(document).total <= 0

    @classmethod
    @abstractmethod
    def decide(cls, left: Left, wanted: Wanted, *, adjusts_tax: bool) -> Decided:
        """Return what the note corrects. Raises Invalid, which names each part that it cannot correct."""

    @abstractmethod
    def fits(self, left: Left) -> bool:
        """Return whether exactly the amounts of the draft can be taken from what is left, or added to it."""

    @classmethod
    def _decide(
        cls, document: Document, date: CalendarDate, wanted: Wanted, tax_adjustment: bool | None, filed: Filings
    ) -> dict[str, Any]:
        """Return the lines, the amounts, and whether the note adjusts the tax; a field that is not used is None."""
        in_time = cls.is_in_time(document, date, filed)
        adjusts_tax = in_time if tax_adjustment is None else tax_adjustment
        items, round_off = cls.decide(left_of(document), wanted, adjusts_tax=adjusts_tax)
        zero = round_amount(_ZERO, document.currency)
        total = sum((item.total_amount for item in items), zero) + round_off
        if total <= 0:
            message = f"come to {total} {document.currency}; a note must come to more than 0"
            raise Invalid([Violation("items", VALIDATION_FAILED, message)])
        untaxed = sum((item.amounts.untaxed_amount for item in items), _ZERO)
        fields: dict[str, Any] = dict.fromkeys(OPTIONAL) | {
            "items": items,
            "taxable_amount": sum((item.taxable_amount for item in items), zero),
            "tax_total": sum((item.tax_amount for item in items), zero),
            "total_amount": total,
            "tax_adjustment": adjusts_tax,
            "untaxed_amount": untaxed or None,
            "round_off": round_off or None,
            "tax_adjustment_from": None if tax_adjustment is None else REQUEST,
        }
        for name in ("cgst", "sgst", "igst", "cess", "tax_payable_by_recipient"):
            given = [amount for item in items if (amount := getattr(item, name)) is not UNSET]
            fields[name] = sum(given, zero) if given else None
        return fields

    @classmethod
    def is_in_time(cls, document: Document, date: CalendarDate, filed: Filings) -> bool:
        """Return whether a note of this day can adjust the tax of the document."""
        if not cls.is_time_limited or document.supply_type is None:
            return True
        return date <= cls.last_day(document, filed)

    @classmethod
    def last_day(cls, document: Document, filed: Filings) -> CalendarDate:
        """Return the last day on which a note adjusts the tax of the document.

        Who has supplied numbers the note. So the organization's annual returns do not count for notes of vendors.
        """
        return last_day_of_adjustment(
            getattr(document, document.date_field), NONE_FILED if cls.prefix is None else filed
        )

    def check_changes(self, changes: Mapping[str, Any]) -> list[Violation]:
        """Return a violation for each change that the note's current status does not allow."""
        writable = {"notes", "metadata"} if self.status != DRAFT else {"notes", "metadata", "reason", *DECIDING}
        if self.prefix is None and self.status == DRAFT:
            writable.add("number")
        refusal = f"cannot be changed while the {self.noun} is {self.status}"
        violations = [Violation(camel(name), READ_ONLY_FIELD, refusal) for name in changes if name not in writable]
        return violations + check_metadata(self.metadata, changes.get("metadata", {}))

    def update(
        self, changes: Mapping[str, Any], at: datetime, document: Document | None, filed: Filings = NONE_FILED
    ) -> None:
        """Record the fields whose values change. If no value changes, no event is recorded.

        If `document` is given (see `needs_document`), the amounts of a draft are decided again if a change asks for it;
        otherwise the draft is to be issued as it is shown. Raises Invalid and DraftOutdated.
        """
        if violations := self.check_changes(changes):
            raise Invalid(violations)
        fields = {name: value for name, value in changes.items() if name not in DECIDING}
        if "metadata" in fields:
            fields["metadata"] = merge_metadata(self.metadata, fields["metadata"])
        if document is not None and self.status == DRAFT:
            if changes.keys() & DECIDING:
                fields |= self._decided_again(changes, document, filed)
            else:
                fields |= self._as_shown(document, filed)
        changed = {name: value for name, value in fields.items() if not is_same(value, getattr(self, name))}
        if changed:
            self.record(self.Updated, at, **changed)

    def _decided_again(self, changes: Mapping[str, Any], document: Document, filed: Filings) -> dict[str, Any]:
        date = changes.get("date", self.date)
        if violations := self.check_document(document, date):
            raise Invalid(violations)
        wanted = Wanted(changes.get("items"), changes.get("amount"))
        if wanted == Wanted():
            wanted = Wanted(tuple(item.part for item in self.items))
        insisted = self.tax_adjustment if self.tax_adjustment_from == REQUEST else None
        adjustment = changes.get("tax_adjustment", insisted)
        return {**self._of_document(document), "date": date, **self._decide(document, date, wanted, adjustment, filed)}

    def _as_shown(self, document: Document, filed: Filings) -> dict[str, Any]:
        """Return what the note says of the document, if it can be issued with the amounts that it shows.

        Raises Invalid, which names the line of which less is left, and DraftOutdated.
        """
        if violations := self.check_document(document, self.date):
            raise Invalid(violations)
        insists = self.tax_adjustment_from == REQUEST
        is_in_time = insists or self.is_in_time(document, self.date, filed) == self.tax_adjustment
        if not is_in_time or not self.fits(left_of(document)):
            now = self._decided_again({}, document, filed)
            if not all(is_same(value, getattr(self, name)) for name, value in now.items() if name in _SHOWN):
                amounts = self.total_amount, now["total_amount"]
                raise DraftOutdated(self.noun, document.noun, *amounts, self.currency)
        return self._of_document(document)


def _used(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
