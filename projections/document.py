"""The common parts of the rows of invoices and bills: a summary for lists, the details, and the columns."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, cached_property
from typing import Any, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from domain.aggregate import Event
from domain.calendar import financial_year, instant
from domain.document import Document, camel
from domain.documents.corrections import CorrectedLine, Correction, StoredCorrection, with_corrections, with_lines
from domain.documents.payment import Payment
from domain.documents.pricing import OPTIONAL, LineItem
from domain.errors.document import DuplicateNumber
from domain.tax.parties import PartySnapshot
from domain.tax.rule46 import TaxWarning
from domain.tax.summary import TaxSummaryEntry, tax_summary
from domain.text import text_key
from projections.folding.merge import FieldMerge, Merged, ReadState
from projections.folding.stored_event import FoldedEvent
from projections.projection import ConstraintConflict, Statement, join_details, refuse_if, sets_any
from projections.query.metadata import pair_keys
from projections.query.search import search_columns
from projections.restored import RestoredProjection

_OPTIONAL = frozenset(OPTIONAL)
_encode = msgspec.json.Encoder().encode
_decode_items = msgspec.json.Decoder(tuple[LineItem, ...]).decode
_decode_payments = msgspec.json.Decoder(tuple[Payment, ...]).decode
_decode_corrections = msgspec.json.Decoder(tuple[StoredCorrection, ...]).decode
_decode_corrected_lines = msgspec.json.Decoder(tuple[CorrectedLine, ...]).decode

FIRST_WITH_KEY = 2
"""The first version of the invoice and bill projections whose rows have a `number_key`."""


class Details(msgspec.Struct, rename="camel"):
    """The fields that a list shows only with `include=items`. The response for one document always shows them."""

    items: tuple[LineItem, ...] = ()
    payments: tuple[Payment, ...] = ()
    tax_summary: tuple[TaxSummaryEntry, ...] | UnsetType = UNSET
    supplier: PartySnapshot | UnsetType | None = UNSET
    recipient: PartySnapshot | UnsetType | None = UNSET
    warnings: tuple[TaxWarning, ...] | UnsetType = UNSET
    corrections: tuple[Correction, ...] | UnsetType = UNSET
    corrected_lines: tuple[CorrectedLine, ...] | UnsetType = UNSET

    def correct(self, changed: Sequence[StoredCorrection], lines: Sequence[CorrectedLine] | None) -> None:
        """Add corrections that an event has made, or that it has taken back, and the sums of lines after it."""
        self.corrections = with_corrections(self.corrections or (), changed)
        self.corrected_lines = with_lines(self.corrected_lines or (), changed, lines)


_decode_details = msgspec.json.Decoder(Details).decode


class DocumentRow(msgspec.Struct):
    """A document or a note as the API shows it: the summary, which lists always show, and the details."""

    summary: Any
    details: Any
    number_from_series: bool = False
    """Whether the number is from the organization's own series. Only invoices have a series."""
    encoded: tuple[bytes, bytes] | None = None
    """The summary and the details as JSON, from the first use of them to the next event."""

    def parts(self) -> tuple[bytes, bytes]:
        """Return the summary and the details as JSON."""
        if self.encoded is None:
            self.encoded = _encode(self.summary), _encode(self.details)
        return self.encoded


