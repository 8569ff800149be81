"""What is true of the rows of a list of invoices or bills."""

from __future__ import annotations

from domain.document import Document
from projections.query.facts import Dates, Depend, Fact, NotBefore, OnlyWith
from projections.query.growing import GrowTogether


def facts_of(document: type[Document], party: str) -> tuple[Fact, ...]:
    """Return the facts for the list of these documents. `party` is the filter by the client or the vendor."""
    payable = sorted(document.payable_statuses())
    return (
        NotBefore(Dates("dateFrom", "dateTo", document.date_field), Dates("dueFrom", "dueTo", "due_date")),
        OnlyWith("overdue", "status", "status", payable),
        GrowTogether(
            columns=("created_at", "updated_at", document.date_field, "due_date", document.number_field),
            starts={
                "dateFrom": (document.date_field, "due_date"),
                "dueFrom": ("due_date",),
                "updatedSince": ("updated_at",),
            },
            ends={"dateTo": (document.date_field,), "dueTo": (document.date_field, "due_date")},
            newest={"status": payable, "overdue": ("NOT is_overdue",)},
        ),
        Depend((party, "search")),
    )
