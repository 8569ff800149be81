"""The read side of vendor credits: the resource, its table, and the filters and sorts of its list."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from domain.calendar import CalendarDate
from domain.notes.lowering_note import LoweringNote
from domain.notes.vendor_credit import VendorCredit
from domain.parties.party import Party
from projections.notes.lowering import ONLY_ISSUED, REFUND_DUE, LoweringProjection, LoweringSummary
from projections.notes.note import note_list
from projections.parties.party import PARTIES
from projections.query.filters import Exact, Naming
from projections.views.display import DisplayFields, one_of


class VendorCreditSummary(LoweringSummary, rename="camel", kw_only=True):
    """A vendor credit as a list shows it."""

    status: Annotated[str, one_of(VendorCredit.transitions())]
    bill_id: str
    bill_number: str
    bill_date: CalendarDate
    vendor_id: str
    vendor_name: str | None
    available_actions: tuple[Annotated[str, one_of(VendorCredit.all_actions())], ...]


class VendorCreditProjection(LoweringProjection):
    name: ClassVar[str] = "vendor_credits"
    table: ClassVar[str] = "vendor_credits"
    view: ClassVar[str] = "vendor_credit_list"
    kind: ClassVar[str] = VendorCredit.kind
    aggregate: ClassVar[type[LoweringNote]] = VendorCredit
    entry_type: ClassVar[type[msgspec.Struct]] = VendorCreditSummary
    display: ClassVar[DisplayFields] = DisplayFields(
        name=("number", "bill_number"), detail=("vendor_name", "vendor_id"), currency="currency", number="number"
    )
    version: ClassVar[int] = 2


VENDOR_CREDITS = VendorCreditProjection()

VENDOR_CREDIT_LIST = note_list(
    VENDOR_CREDITS,
    {"vendorId": Naming("party_id", PARTIES.view, Party), "billId": Exact("document_id", 64), **REFUND_DUE},
    (ONLY_ISSUED,),
)
