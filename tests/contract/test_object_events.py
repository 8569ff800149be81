"""The events of one object: its own only, paged and filtered like the log, for keys with the read scope."""

import pytest

from tests.support.client import error_of, list_events
from tests.support.scenarios import MAKERS, draft_bill, pay_invoice, pending_leave, sent_invoice


@pytest.mark.parametrize("collection", MAKERS)
def test_the_history_of_an_object_is_its_own_events(api, collection):
    resource = MAKERS[collection](api)
    MAKERS[collection](api)
    assert api.read(f"{collection}/{resource['id']}/events") == [
        event for event in api.read("events") if event["resourceId"] == resource["id"]
    ]


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_a_history_is_paged_filtered_and_reversed_like_the_log(api, order):
    invoice = sent_invoice(api)
    for _ in range(3):
        draft_bill(api)
        pay_invoice(api, invoice, "1.00")
    path = f"invoices/{invoice['id']}/events"
    history = api.read(path)
    assert list_events(api, path, order=order, limit=2) == (history if order == "asc" else history[::-1])
    assert api.read(path, after=history[1]["position"]) == history[2:]
    assert api.read(path, type="invoice.payment_recorded") == history[2:]
    assert api.read(path, type="bill.paid") == []


@pytest.mark.parametrize("collection", MAKERS)
def test_the_history_of_an_unknown_object_is_not_found(api, other_organization, collection):
    resource = MAKERS[collection](api)
    for other in set(MAKERS) - {collection}:
        error_of(api.get(f"{other}/{resource['id']}/events"), 404, "not_found")
    error_of(other_organization.api().get(f"{collection}/{resource['id']}/events"), 404, "not_found")
    error_of(api.get(f"{collection}/inv_0/events"), 404, "not_found")


def test_a_history_needs_the_read_scope_of_its_module(organization, api):
    leave, bill = pending_leave(api), draft_bill(api)
    billing, writer = organization.api(["billing:read"]), organization.api(["billing:write"])
    assert error_of(billing.get(f"leaves/{leave['id']}/events"), 403, "insufficient_scope")
    assert error_of(writer.get(f"bills/{bill['id']}/events"), 403, "insufficient_scope")
    assert len(billing.read(f"bills/{bill['id']}/events")) == 1
