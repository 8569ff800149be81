"""Every projection. Commands, the worker, and `smartdhandha projections` find them here; a new one is one more line."""

from __future__ import annotations

from typing import Any

from projections.api_key import API_KEYS
from projections.balances import BALANCES
from projections.bill import BILLS
from projections.invoice import INVOICES
from projections.leave import LEAVES
from projections.projection import Projection, RowProjection
from projections.sums import SumProjection
from projections.usage import USAGE

PROJECTIONS: dict[str, Projection] = {
    projection.name: projection
    for projection in (
        INVOICES,
        BILLS,
        LEAVES,
        API_KEYS,
        USAGE,
        BALANCES,
    )
}
"""By name."""

ROWS: dict[str, RowProjection[Any]] = {
    projection.kind: projection for projection in PROJECTIONS.values() if isinstance(projection, RowProjection)
}
"""The projections of one row per aggregate, by the aggregate's kind."""

SUMS: tuple[SumProjection, ...] = tuple(
    projection for projection in PROJECTIONS.values() if isinstance(projection, SumProjection)
)
"""The projections of sums, in the order in which the worker adds to them."""