class DocumentProjection(RestoredProjection[DocumentRow]):
    """Folds the events of a document. The fields of these events have the same names as the fields of the resource."""

    details_type: ClassVar[type[msgspec.Struct] | None] = Details
    aggregate: ClassVar[type[Document]]
    restored_from: ClassVar[tuple[str, ...]] = ("summary", "details")
    party: ClassVar[str]
    """The prefix of the fields about the client or vendor: `client` or `vendor`."""
    numbered_by_party: ClassVar[bool]
    """Whether the other party chooses the numbers, as vendors choose the numbers of their bills.

    If true, a number must be unique only among the documents of the same party, and a void document does not hold its
    number. So a document with a mistake can be made void and entered again with the same number.
    """

    def fold(self, row: DocumentRow | None, event: Event) -> DocumentRow:
        changes = event.changes()
        at = instant(event.timestamp)
        items = changes.pop("items", None)
        payments = changes.pop("payments", ())
        corrections, corrected_lines = changes.pop("corrections", None), changes.pop("corrected_lines", None)
        named = {name: changes.pop(name) for name in _NAMED if name in changes}
        changes.pop("number_from_series", None)  # the resource has no such field
        if row is None:
            base = {
                "id": event.originator_id,
                "created_at": at,
                "updated_at": at,
                "version": 1,
                "available_actions": (),
            }
            row = DocumentRow(self.entry_type(**base, **changes), Details())
        else:
            for name, value in changes.items():
                setattr(row.summary, name, UNSET if value is None and name in _OPTIONAL else value)
        if items is not None:
            row.details.items, row.details.tax_summary = items, _summary(items)
        for name, value in named.items():
            setattr(row.details, name, value)
        row.details.payments = _with_payments(row.details.payments, payments)
        if corrections is not None:
            row.details.correct(corrections, corrected_lines)
        row.summary.updated_at = at
        row.summary.version = event.originator_version
        if event.erased is not UNSET:
            row.summary.erased = event.erased
        return self._with_actions(row)

    @cached_property
    def _merge(self) -> FieldMerge[Any]:
        return FieldMerge(
            self.entry_type,
            self.aggregate.event_classes(),
            beside=("items", "payments", "corrections", "correctedLines", "numberFromSeries", *_NAMED),
            traced="invoiceNumber",
            together=(("amountPaid", "amountSettled"), ("corrections", "correctedLines")),
            absent=[camel(name) for name in OPTIONAL],
        )

    def fold_merged(self, events: Sequence[FoldedEvent], read_state: ReadState) -> DocumentRow | None:
        merged = self._merge.merge(events, read_state)
        return None if merged is None else self._row_of(merged)

    def _row_of(self, merged: Merged[Any]) -> DocumentRow:
        items = _decode_items(merged.beside["items"][-1])
        changed = (payment for each in merged.beside.get("payments", ()) for payment in _decode_payments(each))
        details = Details(items, _with_payments((), changed), _summary(items))
        for name, decode in _NAMED.items():
            if name in merged.beside:
                setattr(details, name, decode(merged.beside[name][-1]))
        corrected, lines = (merged.beside.get(name, ()) for name in ("corrections", "correctedLines"))
        for corrections, sums in zip(corrected, lines, strict=True):
            details.correct(_decode_corrections(corrections), _decode_corrected_lines(sums))
        return self._with_actions(DocumentRow(merged.row, details))

    def _with_actions(self, row: DocumentRow) -> DocumentRow:
        summary, corrections = row.summary, row.details.corrections
        has_payments = bool(summary.amount_paid or summary.amount_settled)
        is_corrected = any(each.is_standing for each in corrections or ())
        summary.available_actions = self.aggregate.actions(summary.status, has_payments, is_corrected)
        row.encoded = None
        return row

    def values(self, row: DocumentRow) -> tuple[Any, ...]:
        summary, json = row.summary, row.parts()
        day = getattr(summary, self.aggregate.date_field)
        number = getattr(summary, self.aggregate.number_field)
        party_id, party_name = getattr(summary, f"{self.party}_id"), getattr(summary, f"{self.party}_name")
        year = financial_year(day)
        texts, beginnings = search_columns((number, party_id, party_name), (summary.notes,))
        return (
            number,
            year,
            party_id,
            summary.status,
            day,
            summary.due_date,
            summary.total_amount,
            summary.is_overdue,
            texts,
            summary.created_at,
            summary.updated_at,
            summary.version,
            *map(bytes.decode, json),
            self.key_of(number, year, party_id, summary.status),
            beginnings,
            pair_keys(summary.metadata),
        )

    def restore(self, *stored: Any) -> DocumentRow:
        summary, details = stored
        return DocumentRow(_decoder_of(self.entry_type).decode(summary), _decode_details(details))

    def shown(self, row: DocumentRow) -> Any:
        return row.summary

    def state(self, row: DocumentRow) -> dict[str, Any]:
        payments = {payment.id: payment for payment in row.details.payments}
        state = super().state(row) | msgspec.structs.asdict(row.details)
        state |= {"payments": payments, "tax_summary": UNSET}  # the tax summary follows from the lines
        return {name: value for name, value in state.items() if value is not UNSET}

    def number_key(self, row: DocumentRow) -> str | None:
        """Return the key that must be unique in the organization; None for a document that holds no number."""
        summary = row.summary
        day, number = (getattr(summary, name) for name in (self.aggregate.date_field, self.aggregate.number_field))
        return self.key_of(number, financial_year(day), getattr(summary, f"{self.party}_id"), summary.status)

    def key_of(self, number: str, year: int, party_id: str, status: str) -> str | None:
        """Return the `number_key` of a document with these values; None when the document holds no number.

        A key consists of the year, the id of the party if it chooses the numbers, and the text key of the number.
        Blanks separate these parts. Neither a year nor an id contains a blank, so different parts give different keys.
        """
        if self.numbered_by_party and status == "void":
            return None
        return " ".join((str(year), *([party_id] if self.numbered_by_party else []), text_key(number)))

    def checks(self, org_id: str, row: DocumentRow, events: Sequence[Event]) -> Sequence[Statement]:
        """Look for the number under the other id of the party, if it chooses the numbers and a command has set it."""
        names = (self.aggregate.number_field, self.aggregate.date_field, f"{self.party}_id")
        if not self.numbered_by_party or self.number_key(row) is None or not sets_any(events, names):
            return ()
        return [refuse_if(self._of_other_id, self._select_of_other_id(org_id, row))]

    @property
    def _of_other_id(self) -> str:
        return f"{self.table}_number_of_other_id"

    def _select_of_other_id(self, org_id: str, row: DocumentRow) -> Statement:
        """Return the call that finds the document with the number of this row under the other id of its party."""
        number, day, party_id = (
            getattr(row.summary, name)
            for name in (self.aggregate.number_field, self.aggregate.date_field, f"{self.party}_id")
        )
        return f"{self.kind}_of_other_id(%s, %s, %s, %s)", (org_id, financial_year(day), party_id, text_key(number))

    def conflict(self, constraint: str, org_id: str, row: DocumentRow) -> ConstraintConflict | None:
        if constraint == self._of_other_id:
            call, values = self._select_of_other_id(org_id, row)
            return ConstraintConflict((f"SELECT {call}", values), lambda id: self.duplicate(row, id))
        if not constraint.startswith(f"{self.table}_number_key"):
            return None
        other = f"SELECT id FROM {self.view} WHERE org_id = %s AND number_key = %s AND NOT number_clash"
        return ConstraintConflict((other, (org_id, self.number_key(row))), lambda id: self.duplicate(row, id))

    @abstractmethod
    def duplicate(self, row: DocumentRow, conflicting_id: str | None) -> DuplicateNumber:
        """Return the refusal for this row, whose number another document already holds."""

    def select_unkeyed(self, org_id: str, id: str, row: DocumentRow) -> Statement:
        """Return a query that selects this row, and the rows without `number_key` that may hold the same number.

        Each result has the id, the arguments of `key_of`, and the key. If a number has only visible ASCII characters,
        its text key is the number in lower case, which SQL can compare. Rows with any other number are all selected,
        because SQL cannot compute their text keys.
        """
        summary, number = row.summary, self.aggregate.number_field
        party, year = f"{self.party}_id", financial_year(getattr(summary, self.aggregate.date_field))
        among = f"financial_year = %s AND {party} = %s" if self.numbered_by_party else "financial_year = %s"
        values = (year, getattr(summary, party)) if self.numbered_by_party else (year,)
        select = f"""
            SELECT id, {number}, financial_year, {party}, status, number_key FROM {self.view}
            WHERE org_id = %s AND (id = %s OR (number_key IS NULL AND projection_version < {FIRST_WITH_KEY} AND {among}
            AND (lower({number}) = %s OR {number} ~ '[^!-~]'))) ORDER BY id
        """
        return select, (org_id, id, *values, text_key(getattr(summary, number)))

    def to_json(self, row: DocumentRow) -> bytes:
        return join_details(*row.parts())


_NAMED: Mapping[str, Callable[[Any], Any]] = {
    "supplier": msgspec.json.Decoder(PartySnapshot | None).decode,
    "recipient": msgspec.json.Decoder(PartySnapshot | None).decode,
    "warnings": msgspec.json.Decoder(tuple[TaxWarning, ...]).decode,
}
"""The details that sending or opening a document sets, and what decodes them."""


def _summary(items: tuple[LineItem, ...]) -> tuple[TaxSummaryEntry, ...] | UnsetType:
    return tax_summary(items) or UNSET


@cache
def _decoder_of(entry_type: type[msgspec.Struct]) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(entry_type)


def _with_payments(payments: tuple[Payment, ...], changed: Iterable[Payment]) -> tuple[Payment, ...]:
    """Return the payments with new payments at the end, and with reversed payments in their old places."""
    result = list(payments)
    for payment in changed:
        if payment.is_standing:
            result.append(payment)
        else:
            result = [payment if each.id == payment.id else each for each in result]
    return tuple(result)
