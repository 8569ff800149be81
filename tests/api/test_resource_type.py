"""What a kind of object declares, and the operations that follow from it."""

import pytest

from api.app import RESOURCE_TYPES
from api.invoice import INVOICES
from api.leave import LEAVES
from api.openapi.failures import failure_codes
from domain.registry import AGGREGATES
from tests.support.cases import all_cases

EVERY_OPERATION = [
    operation
    for type_ in RESOURCE_TYPES
    for operation in (
        type_.list_operation(),
        type_.get_operation(),
        type_.create_operation(),
        type_.update_operation(),
        type_.events_operation(),
        *(type_.sub_resource_operation(each) for each in type_.sub_resources),
    )
]


def test_every_aggregate_that_the_api_shows_has_a_resource_type():
    shown = {kind for kind, aggregate in AGGREGATES.items() if aggregate.read_scope is not None}
    assert {type_.aggregate.kind for type_ in RESOURCE_TYPES} == shown


def test_every_id_is_used_once():
    ids = [operation.id for operation in EVERY_OPERATION]
    assert len(ids) == len(set(ids))


@all_cases("operation", EVERY_OPERATION, ids=lambda operation: operation.id)
def test_what_writes_needs_the_write_scope_and_what_reads_the_read_scope(operation):
    aggregate = AGGREGATES[operation.resource_type]
    expected = aggregate.read_scope if operation.command is None else aggregate.write_scope
    assert operation.scope == expected is not None


def test_the_entry_of_a_list_has_the_details_only_on_request():
    entry, whole = INVOICES.entry, INVOICES.whole
    assert (entry.name, whole.name) == ("InvoiceSummary", "Invoice")
    assert entry.optional_structs == whole.structs[1:] != ()


def test_a_resource_without_details_has_one_type():
    assert LEAVES.entry == LEAVES.whole


@pytest.mark.parametrize(
    ("operation", "conflicts"),
    [
        (INVOICES.create_operation(), {"duplicate_number", "conflict"}),
        (INVOICES.update_operation(), {"duplicate_number", "invalid_transition", "conflict"}),
        (
            INVOICES.sub_resource_operation(INVOICES.sub_resources[0]),
            {"invalid_transition", "duplicate_payment", "conflict"},
        ),
        (INVOICES.sub_resource_operation(INVOICES.sub_resources[1]), {"already_reversed", "conflict"}),
        (LEAVES.create_operation(), {"leave_overlap", "conflict"}),
        (LEAVES.update_operation(), {"leave_overlap", "invalid_transition", "conflict"}),
    ],
    ids=lambda each: getattr(each, "id", None),
)
def test_the_conflicts_of_a_write_are_those_that_its_command_declares(operation, conflicts):
    assert set(failure_codes(operation)[409]) == conflicts


def test_only_a_payment_or_a_refund_can_exceed_a_balance():
    exceeding = [each.id for each in EVERY_OPERATION if "amount_exceeds_balance" in failure_codes(each).get(422, ())]
    refunds = ["recordCreditNoteRefund", "recordVendorCreditRefund"]
    assert exceeding == ["recordInvoicePayment", "recordBillPayment", *refunds]


def test_a_list_meets_no_failure_of_objects_and_bodies():
    assert failure_codes(INVOICES.list_operation()).keys().isdisjoint({404, 405, 409, 412, 413, 415, 422})
