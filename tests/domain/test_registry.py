"""The stored names of events: a name that was released never changes."""

import re

import pytest

from domain.registry import AGGREGATES, EVENTS, aggregate_of
from tests.support.cases import all_cases

NAMES = """
    api_key.expired api_key.issued api_key.revoked api_key.rotated api_key.threshold_left api_key.threshold_reached
    api_key.updated
    bill.credit_reversed bill.credited
    bill.drafted bill.opened bill.overdue bill.overdue_cleared bill.paid bill.payment_recorded bill.payment_reversed
    bill.updated bill.voided budget.removed budget.set
    budget.threshold_left budget.threshold_reached
    credit_note.created credit_note.issued credit_note.refund_reversed credit_note.refunded credit_note.updated
    credit_note.voided
    debit_note.created debit_note.issued debit_note.updated debit_note.voided
    employee.archived employee.created employee.updated
    invoice.credit_reversed invoice.credited invoice.debit_reversed invoice.debited
    invoice.drafted invoice.overdue invoice.overdue_cleared invoice.paid invoice.payment_recorded
    invoice.payment_reversed invoice.sent invoice.updated invoice.voided
    leave.approved leave.cancelled leave.denied leave.requested leave.shortened leave.updated
    organization.updated
    party.archived party.created party.updated
    subject.erased subject.upgraded
    user.added user.invited user.joined user.removed user.role_changed
    vendor_credit.created vendor_credit.issued vendor_credit.refund_reversed vendor_credit.refunded
    vendor_credit.updated vendor_credit.voided
    webhook.created webhook.deleted webhook.disabled webhook.paused webhook.resumed webhook.rotated webhook.updated
"""
SCHEMA_VERSIONS: dict[str, int] = {}
"""The versions of those events whose fields have changed since their first release."""


def test_every_stored_name_is_pinned():
    assert sorted(EVENTS) == NAMES.split()


def test_every_schema_version_is_pinned():
    assert {name: event.schema_version for name, event in EVENTS.items()} == dict.fromkeys(EVENTS, 1) | SCHEMA_VERSIONS


@all_cases("name", NAMES.split())
def test_a_name_begins_with_its_aggregates_kind(name):
    assert EVENTS[name] in aggregate_of(name).event_classes().values()
    assert name.startswith(f"{aggregate_of(name).kind}.")


def test_ids_tell_the_kinds_apart():
    assert len({aggregate.id_prefix for aggregate in AGGREGATES.values()}) == len(AGGREGATES)


def test_every_aggregate_is_found_under_its_kind():
    assert {kind: aggregate.kind for kind, aggregate in AGGREGATES.items()} == {kind: kind for kind in AGGREGATES}


@all_cases("name", NAMES.split())
def test_every_event_has_a_phrase_with_its_object(name):
    phrase = EVENTS[name].phrase
    assert phrase.count("{object}") == 1
    assert "{fields}" not in phrase.partition("{object}")[0]  # pages put the fields behind the object
    assert re.sub(r"\{(object|fields|payment|threshold|user|role)\}", "", phrase).isprintable()


@pytest.mark.parametrize("aggregate", AGGREGATES.values(), ids=AGGREGATES)
def test_an_aggregate_has_a_noun_and_both_scopes_or_none(aggregate):
    assert aggregate.noun
    assert (aggregate.read_scope is None) == (aggregate.write_scope is None)
