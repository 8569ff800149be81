"""The events that all notes share; each kind of note gives each one its stored name, and adds what it corrects."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from msgspec import UNSET, UnsetType

from domain.aggregate import Event
from domain.calendar import CalendarDate
from domain.metadata import Metadata
from domain.notes.items import NoteItem
from domain.personal import Personal

OPTIONAL = (
    "cgst",
    "sgst",
    "igst",
    "cess",
    "tax_payable_by_recipient",
    "untaxed_amount",
    "round_off",
    "tax_adjustment_from",
)
"""The fields of a note that are there only if the note uses them, and that can change while it is a draft."""
COPIED = ("place_of_supply", "supply_type", "state_tax", "gst_treatment", "reverse_charge")
"""The fields of the document that the note has, too, if the document has them."""


class NoteCreated(Event, frozen=True, kw_only=True):
    """A new draft of a note. Fields that it does not use are absent."""

    phrase: ClassVar[str] = "drafted {object}"

    status: str
    number: str | None
    reason: Personal[str | None]
    date: CalendarDate
    currency: str
    items: tuple[NoteItem, ...]
    taxable_amount: Decimal
    tax_total: Decimal
    total_amount: Decimal
    tax_adjustment: bool
    notes: Personal[str | None]
    metadata: Personal[Metadata | None]
    cgst: Decimal | UnsetType = UNSET
    sgst: Decimal | UnsetType = UNSET
    igst: Decimal | UnsetType = UNSET
    cess: Decimal | UnsetType = UNSET
    tax_payable_by_recipient: Decimal | UnsetType = UNSET
    untaxed_amount: Decimal | UnsetType = UNSET
    round_off: Decimal | UnsetType = UNSET
    tax_adjustment_from: str | UnsetType = UNSET
    place_of_supply: str | UnsetType = UNSET
    supply_type: str | UnsetType = UNSET
    state_tax: str | UnsetType = UNSET
    gst_treatment: str | UnsetType = UNSET
    reverse_charge: bool | UnsetType = UNSET


class NoteUpdated(Event, frozen=True, kw_only=True):
    """Fields of the note changed. Fields that did not change are absent; a field of OPTIONAL that the note no longer
    uses is null."""

    phrase: ClassVar[str] = "changed {object}{fields}"
    derived_fields: ClassVar[frozenset[str]] = frozenset(
        ("taxable_amount", "tax_total", "total_amount", "invoice_date", "bill_date", *OPTIONAL)
    )

    reason: Personal[str | UnsetType | None] = UNSET
    date: CalendarDate | UnsetType = UNSET
    items: tuple[NoteItem, ...] | UnsetType = UNSET
    taxable_amount: Decimal | UnsetType = UNSET
    tax_total: Decimal | UnsetType = UNSET
    total_amount: Decimal | UnsetType = UNSET
    tax_adjustment: bool | UnsetType = UNSET
    notes: Personal[str | UnsetType | None] = UNSET
    metadata: Personal[Metadata | UnsetType | None] = UNSET
    cgst: Decimal | UnsetType | None = UNSET
    sgst: Decimal | UnsetType | None = UNSET
    igst: Decimal | UnsetType | None = UNSET
    cess: Decimal | UnsetType | None = UNSET
    tax_payable_by_recipient: Decimal | UnsetType | None = UNSET
    untaxed_amount: Decimal | UnsetType | None = UNSET
    round_off: Decimal | UnsetType | None = UNSET
    tax_adjustment_from: str | UnsetType | None = UNSET


class NoteIssued(Event, frozen=True, kw_only=True):
    """The note has its number, and the document is corrected. Kinds add the two sides of the document."""

    phrase: ClassVar[str] = "issued {object}"

    status: str
    number: str
    issued_at: str


class NoteVoided(Event, frozen=True, kw_only=True):
    """The note was made void. If it was issued, the document is as it would be without the note."""

    phrase: ClassVar[str] = "voided {object}"

    status: str
    voided_at: str
