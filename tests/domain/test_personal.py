"""Each field of an event about business and people is personal, or has a reason why it is not."""

from collections.abc import Iterator
from typing import Any, get_args

import msgspec
import pytest

from domain.aggregate import Event
from domain.bill import Bill
from domain.invoice import Invoice
from domain.leave import Leave
from domain.notes.credit_note import CreditNote
from domain.notes.debit_note import DebitNote
from domain.notes.vendor_credit import VendorCredit
from domain.parties.employee import Employee
from domain.parties.party import Party
from domain.personal import Personal, is_personal, personal_fields
from domain.registry import EVENTS

NOT_PERSONAL = {
    "an id: it leads to a person only together with the organization's own records": (
        "clientId vendorId employeeId externalId payments.id invoiceId billId refunds.id corrections.id"
    ),
    "a number of a document: the books are kept by it": (
        "invoiceNumber billNumber numberFromSeries number corrections.number items.lineNumber "
        "corrections.lines.lineNumber correctedLines.lineNumber"
    ),
    "a status, or whether something holds": "status isOverdue taxAdjustment taxAdjustmentFrom",
    "a kind out of a short list": "type dayPart startPart endPart payments.kind roles corrections.kind",
    "a date or a time": (
        "joinedOn leftOn invoiceDate billDate dueDate startDate endDate sentAt openedAt paidAt voidedAt decidedAt "
        "payments.paidOn payments.recordedAt payments.reversedAt payments.reversedOn date issuedAt refunds.date "
        "refunds.recordedAt refunds.reversedAt refunds.reversedOn corrections.recordedAt corrections.reversedAt"
    ),
    "a number of days": "days",
    "an amount, or what amounts are computed from": (
        "currency subTotal taxTotal totalAmount amountPaid amountSettled balanceDue payments.amount items.quantity "
        "items.unitPrice items.taxRate items.amount items.taxAmount items.totalAmount items.discount.percent "
        "items.discount.amount items.discountAmount items.taxableAmount items.cgst items.sgst items.igst "
        "items.cessRate items.cess items.taxPayableByRecipient"
    ),
    "an amount of the document that depends on discounts and taxes, or what it depends on": (
        "discount.percent discount.amount discountTotal taxableAmount cgst sgst igst cess taxPayableByRecipient "
        "roundOff"
    ),
    "an amount by which a note corrects a document, or that is refunded": (
        "amountCredited amountDebited amountApplied amountRefunded refundDue refunds.amount untaxedAmount "
        "items.untaxedAmount corrections.amount corrections.appliedAmount corrections.roundOff "
        "corrections.lines.quantity corrections.lines.taxableAmount corrections.lines.cgst corrections.lines.sgst "
        "corrections.lines.igst corrections.lines.cess corrections.lines.taxAmount "
        "corrections.lines.taxPayableByRecipient corrections.lines.untaxedAmount "
        "correctedLines.quantity correctedLines.taxableAmount correctedLines.cgst correctedLines.sgst "
        "correctedLines.igst correctedLines.cess correctedLines.taxAmount correctedLines.taxPayableByRecipient "
        "correctedLines.untaxedAmount"
    ),
    "what GST makes of the document": (
        "placeOfSupply placeOfSupplyFrom supplyType stateTax documentType reverseCharge warnings.code "
        "warnings.field warnings.message"
    ),
    "the organization itself, which erases the data of others": (
        "supplier recipient supplier.name supplier.tradeName supplier.gstin supplier.stateCode "
        "supplier.stateName supplier.address supplier.email supplier.gstTreatment supplier.lutNumber "
        "recipient.name recipient.tradeName recipient.gstin recipient.stateCode recipient.stateName "
        "recipient.address recipient.email recipient.gstTreatment recipient.lutNumber "
    ),
    "a code of the tariff: it says what kind of goods or service was sold": "items.hsnSac",
    "what taxes depend on: a state, and one of a few treatments": "stateCode gstTreatment",
    "a list or an object, whose entries declare their own fields": (
        "items items.discount payments discount warnings refunds corrections corrections.lines correctedLines"
    ),
}
PERSONAL = """
    address clientName decisionNote email employeeName gstin items.description metadata name notes pan payments.method
    payments.reference payments.reversalReason phone reason recipient refunds.method refunds.reference
    refunds.reversalReason
    supplier vendorName
"""
REVIEWED = [
    event
    for aggregate in (Invoice, Bill, Leave, Party, Employee, CreditNote, DebitNote, VendorCredit)
    for event in aggregate.event_classes().values()
]
COMMON = frozenset(Event.__struct_fields__)


def fields_of(struct: type[msgspec.Struct], place: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the places of all fields in the JSON of a Struct, with their types: `items`, `items.description`."""
    for field in msgspec.structs.fields(struct):
        if field.name not in COMMON:
            yield f"{place}{field.encode_name}", field.type
            for entry in [] if is_personal(field.type) else structs_in(field.type):
                yield from fields_of(entry, f"{place}{field.encode_name}.")


def structs_in(annotation: Any) -> list[type[msgspec.Struct]]:
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return [annotation]
    return [found for argument in get_args(annotation) for found in structs_in(argument)]


def test_each_field_is_personal_or_has_a_reason_why_it_is_not():
    reasons = " ".join(NOT_PERSONAL.values()).split()
    found = {(place, is_personal(type)) for event in REVIEWED for place, type in fields_of(event)}

    assert sorted(place for place, personal in found if personal) == PERSONAL.split()
    assert sorted(place for place, personal in found if not personal) == sorted(reasons)


def test_no_event_of_another_object_holds_personal_fields():
    # Users are in logs with their ids only; names and addresses are in tables, from which they can be deleted.
    others = [event for event in EVENTS.values() if event not in REVIEWED]

    assert [event.topic for event in others if personal_fields(event)] == []


@pytest.mark.parametrize("event", REVIEWED, ids=lambda event: event.topic)
def test_personal_fields_come_in_the_order_of_the_json(event):
    names = [field.name for field in personal_fields(event)]

    assert names == [name for name in event.__struct_fields__ if name in names]


def test_a_field_without_the_declaration_is_not_personal():
    class Both(msgspec.Struct):
        plain: str | None
        name: Personal[str | None]

    assert [field.name for field in personal_fields(Both)] == ["name"]
