"""The list of all projections. Commands, the background worker and `smartdhandha projections` use it."""

from __future__ import annotations

from typing import Any

from projections.accounts.api_key import API_KEYS
from projections.accounts.budget import BUDGETS
from projections.accounts.erasures import ERASURES
from projections.accounts.organization import ORGANIZATIONS
from projections.accounts.people import PEOPLE
from projections.accounts.usage import USAGE
from projections.accounts.webhook import WEBHOOKS
from projections.balances import BALANCES
from projections.bill import BILLS
from projections.invoice import INVOICES
from projections.leave import LEAVES
from projections.notes.credit_note import CREDIT_NOTES
from projections.notes.debit_note import DEBIT_NOTES
from projections.notes.vendor_credit import VENDOR_CREDITS
from projections.parties.employee import EMPLOYEES
from projections.parties.party import PARTIES
from projections.projection import LogTiles, Projection, RowProjection
from projections.query.past.rows import PastRows
from projections.sums import SumProjection

PAST_ROWS = PastRows((INVOICES, BILLS, LEAVES, PARTIES, EMPLOYEES, CREDIT_NOTES, DEBIT_NOTES, VENDOR_CREDITS))
LOG_TILES = LogTiles()

PROJECTIONS: dict[str, Projection] = {
    projection.name: projection
    for projection in (
        INVOICES,
        BILLS,
        LEAVES,
        PARTIES,
        EMPLOYEES,
        CREDIT_NOTES,
        DEBIT_NOTES,
        VENDOR_CREDITS,
        API_KEYS,
        WEBHOOKS,
        BUDGETS,
        PEOPLE,
        ORGANIZATIONS,
        ERASURES,
        USAGE,
        BALANCES,
        PAST_ROWS,
        LOG_TILES,
    )
}
"""All projections, by name."""

ROWS: dict[str, RowProjection[Any]] = {
    projection.kind: projection for projection in PROJECTIONS.values() if isinstance(projection, RowProjection)
}
"""The projections with one row per aggregate, by the kind of the aggregate."""

SUMS: tuple[SumProjection, ...] = tuple(
    projection for projection in PROJECTIONS.values() if isinstance(projection, SumProjection)
)
"""The projections that keep sums, in the order in which the background worker updates them."""
