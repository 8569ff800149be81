"""`/bills`."""

from __future__ import annotations

from api.http.origin import Origin
from api.ports.dependencies import Dependencies
from api.resources import ResourceRoutes
from commands.bill import DraftBill, RecordBillPayment, UpdateBill
from projections.bill import BILL_LIST


def bills(dependencies: Dependencies, origin: Origin) -> ResourceRoutes:
    """Its four resources."""
    return ResourceRoutes(
        dependencies,
        origin,
        kind="bill",
        listing=BILL_LIST,
        create=DraftBill,
        update=UpdateBill,
        pay=RecordBillPayment,
        scopes=("billing:read", "billing:write"),
    )
