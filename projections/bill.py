"""The read side of vendor bills: the resource, its table, and the filters and sorts of its list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from domain.bill import Bill
from domain.calendar import Timestamp, financial_year, financial_year_label
from domain.document import Document
from domain.errors.document import DuplicateNumber
from domain.metadata import Metadata
from domain.parties.party import Party
from domain.tax.discount import Discount
from domain.tax.parties import TREATMENTS
from domain.tax.supply import PLACE_SOURCES, STATE_TAXES, SUPPLY_TYPES
from projections.document import DocumentProjection, DocumentRow
from projections.parties.party import PARTIES
from projections.query.document_facts import facts_of
from projections.query.filters import DATE, DECIMAL, INSTANT, TEXT, Flag, From, Naming, OneOf, To
from projections.query.listing import Listing
from projections.query.past.lists import Past
from projections.query.ranges import Range
from projections.query.search import Numbers, Search
from projections.views.display import DisplayFields, one_of


class BillSummary(msgspec.Struct, rename="camel", kw_only=True):
    """A bill as a list shows it."""

    id: str
    bill_number: str
    status: Annotated[str, one_of(Bill.transitions())]
    vendor_id: str
    vendor_name: str | None
    currency: str
    bill_date: date
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
    opened_at: Timestamp | None = None
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
    gst_treatment: Annotated[str, one_of(TREATMENTS)] | UnsetType = UNSET
    reverse_charge: bool | UnsetType = UNSET
    amount_credited: Decimal | UnsetType = UNSET
    erased: bool | UnsetType = UNSET
    available_actions: tuple[Annotated[str, one_of(Bill.all_actions())], ...]


class BillProjection(DocumentProjection):
    name: ClassVar[str] = "bills"
    table: ClassVar[str] = "bills"
    view: ClassVar[str] = "bill_list"
    kind: ClassVar[str] = Bill.kind
    entry_type: ClassVar[type[msgspec.Struct]] = BillSummary
    display: ClassVar[DisplayFields] = DisplayFields(
        name=("bill_number",), detail=("vendor_name", "vendor_id"), currency="currency", number="bill_number"
    )
    version: ClassVar[int] = 3
    columns: ClassVar[tuple[str, ...]] = (
        "bill_number",
        "financial_year",
        "vendor_id",
        "status",
        "bill_date",
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
    )
    aggregate: ClassVar[type[Document]] = Bill
    past_names: ClassVar[Mapping[str, str] | None] = {
        "party_id": "vendor_id",
        "first_day": "bill_date",
        "second_day": "due_date",
        "number": "bill_number",
    }
    party: ClassVar[str] = "vendor"
    numbered_by_party: ClassVar[bool] = True

    def duplicate(self, row: DocumentRow, conflicting_id: str | None) -> DuplicateNumber:
        year = financial_year_label(financial_year(row.summary.bill_date))
        of = f"bills of {row.summary.vendor_id}"
        return DuplicateNumber(row.summary.bill_number, year, conflicting_id, of=of)


BILLS = BillProjection()

BILL_LIST = Listing(
    view=BILLS.view,
    filters={
        "status": OneOf("status", tuple(Bill.transitions())),
        "vendorId": Naming("vendor_id", PARTIES.view, Party),
        "dateFrom": From("bill_date", DATE),
        "dateTo": To("bill_date", DATE),
        "dueFrom": From("due_date", DATE),
        "dueTo": To("due_date", DATE),
        "overdue": Flag("is_overdue"),
        "search": Search(number=Numbers(BILLS.view, "bill_number")),
        "updatedSince": From("updated_at", INSTANT),
    },
    sorts={
        "createdAt": ("created_at", INSTANT),
        "updatedAt": ("updated_at", INSTANT),
        "billDate": ("bill_date", DATE),
        "dueDate": ("due_date", DATE),
        "totalAmount": ("total_amount", DECIMAL),
        "billNumber": ("bill_number", TEXT),
    },
    includes=("items",),
    metadata="metadata_keys",
    same_plan={"createdAt": ("status", "vendorId", "overdue"), "updatedAt": ("updatedSince",)},
    ranges=(Range("dateFrom", "dateTo", "-billDate"), Range("dueFrom", "dueTo", "-dueDate")),
    facts=facts_of(Bill, "vendorId"),
    past=Past(Bill.kind, "past_bill_list"),
)
