"""Invoices and bills that name a party: it must exist, be active and have the role; its name is taken."""

import pytest

from tests.support.cases import all_cases
from tests.support.client import error_of
from tests.support.scenarios import active_party, bill_body, invoice_body

UNKNOWN = "party_01KEXAMPLE0000000000000000"
DOCUMENTS = {"invoices": (invoice_body, "client"), "bills": (bill_body, "vendor")}


def refusal(response, field):
    error = error_of(response, 422, "validation_failed")
    (detail,) = error["details"]
    assert detail["field"] == field
    return detail["message"]


@all_cases("collection", DOCUMENTS)
def test_a_document_takes_the_name_of_its_party(api, collection):
    make, role = DOCUMENTS[collection]
    party = active_party(api, roles=[role], name="Zeta")
    names = {f"{role}Id": party["id"], f"{role}Name": None}
    document = api.create(collection, make(**names))

    assert (document[f"{role}Id"], document[f"{role}Name"]) == (party["id"], "Zeta")
    assert api.create(collection, make(**{**names, f"{role}Name": "Z"}))[f"{role}Name"] == "Z"


@all_cases("collection", DOCUMENTS)
def test_an_id_in_our_form_must_name_a_party(api, other_organization, collection):
    make, role = DOCUMENTS[collection]
    foreign = active_party(other_organization.api(), roles=[role])

    for id in (UNKNOWN, foreign["id"]):
        assert "there is no such party" in refusal(api.post(collection, json=make(**{f"{role}Id": id})), f"{role}Id")
    assert api.create(collection, make(**{f"{role}Id": "party_7"}))[f"{role}Id"] == "party_7"


@all_cases("collection", DOCUMENTS)
def test_the_party_must_have_the_role_and_be_active(api, collection):
    make, role = DOCUMENTS[collection]
    other = {"client": "vendor", "vendor": "client"}[role]
    party = active_party(api, roles=[other])
    body = make(**{f"{role}Id": party["id"]})

    assert f"add {role} to its roles first" in refusal(api.post(collection, json=body), f"{role}Id")
    api.update(f"parties/{party['id']}", {"roles": ["client", "vendor"], "status": "archived"})
    assert "set its status to active first" in refusal(api.post(collection, json=body), f"{role}Id")
    api.update(f"parties/{party['id']}", {"status": "active"})
    assert api.create(collection, body)[f"{role}Id"] == party["id"]


@pytest.mark.parametrize("collection", DOCUMENTS)
def test_a_document_goes_on_with_its_party_when_that_is_archived(api, collection):
    make, role = DOCUMENTS[collection]
    party = active_party(api, roles=[role])
    document = api.create(collection, make(**{f"{role}Id": party["id"]}))
    path = f"{collection}/{document['id']}"
    api.update(f"parties/{party['id']}", {"status": "archived"})

    assert api.update(path, {"notes": "Soon"})["notes"] == "Soon"
    assert api.update(path, {f"{role}Id": party["id"]})["version"] == 2  # sent back as it was
    issued = {"client": "sent", "vendor": "open"}[role]
    assert api.update(path, {"status": issued})["status"] == issued


def test_a_draft_moves_to_another_party_with_its_name(api):
    first, second = active_party(api, name="First"), active_party(api, name="Second")
    invoice = api.create("invoices", invoice_body(clientId=first["id"], clientName=None))
    path = f"invoices/{invoice['id']}"

    moved = api.update(path, {"clientId": second["id"]})
    assert (moved["clientId"], moved["clientName"]) == (second["id"], "Second")
    assert "there is no such party" in refusal(api.patch(path, json={"clientId": UNKNOWN}), "clientId")
