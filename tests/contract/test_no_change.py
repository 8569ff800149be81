"""A PATCH that changes nothing makes no event and no version."""

from typing import Any

from tests.support.cases import all_cases
from tests.support.scenarios import BILLS, INVOICES, ISSUED, LINE, MAKERS

ITEMS = [{**LINE, "quantity": "2.5", "unitPrice": "10.10", "taxRate": "9.975", "hsnSac": "998311"}]
FIELDS = {
    "invoices": {"clientId": "acme", "clientName": "Acme", "invoiceDate": "2026-01-10", "notes": "Thank you"},
    "bills": {"vendorId": "mills", "vendorName": "Mills", "billDate": "2026-01-10", "notes": "Thank you"},
}
SAME: dict[str, dict[str, Any]] = {
    "no field": {},
    "the same lines as other numbers": {"items": [{**ITEMS[0], "quantity": 2.50, "unitPrice": "10.1000"}]},
    "the same currency": {"currency": "INR"},
    "lines and currency": {"items": ITEMS, "currency": "INR"},
    "the same due date": {"dueDate": "2099-01-31"},
    "the same status": {"status": "draft"},
    "everything": {"items": ITEMS, "currency": "INR", "dueDate": "2099-01-31", "status": "draft"},
}


@all_cases("collection", ISSUED)
@all_cases("case", SAME)
def test_the_present_values_change_nothing(api, collection, case):
    document = MAKERS[collection](api, **FIELDS[collection], items=ITEMS)
    changes = {**FIELDS[collection], **SAME[case]}
    assert api.update(f"{collection}/{document['id']}", changes) == document
    assert api.read(f"{collection}/{document['id']}") == document


@all_cases(("collection", "status"), [*(("invoices", each) for each in INVOICES), *(("bills", each) for each in BILLS)])
def test_in_no_status_does_the_same_status_or_note_change_anything(api, collection, status):
    document = (INVOICES if collection == "invoices" else BILLS)[status](api, notes="Thank you")
    for changes in ({"status": status}, {"notes": "Thank you"}, {"status": status, "notes": "Thank you"}, {}):
        assert api.update(f"{collection}/{document['id']}", changes) == document
