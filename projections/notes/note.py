"""The common parts of the rows of notes: a summary for lists, the details, and the columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from domain.aggregate import Event
from domain.calendar import CalendarDate, Timestamp, financial_year, financial_year_label, instant
from domain.document import camel
from domain.errors.document import DuplicateNumber
from domain.metadata import Metadata
from domain.notes.drafting import REQUEST
from domain.notes.events import OPTIONAL
from domain.notes.items import NoteItem
from domain.notes.note import Note
from domain.notes.refunds import StoredRefund, with_refunds
from domain.tax.parties import TREATMENTS, PartySnapshot
from domain.tax.rule46 import TaxWarning
from domain.tax.summary import TaxSummaryEntry, tax_summary
from domain.tax.supply import STATE_TAXES, SUPPLY_TYPES
from domain.text import text_key
from projections.document import DocumentRow
from projections.folding.merge import FieldMerge, Merged, ReadState
from projections.folding.stored_event import FoldedEvent
from projections.projection import ConstraintConflict, Statement, join_details, refuse_if, sets_any
from projections.query.facts import Fact, Few
from projections.query.filters import DATE, DECIMAL, INSTANT, Exact, Filter, From, OneOf, To
from projections.query.listing import Listing
from projections.query.metadata import pair_keys
from projections.query.past.lists import Past
from projections.query.ranges import Range
from projections.query.search import Numbers, Search, search_columns
from projections.restored import RestoredProjection
from projections.views.display import one_of

_OPTIONAL = frozenset(OPTIONAL)
_encode = msgspec.json.Encoder().encode


class NoteSummary(msgspec.Struct, rename="camel", kw_only=True):
    """A note as a list shows it. Each kind of note adds what it corrects."""

    id: str
    number: str | None
    status: str
    reason: str | None
    date: CalendarDate
    currency: str
    taxable_amount: Decimal
    tax_total: Decimal
    total_amount: Decimal
    tax_adjustment: bool
    notes: str | None
    metadata: Metadata | None = msgspec.field(default_factory=dict)
    issued_at: Timestamp | None = None
    voided_at: Timestamp | None = None
    created_at: Timestamp
    updated_at: Timestamp
    version: int
    cgst: Decimal | UnsetType = UNSET
    sgst: Decimal | UnsetType = UNSET
    igst: Decimal | UnsetType = UNSET
    cess: Decimal | UnsetType = UNSET
    tax_payable_by_recipient: Decimal | UnsetType = UNSET
    untaxed_amount: Decimal | UnsetType = UNSET
    round_off: Decimal | UnsetType = UNSET
    tax_adjustment_from: Annotated[str, one_of([REQUEST])] | UnsetType = UNSET
    place_of_supply: str | UnsetType = UNSET
    supply_type: Annotated[str, one_of(SUPPLY_TYPES)] | UnsetType = UNSET
    state_tax: Annotated[str, one_of(STATE_TAXES)] | UnsetType = UNSET
    gst_treatment: Annotated[str, one_of(TREATMENTS)] | UnsetType = UNSET
    reverse_charge: bool | UnsetType = UNSET
    erased: bool | UnsetType = UNSET


class NoteDetails(msgspec.Struct, rename="camel"):
    """The fields that a list shows only with `include=items`. The response for one note always shows them."""

    items: tuple[NoteItem, ...] = ()
    tax_summary: tuple[TaxSummaryEntry, ...] | UnsetType = UNSET
    supplier: PartySnapshot | UnsetType | None = UNSET
    recipient: PartySnapshot | UnsetType | None = UNSET


_decode_refunds = msgspec.json.Decoder(tuple[StoredRefund, ...]).decode
_DETAILS: Mapping[str, Callable[[Any], Any]] = {
    "items": msgspec.json.Decoder(tuple[NoteItem, ...]).decode,
    "supplier": msgspec.json.Decoder(PartySnapshot | None).decode,
    "recipient": msgspec.json.Decoder(PartySnapshot | None).decode,
    "warnings": msgspec.json.Decoder(tuple[TaxWarning, ...]).decode,
}
"""The details of which an event sets the whole, and what decodes them."""


class NoteProjection(RestoredProjection[DocumentRow]):
    """Folds the events of a note. The fields of these events have the same names as the fields of the resource."""

    aggregate: ClassVar[type[Note]]
    details_type: ClassVar[type[msgspec.Struct]] = NoteDetails
    restored_from: ClassVar[tuple[str, ...]] = ("summary", "details")
    columns: ClassVar[tuple[str, ...]] = (
        "number",
        "financial_year",
        "party_id",
        "document_id",
        "status",
        "date",
        "total_amount",
        "search",
        "created_at",
        "updated_at",
        "version",
        "summary",
        "details",
        "number_key",
        "beginnings",
        "metadata_keys",
    )
    past_names: ClassVar[Mapping[str, str] | None] = {"first_day": "date", "second_day": "date"}

    @cached_property
    def _party(self) -> str:
        return self.aggregate.corrects.party

    def fold(self, row: DocumentRow | None, event: Event) -> DocumentRow:
        changes, at = event.changes(), instant(event.timestamp)
        refunds = changes.pop("refunds", ())
        details = {name: changes.pop(name) for name in _DETAILS if name in changes}
        if row is None:
            base = {
                "id": event.originator_id,
                "created_at": at,
                "updated_at": at,
                "version": 1,
                "available_actions": (),
            }
            row = DocumentRow(self.entry_type(**base, **changes), self.details_type())
        for name, value in changes.items():
            setattr(row.summary, name, UNSET if value is None and name in _OPTIONAL else value)
        for name, value in details.items():
            setattr(row.details, name, value)
        if refunds:
            row.details.refunds = with_refunds(row.details.refunds, refunds)
        if event.erased is not UNSET:
            row.summary.erased = event.erased
        row.summary.updated_at, row.summary.version = at, event.originator_version
        return self._completed(row)

    def _completed(self, row: DocumentRow) -> DocumentRow:
        """Return the row with what follows from its other values."""
        row.details.tax_summary = tax_summary(row.details.items) or UNSET
        row.summary.available_actions = self.actions(row.summary)
        row.encoded = None
        return row

    def actions(self, summary: Any) -> tuple[str, ...]:
        """Return the actions that are possible with a note in this state."""
        return self.aggregate.actions(summary.status)

    @cached_property
    def _merge(self) -> FieldMerge[Any]:
        return FieldMerge(
            self.entry_type,
            self.aggregate.event_classes(),
            beside=("refunds", *_DETAILS),
            absent=[camel(name) for name in OPTIONAL],
        )

    def fold_merged(self, events: Sequence[FoldedEvent], read_state: ReadState) -> DocumentRow | None:
        merged = self._merge.merge(events, read_state)
        return None if merged is None else self._row_of(merged)

    def _row_of(self, merged: Merged[Any]) -> DocumentRow:
        details: Any = self.details_type()
        for name, decode in _DETAILS.items():
            if name in merged.beside:
                setattr(details, name, decode(merged.beside[name][-1]))
        for refunds in merged.beside.get("refunds", ()):
            details.refunds = with_refunds(details.refunds, [stored.refund() for stored in _decode_refunds(refunds)])
        return self._completed(DocumentRow(merged.row, details))

    def values(self, row: DocumentRow) -> tuple[Any, ...]:
        summary, json = row.summary, row.parts()
        party_id, party_name = getattr(summary, f"{self._party}_id"), getattr(summary, f"{self._party}_name")
        document = getattr(summary, self.aggregate.document_field("number"))
        names = (summary.number, document, party_id, party_name)
        texts, beginnings = search_columns(names, (summary.reason, summary.notes))
        return (
            summary.number,
            financial_year(summary.date),
            party_id,
            getattr(summary, self.aggregate.document_field("id")),
            summary.status,
            summary.date,
            summary.total_amount,
            texts,
            summary.created_at,
            summary.updated_at,
            summary.version,
            *map(bytes.decode, json),
            self.number_key(row),
            beginnings,
            pair_keys(summary.metadata),
        )

    def number_key(self, row: DocumentRow) -> str | None:
        """Return the key that must be unique in the organization; None for a note that holds no number.

        It consists of the financial year, the id of the party if it chooses the numbers, and the text key of the
        number. Such a number is free again when the note is made void.
        """
        summary, year = row.summary, str(financial_year(row.summary.date))
        if summary.number is None:
            return None
        if self.aggregate.prefix is not None:
            return f"{year} {text_key(summary.number)}"
        if summary.status == "void":
            return None
        return f"{year} {getattr(summary, f'{self._party}_id')} {text_key(summary.number)}"

    def restore(self, *stored: Any) -> DocumentRow:
        summary, details = stored
        return DocumentRow(self._decode_summary(summary), self._decode_details(details))

    @cached_property
    def _decode_details(self) -> Callable[..., Any]:
        return msgspec.json.Decoder(self.details_type).decode

    @cached_property
    def _decode_summary(self) -> Callable[..., Any]:
        return msgspec.json.Decoder(self.entry_type).decode

    def shown(self, row: DocumentRow) -> Any:
        return row.summary

    def state(self, row: DocumentRow) -> dict[str, Any]:
        details = {name: value for name, value in msgspec.structs.asdict(row.details).items() if name != "tax_summary"}
        fields = {**super().state(row), **details}
        return {name: value for name, value in fields.items() if value is not UNSET}

    def checks(self, org_id: str, row: DocumentRow, events: Sequence[Event]) -> Sequence[Statement]:
        """Look for the number under the other id of the party, if it chooses the numbers and a command has set it."""
        if (
            self.aggregate.prefix is not None
            or self.number_key(row) is None
            or not sets_any(events, ("number", "date"))
        ):
            return ()
        return [refuse_if(self._of_other_id, self._select_of_other_id(org_id, row))]

    @property
    def _of_other_id(self) -> str:
        return f"{self.table}_number_of_other_id"

    def _select_of_other_id(self, org_id: str, row: DocumentRow) -> Statement:
        """Return the call that finds the note with the number of this row under the other id of its party."""
        summary = row.summary
        values = (financial_year(summary.date), getattr(summary, f"{self._party}_id"), text_key(summary.number))
        return f"{self.kind}_of_other_id(%s, %s, %s, %s)", (org_id, *values)

    def conflict(self, constraint: str, org_id: str, row: DocumentRow) -> ConstraintConflict | None:
        if constraint == self._of_other_id:
            call, values = self._select_of_other_id(org_id, row)
            return ConstraintConflict((f"SELECT {call}", values), lambda id: self.duplicate(row, id))
        if not constraint.startswith(f"{self.table}_number_key"):
            return None
        other = (f"SELECT id FROM {self.view} WHERE org_id = %s AND number_key = %s", (org_id, self.number_key(row)))
        return ConstraintConflict(other, lambda id: self.duplicate(row, id))

    def duplicate(self, row: DocumentRow, conflicting_id: str | None) -> DuplicateNumber:
        """Return the refusal for this row, whose number another note already holds."""
        summary, year = row.summary, financial_year_label(financial_year(row.summary.date))
        of = f"{self.aggregate.noun}s of {getattr(summary, f'{self._party}_id')}"
        return DuplicateNumber(summary.number, year, conflicting_id, of, self.aggregate.noun)

    def to_json(self, row: DocumentRow) -> bytes:
        return join_details(*row.parts())


def note_list(projection: NoteProjection, filters: Mapping[str, Filter], more: tuple[Fact, ...] = ()) -> Listing:
    """Return the list of the notes of a projection. `filters` are those that not all notes have, `more` their facts.

    An index has the rows of each of these filters in the order of creation.
    """
    facts: tuple[Fact, ...] = (Few(camel(projection.aggregate.document_field("id"))), Few("search"), *more)
    return Listing(
        view=projection.view,
        filters={
            "status": OneOf("status", tuple(projection.aggregate.transitions())),
            **filters,
            "number": Exact("number", 64),
            "dateFrom": From("date", DATE),
            "dateTo": To("date", DATE),
            "search": Search(number=Numbers(projection.view, "number")),
            "updatedSince": From("updated_at", INSTANT),
        },
        sorts={
            "createdAt": ("created_at", INSTANT),
            "updatedAt": ("updated_at", INSTANT),
            "date": ("date", DATE),
            "totalAmount": ("total_amount", DECIMAL),
        },
        includes=("items",),
        metadata="metadata_keys",
        same_plan={"createdAt": ("status", *filters), "updatedAt": ("updatedSince",)},
        ranges=(Range("dateFrom", "dateTo", "-date"),),
        facts=facts,
        past=Past(projection.kind, f"past_{projection.view}"),
    )
