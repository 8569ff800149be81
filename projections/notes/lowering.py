"""What the rows of credit notes and vendor credits have in common: refunds, and how much has lowered the document."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from domain.notes.lowering_note import LoweringNote
from domain.notes.note import ISSUED
from domain.notes.refunds import Refund
from domain.tax.rule46 import TaxWarning
from projections.document import DocumentRow
from projections.notes.note import NoteDetails, NoteProjection, NoteSummary
from projections.query.facts import OnlyWith
from projections.query.filters import Filter, Flag


class LoweringSummary(NoteSummary, rename="camel", kw_only=True):
    """A note that lowers a document, as a list shows it."""

    amount_applied: Decimal
    amount_refunded: Decimal
    refund_due: Decimal


class LoweringDetails(NoteDetails, rename="camel"):
    """The further fields of a note that lowers a document."""

    refunds: tuple[Refund, ...] = ()
    warnings: tuple[TaxWarning, ...] | UnsetType = UNSET


REFUND_DUE: Mapping[str, Filter] = {"refundDue": Flag("owes_refund")}
"""The filter that only lists of such notes have."""
ONLY_ISSUED = OnlyWith("refundDue", "status", "status", (ISSUED,))


class LoweringProjection(NoteProjection):
    """Folds the events of a note that lowers a document."""

    aggregate: ClassVar[type[LoweringNote]]
    details_type: ClassVar[type[msgspec.Struct]] = LoweringDetails
    columns: ClassVar[tuple[str, ...]] = (*NoteProjection.columns, "owes_refund")
    past_names: ClassVar[Mapping[str, str] | None] = {
        "first_day": "date",
        "second_day": "date",
        "is_overdue": "owes_refund",
    }

    def values(self, row: DocumentRow) -> tuple[Any, ...]:
        return (*super().values(row), row.summary.refund_due > 0)

    def actions(self, summary: Any) -> tuple[str, ...]:
        return self.aggregate.actions(summary.status, bool(summary.amount_refunded), bool(summary.refund_due))
