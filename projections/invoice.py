"""The read side of invoices: the resource, its table, and the filters and sorts of its list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from domain.aggregate import Event
from domain.calendar import Timestamp, financial_year, financial_year_label
from domain.document import Document
from domain.documents.pricing import DOCUMENT_TYPES
from domain.errors.document import DuplicateNumber
from domain.invoice import Invoice, is_number_from_series
from domain.metadata import Metadata
from domain.parties.party import Party
from domain.tax.discount import Discount
from domain.tax.parties import TREATMENTS
from domain.tax.supply import PLACE_SOURCES, STATE_TAXES, SUPPLY_TYPES
from projections.document import DocumentProjection, DocumentRow
from projections.folding.merge import Merged
from projections.parties.party import PARTIES
from projections.query.document_facts import facts_of
from projections.query.filters import DATE, DECIMAL, INSTANT, TEXT, Flag, From, Naming, OneOf, To
from projections.query.listing import Listing
from projections.query.past.lists import Past
from projections.query.ranges import Range
from projections.query.search import Numbers, Search
from projections.views.display import DisplayFields, one_of


class InvoiceSummary(msgspec.Struct, rename="camel", kw_only=True):
    """An invoice as a list shows it."""

    id: str
    invoice_number: str
    status: Annotated[str, one_of(Invoice.transitions())]
    client_id: str
    client_name: str | None
    currency: str
    invoice_date: date
    due_date: date
    sub_total: Decimal
    tax_total: Decimal
    total_amount: Decimal
    amount_paid: Decimal
    amount_settled: Decimal
    balance_due: Decimal
    is_overdue: bool
    notes: str | None
    metadata: Metadata | None = msgspec.field(default_factory=dict)
    sent_at: Timestamp | None = None
    paid_at: Timestamp | None = None
    voided_at: Timestamp | None = None
    created_at: Timestamp
    updated_at: Timestamp
    version: int
    discount: Discount | UnsetType = UNSET
    discount_total: Decimal | UnsetType = UNSET
    taxable_amount: Decimal | UnsetType = UNSET
    cgst: Decimal | UnsetType = UNSET
    sgst: Decimal | UnsetType = UNSET
    igst: Decimal | UnsetType = UNSET
    cess: Decimal | UnsetType = UNSET
    tax_payable_by_recipient: Decimal | UnsetType = UNSET
    round_off: Decimal | UnsetType = UNSET
    place_of_supply: str | UnsetType = UNSET
    place_of_supply_from: Annotated[str, one_of(PLACE_SOURCES)] | UnsetType = UNSET
    supply_type: Annotated[str, one_of(SUPPLY_TYPES)] | UnsetType = UNSET
    state_tax: Annotated[str, one_of(STATE_TAXES)] | UnsetType = UNSET
    document_type: Annotated[str, one_of(DOCUMENT_TYPES)] | UnsetType = UNSET
    gst_treatment: Annotated[str, one_of(TREATMENTS)] | UnsetType = UNSET
    reverse_charge: bool | UnsetType = UNSET
    amount_debited: Decimal | UnsetType = UNSET
    amount_credited: Decimal | UnsetType = UNSET
    erased: bool | UnsetType = UNSET
    available_actions: tuple[Annotated[str, one_of(Invoice.all_actions())], ...]


class InvoiceProjection(DocumentProjection):
    name: ClassVar[str] = "invoices"
    table: ClassVar[str] = "invoices"
    view: ClassVar[str] = "invoice_list"
    kind: ClassVar[str] = Invoice.kind
    entry_type: ClassVar[type[msgspec.Struct]] = InvoiceSummary
    display: ClassVar[DisplayFields] = DisplayFields(
        name=("invoice_number",), detail=("client_name", "client_id"), currency="currency", number="invoice_number"
    )
    version: ClassVar[int] = 4
    columns: ClassVar[tuple[str, ...]] = (
        "invoice_number",
        "financial_year",
        "client_id",
        "status",
        "invoice_date",
        "due_date",
        "total_amount",
        "is_overdue",
        "search",
        "created_at",
        "updated_at",
        "version",
        "summary",
        "details",
        "number_key",
        "beginnings",
        "metadata_keys",
        "number_from_series",
    )
    restored_from: ClassVar[tuple[str, ...]] = ("summary", "details", "number_from_series")
    aggregate: ClassVar[type[Document]] = Invoice
    past_names: ClassVar[Mapping[str, str] | None] = {
        "party_id": "client_id",
        "first_day": "invoice_date",
        "second_day": "due_date",
        "number": "invoice_number",
    }
    party: ClassVar[str] = "client"
    numbered_by_party: ClassVar[bool] = False

    def fold(self, row: DocumentRow | None, event: Event) -> DocumentRow:
        before = row is not None and row.number_from_series
        row = super().fold(row, event)
        row.number_from_series = is_number_from_series(event, row.summary.invoice_date, before=before)
        return row

    def _row_of(self, merged: Merged[Any]) -> DocumentRow:
        row = super()._row_of(merged)
        row.number_from_series = _is_number_from_series(merged.traced)
        return row

    def values(self, row: DocumentRow) -> tuple[Any, ...]:
        return (*super().values(row), row.number_from_series)

    def restore(self, *stored: Any) -> DocumentRow:
        *parts, number_from_series = stored
        row = super().restore(*parts)
        row.number_from_series = number_from_series
        return row

    def state(self, row: DocumentRow) -> dict[str, Any]:
        return {**super().state(row), "number_from_series": row.number_from_series}

    def duplicate(self, row: DocumentRow, conflicting_id: str | None) -> DuplicateNumber:
        year = financial_year_label(financial_year(row.summary.invoice_date))
        return DuplicateNumber(row.summary.invoice_number, year, conflicting_id)


class _NumberFields(msgspec.Struct):
    """The fields of an event that say whether the number is from the series."""

    invoice_number: str | UnsetType = UNSET
    number_from_series: bool | UnsetType = UNSET


_decode_text = msgspec.json.Decoder(str).decode
_decode_day = msgspec.json.Decoder(date).decode
_decode_flag = msgspec.json.Decoder(bool).decode


def _is_number_from_series(events: Iterable[Any]) -> bool:
    """Return whether the number is from the series after the events that can set it. Their values are not decoded."""
    day, result = date.min, False
    for event in events:
        if event.invoiceDate is not UNSET:
            day = _decode_day(event.invoiceDate)
        if event.invoiceNumber is UNSET and event.numberFromSeries is UNSET:
            continue
        fields = _NumberFields()
        if event.invoiceNumber is not UNSET:
            fields.invoice_number = _decode_text(event.invoiceNumber)
        if event.numberFromSeries is not UNSET:
            fields.number_from_series = _decode_flag(event.numberFromSeries)
        result = is_number_from_series(fields, day, before=result)
    return result


INVOICES = InvoiceProjection()

INVOICE_LIST = Listing(
    view=INVOICES.view,
    filters={
        "status": OneOf("status", tuple(Invoice.transitions())),
        "clientId": Naming("client_id", PARTIES.view, Party),
        "dateFrom": From("invoice_date", DATE),
        "dateTo": To("invoice_date", DATE),
        "dueFrom": From("due_date", DATE),
        "dueTo": To("due_date", DATE),
        "overdue": Flag("is_overdue"),
        "search": Search(number=Numbers(INVOICES.view, "invoice_number")),
        "updatedSince": From("updated_at", INSTANT),
    },
    sorts={
        "createdAt": ("created_at", INSTANT),
        "updatedAt": ("updated_at", INSTANT),
        "invoiceDate": ("invoice_date", DATE),
        "dueDate": ("due_date", DATE),
        "totalAmount": ("total_amount", DECIMAL),
        "invoiceNumber": ("invoice_number", TEXT),
    },
    includes=("items",),
    metadata="metadata_keys",
    same_plan={"createdAt": ("status", "clientId", "overdue"), "updatedAt": ("updatedSince",)},
    ranges=(Range("dateFrom", "dateTo", "-invoiceDate"), Range("dueFrom", "dueTo", "-dueDate")),
    facts=facts_of(Invoice, "clientId"),
    past=Past(Invoice.kind, "past_invoice_list"),
)
