"""Every projection of one row per aggregate, by the aggregate's kind."""

from __future__ import annotations

from typing import Any

from projections.api_key import API_KEYS
from projections.bill import BILLS
from projections.invoice import INVOICES
from projections.leave import LEAVES
from projections.projection import RowProjection

ROWS: dict[str, RowProjection[Any]] = {
    projection.kind: projection
    for projection in (
        INVOICES,
        BILLS,
        LEAVES,
        API_KEYS,
    )
}
