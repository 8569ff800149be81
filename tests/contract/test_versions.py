"""ETag, If-None-Match and If-Match: no needless transfer, and no lost update."""

import pytest

from tests.support.cases import all_cases
from tests.support.client import data_of, error_of
from tests.support.scenarios import BODIES, MAKERS, draft_invoice, pay_invoice, sent_invoice
from tests.support.waiting import run_at_once

CHANGES = {"invoices": {"notes": "new"}, "bills": {"notes": "new"}, "leaves": {"status": "approved"}}


@pytest.fixture(params=MAKERS)
def collection(request):
    return request.param


@pytest.fixture
def changed(api, collection):
    """The path of an object at version 2."""
    path = f"{collection}/{MAKERS[collection](api)['id']}"
    api.update(path, {"status": {"invoices": "sent", "bills": "open", "leaves": "approved"}[collection]})
    return path


def test_the_etag_is_the_version_in_every_response(api, collection):
    response = api.post(collection, json=BODIES[collection]())
    path = f"{collection}/{response.json()['data']['id']}"
    patched = api.patch(path, json=CHANGES[collection])
    assert [response.headers["ETag"], patched.headers["ETag"], api.get(path).headers["ETag"]] == ['"1"', '"2"', '"2"']


@all_cases("known", ['"2"', 'W/"2"', '"1", "2"', '"7",W/"2"', "*"])
def test_a_known_version_is_answered_with_304(api, changed, known):
    response = api.get(changed, headers={"If-None-Match": known})
    assert (response.status_code, response.content, response.headers["ETag"]) == (304, b"", '"2"')


@all_cases("known", ['"1"', 'W/"3"', '"22"', '"1", "3"', "", "x"])
def test_an_unknown_version_is_answered_with_the_object(api, changed, known):
    response = api.get(changed, headers={"If-None-Match": known})
    assert data_of(response, 200)["version"] == 2


@pytest.mark.parametrize("known", ['"2"', "*", '"1", "2"', '"2","9"', ', "2" ,', 'W/"1", "2"'])
def test_a_write_with_the_current_version_is_accepted(api, changed, known):
    change = {"status": "cancelled"} if "leaves" in changed else {"notes": "new"}
    assert data_of(api.patch(changed, json=change, headers={"If-Match": known}), 200)["version"] == 3


OTHERS = ['"1"', '"3"', '"1", "3"', 'W/"2"', '"two"', '"22"', '"1,2"', '"02"', '"2.0"', '"*"', '""']


@all_cases("known", OTHERS)
def test_a_write_with_another_version_is_refused_and_changes_nothing(api, changed, known):
    before = api.read(changed)
    change = {"status": "cancelled"} if "leaves" in changed else {"notes": "new"}
    error_of(api.patch(changed, json=change, headers={"If-Match": known}), 412, "precondition_failed")
    assert api.read(changed) == before


@all_cases("known", ["", ",", "2", "W/2", "'2'", '"2', '2"', '"1" "2"', '"1"; "2"', '"2", *', "version=2", '"2 "'])
def test_an_if_match_that_is_not_an_etag_is_refused_with_the_right_form(api, changed, known):
    before = api.read(changed)
    change = {"status": "cancelled"} if "leaves" in changed else {"notes": "new"}
    error = error_of(api.patch(changed, json=change, headers={"If-Match": known}), 400, "invalid_parameter")
    assert [detail["field"] for detail in error["details"]] == ["If-Match"]
    assert api.read(changed) == before


@all_cases("known", ["2", '"1,2"', '"02"', '"2', '"2", *', '"1" "2"'])
def test_an_if_none_match_without_this_version_is_ignored(api, changed, known):
    assert api.get(changed, headers={"If-None-Match": known}).status_code == 200


def test_a_stale_version_is_refused_even_when_nothing_would_change(api, changed):
    error_of(api.patch(changed, json={}, headers={"If-Match": '"1"'}), 412, "precondition_failed")


def test_a_payment_on_another_version_is_refused(api):
    invoice = sent_invoice(api)
    payment = {"amount": "1.00", "paidOn": "2026-01-20"}
    path = f"invoices/{invoice['id']}/payments"
    error_of(api.post(path, json=payment, headers={"If-Match": '"1"'}), 412, "precondition_failed")
    assert data_of(api.post(path, json=payment, headers={"If-Match": '"2"'}), 201)["version"] == 3


def test_an_unknown_object_and_wrong_fields_come_before_the_version_and_the_rules_after_it(api):
    invoice, stale = sent_invoice(api), {"If-Match": '"1"'}
    error_of(api.patch("invoices/inv_0", json={"notes": "x"}, headers=stale), 404, "not_found")
    error_of(api.patch(f"invoices/{invoice['id']}", json={"colour": 1}, headers=stale), 422, "unknown_field")
    step = {"status": "draft"}
    error_of(api.patch(f"invoices/{invoice['id']}", json=step, headers=stale), 412, "precondition_failed")
    error_of(api.patch(f"invoices/{invoice['id']}", json=step, headers={"If-Match": '"2"'}), 409, "invalid_transition")


def test_simultaneous_changes_without_a_version_are_all_recorded(organization):
    invoice = draft_invoice(organization.api())
    clients = [organization.api() for _ in range(16)]
    path = f"invoices/{invoice['id']}"
    states = run_at_once(16, lambda number: clients[number].update(path, {"notes": f"note {number}"}))
    assert sorted(state["version"] for state in states) == list(range(2, 18))
    for number, state in enumerate(states):
        assert state["notes"] == f"note {number}"
        assert clients[0].read(path, version=state["version"]) == state


def test_simultaneous_payments_all_count(organization):
    invoice = sent_invoice(organization.api())
    clients = [organization.api() for _ in range(16)]
    states = run_at_once(16, lambda number: pay_invoice(clients[number], invoice, "1.00"))
    assert {state["amountPaid"] for state in states} == {f"{paid}.00" for paid in range(1, 17)}
    assert len(clients[0].read(f"invoices/{invoice['id']}")["payments"]) == 16
