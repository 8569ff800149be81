"""What the rows of credit notes and vendor credits have in common: refunds, and how much has lowered the document."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from domain.notes.refunds import LoweringNote, Refund
from domain.tax.rule46 import TaxWarning
from projections.notes.note import NoteDetails, NoteProjection, NoteSummary


class LoweringSummary(NoteSummary, rename="camel", kw_only=True):
    """A note that lowers a document, as a list shows it."""

    amount_applied: Decimal
    amount_refunded: Decimal
    refund_due: Decimal


class LoweringDetails(NoteDetails, rename="camel"):
    """The further fields of a note that lowers a document."""

    refunds: tuple[Refund, ...] = ()
    warnings: tuple[TaxWarning, ...] | UnsetType = UNSET


class LoweringProjection(NoteProjection):
    """Folds the events of a note that lowers a document."""

    aggregate: ClassVar[type[LoweringNote]]
    details_type: ClassVar[type[msgspec.Struct]] = LoweringDetails

    def actions(self, summary: Any) -> tuple[str, ...]:
        return self.aggregate.actions(summary.status, bool(summary.amount_refunded), bool(summary.refund_due))
