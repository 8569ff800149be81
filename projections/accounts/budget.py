"""The read side of budgets: one row per budget. Admission compares with its limit in the table `budget_windows`."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from domain.accounts.budget import Budget
from domain.aggregate import Aggregate, Event
from domain.calendar import Timestamp, instant
from projections.accounts.api_key import CHECK_USE
from projections.projection import Statement
from projections.restored import RestoredProjection
from projections.views.display import DisplayFields

_encode = msgspec.json.Encoder().encode
_SET_BUDGET = "SELECT set_budget(set_organization(%s), %s)"
"""Lets admission compare with the limit. A rebuild has not set the organization of its transaction."""


class BudgetRow(msgspec.Struct, rename="camel", kw_only=True):
    """The row of a budget. Its limit is None after it was removed."""

    id: str
    credit_limit: int | None
    threshold: int = 0
    created_at: Timestamp
    updated_at: Timestamp
    version: int


_decode = msgspec.json.Decoder(BudgetRow).decode


class BudgetProjection(RestoredProjection[BudgetRow]):
    name: ClassVar[str] = "budgets"
    table: ClassVar[str] = "budgets"
    view: ClassVar[str] = "budget_list"
    kind: ClassVar[str] = Budget.kind
    aggregate: ClassVar[type[Aggregate]] = Budget
    restored_from: ClassVar[tuple[str, ...]] = ("summary",)
    entry_type: ClassVar[type[msgspec.Struct]] = BudgetRow
    display: ClassVar[DisplayFields] = DisplayFields(name=("id",), detail=("id",), template="{noun}")
    version: ClassVar[int] = 1
    in_place: ClassVar[bool] = True
    columns: ClassVar[tuple[str, ...]] = ("credit_limit", "created_at", "updated_at", "version", "summary", "threshold")

    def fold(self, row: BudgetRow | None, event: Event) -> BudgetRow:
        at = instant(event.timestamp)
        if row is None:
            return BudgetRow(id=event.originator_id, created_at=at, updated_at=at, version=1, **event.changes())
        for name, value in event.changes().items():
            setattr(row, name, value)
        row.updated_at, row.version = at, event.originator_version
        return row

    def values(self, row: BudgetRow) -> tuple[Any, ...]:
        return row.credit_limit, row.created_at, row.updated_at, row.version, _encode(row).decode(), row.threshold

    def to_json(self, row: BudgetRow) -> bytes:
        return _encode(row)

    def statements(self, org_id: str, id: str, row: BudgetRow, is_new: bool) -> list[Statement]:
        statements = super().statements(org_id, id, row, is_new)
        return [*statements, (_SET_BUDGET, (org_id, row.credit_limit)), (CHECK_USE, (org_id, id))]

    def restore(self, *stored: Any) -> BudgetRow:
        (summary,) = stored
        return _decode(summary)

    def shown(self, row: BudgetRow) -> BudgetRow:
        return row


BUDGETS = BudgetProjection()
