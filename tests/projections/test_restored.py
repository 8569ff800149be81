"""An aggregate from its stored row is the aggregate that its events lead to, for every event that was ever stored."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.accounts.budget import Budget
from domain.accounts.organization import Organization
from domain.accounts.people import People
from domain.aggregate import Event
from domain.bill import Bill
from domain.invoice import Invoice
from domain.leave import Leave
from domain.registry import aggregate_of
from domain.webhook import Webhook
from infra.log.mapper import MAPPER
from infra.log.records import RecordedEvent
from projections.registry import ROWS
from projections.restored import RestoredProjection
from tests.support.histories import drafted_invoice, events_of
from tests.support.restored import check_restored

AT = datetime(2026, 1, 10, 9, 30, 15, 123456, UTC)
GOLDEN = [
    json.loads(line) for line in (Path(__file__).parents[1] / "golden" / "events.jsonl").read_text("utf-8").splitlines()
]
"""One event of each shape that was ever stored."""
FIRST = {
    Invoice: "invoice.drafted",
    Bill: "bill.drafted",
    Leave: "leave.requested",
    Webhook: "webhook.created",
    Budget: "budget.set",
    People: "user.added",
    Organization: "organization.updated",
}


def history_of(lines: list[dict[str, Any]]) -> list[Event]:
    """Return the events in this order, as events of one object. Payments that cannot follow each other are left out."""
    events: list[Event] = []
    standing, taken_back = set[str](), set[str]()
    for line in lines:
        payments = json.loads(line["state"]).get("payments", ())
        ids = {payment["id"] for payment in payments}
        is_reversal = line["name"].endswith("payment_reversed")
        if ids and (not ids <= standing - taken_back if is_reversal else ids & standing):
            continue
        standing |= ids
        taken_back |= ids if is_reversal else set()
        version = len(events) + 1
        at = AT + timedelta(microseconds=version)
        record = RecordedEvent(version, "x_1", version, line["name"], line["schemaVersion"], line["state"], "{}", at)
        events.append(MAPPER.event(record))
    return events


@pytest.mark.thorough
@pytest.mark.parametrize("aggregate", FIRST, ids=lambda aggregate: aggregate.kind)
def test_the_row_gives_back_what_the_events_lead_to(aggregate):
    lines = [line for line in GOLDEN if aggregate_of(line["name"]) is aggregate]
    first = [line for line in lines if line["name"] == FIRST[aggregate]]
    others = [line for line in lines if line not in first] or first

    @settings(max_examples=150, deadline=None, database=None)
    @given(st.sampled_from(first), st.lists(st.sampled_from(others), max_size=12))
    def check(begin, following):
        check_restored(aggregate, history_of([begin, *following]))

    check()
    check_restored(aggregate, history_of([*first[:1], *others]))


@pytest.mark.parametrize("number", ["INV-2025-26-0007", "A-1"])
@pytest.mark.parametrize("is_from_series", [True, False])
def test_the_row_knows_whether_the_number_is_from_the_series(number, is_from_series):
    invoice = drafted_invoice(number=number, number_from_series=is_from_series)
    events = events_of(invoice)
    check_restored(Invoice, events)
    row: Any = ROWS["invoice"].fold_all(events)
    assert row.number_from_series == is_from_series


def test_only_keys_are_always_folded():
    """Their row does not hold the hashes of earlier secrets."""
    assert [kind for kind, each in ROWS.items() if not isinstance(each, RestoredProjection)] == ["api_key"]
