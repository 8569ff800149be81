"""`refundDue` on the lists of credit notes and vendor credits: whether something is still to be refunded."""

from contextlib import closing

import pytest

from domain.document import DRAFT
from projections.notes.credit_note import CREDIT_NOTE_LIST
from projections.notes.vendor_credit import VENDOR_CREDIT_LIST
from tests.support.cases import all_cases
from tests.support.client import error_of
from tests.support.organization import Organization
from tests.support.scenarios import (
    draft_credit_note,
    draft_vendor_credit,
    issued_credit_note,
    issued_vendor_credit,
    paid_bill,
    paid_invoice,
)

KINDS = {
    "credit-notes": (draft_credit_note, issued_credit_note, paid_invoice, "invoiceId"),
    "vendor-credits": (draft_vendor_credit, issued_vendor_credit, paid_bill, "billId"),
}


@pytest.fixture
def alone(service, owner):
    with closing(Organization(service.url, owner)) as organization:
        yield organization.api()


@all_cases("path", KINDS)
def test_the_filter_follows_the_refunds_also_in_the_past(alone, path):
    draft, issued, paid, field = KINDS[path]
    document = paid(alone)["id"]
    lowering, drafted = issued(alone), draft(alone, **{field: document}, amount="10.00")
    due, void = (issued(alone, **{field: document}, amount=amount) for amount in ("500.00", "20.00"))
    alone.update(f"{path}/{void['id']}", {"status": "void"})

    def found(**params):
        return [each["id"] for each in alone.read(path, **params)]

    others = [void["id"], drafted["id"], lowering["id"]]
    assert found(refundDue="true") == found(refundDue="true", status="issued") == [due["id"]]
    assert found(refundDue="true", status="draft,void") == found(refundDue="true", status=DRAFT) == []
    assert found(refundDue="false") == others
    alone.create(f"{path}/{due['id']}/refunds", {"amount": "200.00"})
    before = alone.create(f"{path}/{due['id']}/refunds", {"amount": "100.00"})["updatedAt"]
    assert found(refundDue="true") == [due["id"]]
    alone.create(f"{path}/{due['id']}/refunds", {"amount": "200.00"})
    assert found(refundDue="true") == [] and found(refundDue="false") == [void["id"], due["id"], *others[1:]]
    assert found(refundDue="true", asOf=before) == [due["id"]]
    assert found(refundDue="false", asOf=before) == others


def test_other_lists_have_no_such_filter_and_other_values_are_refused(alone):
    for path in ("debit-notes", "invoices"):
        error_of(alone.get(path, params={"refundDue": "true"}), 400, "unknown_parameter")
    error_of(alone.get("credit-notes", params={"refundDue": "yes"}), 400, "invalid_parameter")


@all_cases("listing", [CREDIT_NOTE_LIST, VENDOR_CREDIT_LIST], ids=lambda listing: listing.view)
def test_an_index_has_the_few_notes_with_a_refund_that_is_due(owner, organization, listing):
    query = listing.query(organization.id, {"refundDue": "true"})
    with owner.transaction():
        owner.execute("SELECT set_config('app.org', %s, true)", (organization.id,))
        owner.execute("SET LOCAL enable_seqscan = off")
        plan = "\n".join(line for (line,) in owner.execute(f"EXPLAIN {query.sql}", query.args).fetchall())
    assert f"{listing.view.removesuffix('_list')}s_refund_due" in plan and "Sort" not in plan, plan
