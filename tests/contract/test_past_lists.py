"""`asOf` on lists: the list as the same request returned it then, with its pages and its refusals."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.client import data_of, error_of
from tests.support.gst import gstin
from tests.support.scenarios import (
    MAKERS,
    active_employee,
    active_party,
    draft_invoice,
    pay_invoice,
    sent_invoice,
    void_invoice,
)


def now_of(api):
    """The time of the last event of the log."""
    return api.read("events", order="desc", limit=1)[0]["occurredAt"]


def later(timestamp, **span):
    return (datetime.fromisoformat(timestamp) + timedelta(**span)).astimezone(UTC).isoformat().replace("+00:00", "Z")


CHANGES = {"leaves": {"reason": "Changed"}, "parties": {"name": "Changed"}, "employees": {"name": "Changed"}}
PATHS = {**MAKERS, "parties": active_party, "employees": active_employee}


@pytest.mark.parametrize("path", PATHS)
def test_a_list_is_what_it_was(api, path):
    made = [PATHS[path](api) for _ in range(3)]
    then, at = api.read(path), now_of(api)
    PATHS[path](api)
    api.update(f"{path}/{made[0]['id']}", CHANGES.get(path, {"notes": "Changed"}))

    assert api.read(path, asOf=at) == then and [each["id"] for each in then] == [each["id"] for each in made[::-1]]
    assert api.read(path, asOf=later(at, microseconds=1)) == then
    assert len(api.read(path, asOf=later(at, microseconds=-1))) == 2
    assert api.read(path, asOf=now_of(api)) == api.read(path)


def test_filters_and_orders_apply_to_what_was(api):
    first, second = sent_invoice(api, clientName="Sharma"), sent_invoice(api)
    at = now_of(api)
    pay_invoice(api, first, "82600.00")
    api.update(f"invoices/{second['id']}", {"status": "void"})

    assert [each["id"] for each in api.read("invoices", asOf=at, status="sent")] == [second["id"], first["id"]]
    assert api.read("invoices", asOf=at, status="paid,void") == []
    assert [each["id"] for each in api.read("invoices", asOf=at, search="sharma", status="sent")] == [first["id"]]
    assert api.read("invoices", asOf=at, sort="updatedAt", include="items")[0] == api.read(
        f"invoices/{first['id']}", asOf=at
    )


def test_parties_and_employees_are_filtered_as_they_were(api):
    acme = active_party(api, externalId="acme", gstin=gstin("27"))
    mills, asha = active_party(api, name="Mills", roles=["vendor"]), active_employee(api, externalId="E-7")
    at = now_of(api)
    api.update(f"parties/{acme['id']}", {"name": "Zeta", "externalId": "zeta", "gstin": None, "roles": ["vendor"]})
    api.update(f"parties/{mills['id']}", {"status": "archived"})
    api.update(f"employees/{asha['id']}", {"externalId": None, "status": "archived"})

    for params in ({"role": "client"}, {"externalId": "acme"}, {"gstin": gstin("27")}, {"search": "acme"}):
        assert [each["id"] for each in api.read("parties", asOf=at, **params)] == [acme["id"]]
        assert api.read("parties", **params) == []
    assert [each["name"] for each in api.read("parties", asOf=at, sort="-name")] == ["Mills", "Acme Traders"]
    assert len(api.read("parties", asOf=at, status="active")) == 2
    assert [each["id"] for each in api.read("employees", asOf=at, externalId="E-7", status="active")] == [asha["id"]]
    assert api.read("employees", asOf=at, sort="name") == [asha]


def test_a_whole_number_is_looked_up_among_the_numbers_of_that_time(api):
    invoice = draft_invoice(api, invoiceNumber="INV/100")
    other = draft_invoice(api, invoiceNumber="INV/1001")
    at = now_of(api)
    api.update(f"invoices/{invoice['id']}", {"invoiceNumber": "SALE/100"})

    assert [each["id"] for each in api.read("invoices", asOf=at, search="INV/100")] == [invoice["id"]]
    assert [each["id"] for each in api.read("invoices", search="INV/100")] == [other["id"]]


def test_pages_follow_each_other_while_objects_change(api):
    made = [sent_invoice(api) for _ in range(5)]
    then, at, found = api.read("invoices"), now_of(api), []
    page = api.get("invoices", params={"asOf": at, "limit": 2}).json()
    while True:
        found += page["data"]
        void_invoice(api)
        api.update(f"invoices/{made[len(found) // 2]['id']}", {"notes": f"{len(found)}"})
        if page["pagination"]["nextUrl"] is None:
            break
        page = api.get(page["pagination"]["nextUrl"]).json()

    assert len(then) == 5 and found == then


def test_a_cursor_belongs_to_its_instant(api):
    for _ in range(3):
        draft_invoice(api)
    at = now_of(api)
    cursor = api.get("invoices", params={"asOf": at, "limit": 1}).json()["pagination"]["nextCursor"]
    present = api.get("invoices", params={"limit": 1}).json()["pagination"]["nextCursor"]
    others = (
        {"cursor": cursor},
        {"cursor": cursor, "asOf": later(at, microseconds=-1)},
        {"cursor": present, "asOf": at},
    )

    for params in others:
        error = error_of(api.get("invoices", params={"limit": 1, **params}), 400, "invalid_cursor")
        assert [each["code"] for each in error["details"]] == ["invalid_cursor"]


@pytest.mark.parametrize("text", ["2026-03-31", "yesterday", "2026-03-31T18:30:00"])
def test_what_is_no_instant_is_refused(api, text):
    error = error_of(api.get("invoices", params={"asOf": text}), 400, "invalid_parameter")
    assert [each["field"] for each in error["details"]] == ["asOf"]


def test_the_future_is_refused(api):
    response = api.get("bills", params={"asOf": later(datetime.now(UTC).isoformat(), days=1)})
    assert "in the future" in error_of(response, 400, "invalid_parameter")["message"]


def test_before_the_first_event_the_list_is_empty(api):
    draft_invoice(api)
    assert api.read("invoices", asOf="2020-01-01T00:00:00Z") == []


def test_other_lists_have_no_past(api):
    error = error_of(api.get("events", params={"asOf": "2026-01-01T00:00:00Z"}), 400, "unknown_parameter")
    assert error["details"][0]["field"] == "asOf"


def test_a_list_as_it_was_costs_one_credit(api):
    before = data_of(api.get("me"), 200)["credits"]["remaining"]
    api.get("invoices", params={"asOf": "2026-01-01T00:00:00Z"})
    assert data_of(api.get("me"), 200)["credits"]["remaining"] == before - 1
