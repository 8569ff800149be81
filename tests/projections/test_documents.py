"""Rows of invoices and bills, folded from their events."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from domain.errors.document import DuplicateNumber
from projections.bill import BILLS
from projections.invoice import INVOICES
from projections.registry import ROWS
from tests.support.histories import (
    LATER,
    LINE,
    drafted_bill,
    drafted_invoice,
    events_of,
    pay,
    row_of,
)


def resource_of(document):
    projection = ROWS[document.kind]
    return msgspec.json.decode(projection.to_json(row_of(projection, document)))


def columns_of(document):
    projection = ROWS[document.kind]
    return dict(zip(projection.columns, projection.values(row_of(projection, document)), strict=True))


def test_a_draft_becomes_a_row_with_all_fields_of_the_resource():
    resource = resource_of(drafted_invoice())

    assert list(resource)[:4] == ["id", "invoiceNumber", "status", "clientId"]
    assert (resource["id"], resource["status"], resource["version"]) == ("inv_1", "draft", 1)
    assert (resource["totalAmount"], resource["balanceDue"]) == ("82600.00", "82600.00")
    assert resource["createdAt"] == resource["updatedAt"] == "2026-01-20T09:30:00.000000Z"
    assert [item["description"] for item in resource["items"]] == ["Consulting"]
    assert resource["payments"] == []


def test_a_later_event_changes_its_own_fields_and_no_other():
    invoice = drafted_invoice(notes="Thank you")
    before = resource_of(drafted_invoice(notes="Thank you"))

    invoice.update({"due_date": date(2026, 2, 28)}, LATER)

    after = resource_of(invoice)
    assert {name for name in after if after[name] != before[name]} == {"dueDate", "updatedAt", "version"}
    assert (after["dueDate"], after["version"], after["createdAt"]) == ("2026-02-28", 2, before["createdAt"])


def test_new_lines_replace_the_lines():
    invoice = drafted_invoice()
    invoice.update({"items": (LINE, LINE)}, LATER)

    resource = resource_of(invoice)
    assert (len(resource["items"]), resource["totalAmount"]) == (2, "165200.00")


def test_payments_are_collected_from_all_their_events():
    invoice = drafted_invoice()
    invoice.transition_to("sent", LATER)
    pay(invoice, "600.00")
    pay(invoice, "2000.00")

    resource = resource_of(invoice)
    assert [payment["amount"] for payment in resource["payments"]] == ["600.00", "2000.00"]
    assert (resource["status"], resource["amountPaid"], resource["balanceDue"]) == (
        "partially_paid",
        "2600.00",
        "80000.00",
    )


def test_the_last_payment_makes_it_paid():
    bill = drafted_bill()
    bill.transition_to("open", LATER)
    pay(bill, "82600.00")

    resource = resource_of(bill)
    assert (resource["status"], resource["balanceDue"], resource["paidAt"]) == (
        "paid",
        "0.00",
        "2026-01-20T10:30:00.000000Z",
    )


@pytest.mark.parametrize(
    ("make", "target", "field"),
    [
        (drafted_invoice, "sent", "sentAt"),
        (drafted_invoice, "void", "voidedAt"),
        (drafted_bill, "open", "openedAt"),
        (drafted_bill, "void", "voidedAt"),
    ],
)
def test_a_transition_sets_the_status_its_time_and_what_can_be_done_next(make, target, field):
    document = make()
    document.transition_to(target, LATER)

    resource = resource_of(document)
    assert (resource["status"], resource[field]) == (target, "2026-01-20T10:30:00.000000Z")
    assert resource["availableActions"] == list(document.actions(target))


def test_overdue_is_set_and_cleared():
    invoice = drafted_invoice()
    invoice.transition_to("sent", LATER)
    invoice.refresh_overdue(date(2026, 2, 1), LATER)
    row = row_of(INVOICES, invoice)
    assert row.summary.is_overdue is True

    invoice.update({"due_date": date(2026, 2, 28)}, LATER)
    invoice.refresh_overdue(date(2026, 2, 1), LATER)
    for event in events_of(invoice):
        row = INVOICES.fold(row, event)
    assert row.summary.is_overdue is False


def test_the_columns_are_what_lists_filter_and_sort_by():
    columns = columns_of(drafted_invoice(notes="Cash ON delivery"))

    assert columns["invoice_number"] == "INV-1"
    assert columns["financial_year"] == 2025
    assert columns["total_amount"] == Decimal("82600.00")
    assert columns["search"] == "inv-1\nacme\nacme traders\ncash on delivery"
    assert columns["beginnings"] == ["a", "ac", "i", "in"]
    assert columns["created_at"] == "2026-01-20T09:30:00.000000Z"


def test_a_bill_of_april_is_in_the_financial_year_that_begins():
    columns = columns_of(drafted_bill())

    assert (columns["financial_year"], columns["vendor_id"]) == (2026, "mills")
    assert columns["search"] == "b-1\nmills\ncotton"


def test_the_summary_and_the_details_join_into_the_resource():
    columns = columns_of(drafted_invoice())

    joined = {**msgspec.json.decode(columns["summary"]), **msgspec.json.decode(columns["details"])}
    assert joined == resource_of(drafted_invoice())


@pytest.mark.parametrize(
    ("projection", "document", "constraint", "message"),
    [
        (INVOICES, drafted_invoice, "invoices_number_key", "INV-1"),
        (BILLS, drafted_bill, "bills_number_key_of_a_node", "B-1"),
    ],
)
def test_a_number_that_is_taken_is_refused_with_the_other_document(projection, document, constraint, message):
    row = row_of(projection, document())

    conflict = projection.conflict(constraint, "org_1", row)

    assert conflict
    refusal = conflict.refusal("other_1")
    assert isinstance(refusal, DuplicateNumber)
    assert message in str(refusal)
    assert conflict.other[1][0] == "org_1"
    assert conflict.other[0].count("%s") == len(conflict.other[1])


@pytest.mark.parametrize("projection", [INVOICES, BILLS])
def test_another_constraint_is_no_rule_of_the_business(projection):
    assert projection.conflict("some_other_key", "org_1", None) is None


def test_a_new_row_is_inserted_and_a_later_one_updated():
    row = row_of(INVOICES, drafted_invoice())

    ((insert, inserted),) = INVOICES.statements("org_1", "inv_1", row, is_new=True)
    ((update, updated),) = INVOICES.statements("org_1", "inv_1", row, is_new=False)

    assert insert.startswith("INSERT INTO invoices (org_id, id, projection_version, invoice_number, ")
    assert inserted[:4] == ("org_1", "inv_1", INVOICES.version, "INV-1")
    assert update.startswith("UPDATE invoices SET projection_version = %s, invoice_number = %s, ")
    assert update.endswith(" WHERE org_id = %s AND id = %s")
    assert updated[-2:] == ("org_1", "inv_1")
    assert [sql.count("%s") for sql in (insert, update)] == [len(inserted), len(updated)]


def test_the_time_of_the_first_event_is_when_it_was_created():
    invoice = drafted_invoice()
    invoice.transition_to("void", LATER)

    resource = resource_of(invoice)
    assert (resource["createdAt"], resource["updatedAt"]) == (
        "2026-01-20T09:30:00.000000Z",
        "2026-01-20T10:30:00.000000Z",
    )
