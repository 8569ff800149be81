"""`privacy` knows parties and employees: they are held as long as their documents and leaves, and go with them."""

import pytest

from infra.log.proofs.chain import PERSONAL_FORMAT
from infra.postgres.database import connect_as_table_owner
from tests.support.command_line import environment, run
from tests.support.formats import begin_in_format
from tests.support.organization import Organization
from tests.support.postgres import database_settings
from tests.support.privacy import NAME, Privacy
from tests.support.scenarios import active_employee, active_party, bill_body, draft_invoice, pending_leave
from tests.support.service import Service

FIELDS = {
    "name": NAME,
    "gstin": "27AAPFU0939F1ZV",
    "email": "zebulon@quagga.example",
    "phone": "+91 98450 12345",
    "address": f"{NAME}\n12 MG Road",
    "metadata": {"contact": NAME},
}
GONE = dict.fromkeys(["name", "gstin", "pan", "email", "phone", "address", "metadata"])


@pytest.fixture(scope="module")
def running(new_database):
    conninfo = new_database()
    with Service(conninfo) as service, connect_as_table_owner(conninfo) as conn:
        yield service, conn, environment(**database_settings(conninfo))


@pytest.fixture
def known(running):
    service, conn, env = running
    organization = Organization(service.url, conn)
    begin_in_format(conn, organization.id, PERSONAL_FORMAT)
    yield organization.api(), Privacy(organization.id, env)
    organization.close()


def test_a_party_without_documents_is_erased_by_its_own_id_and_by_its_external_id(known):
    api, privacy = known
    first, other = active_party(api, externalId="zq-1", **FIELDS), active_party(api, externalId="zq-2", **FIELDS)
    api.update(f"parties/{first['id']}", {"status": "archived"})
    privacy.json("erase", "--party", first["id"], "--confirm", first["id"])
    privacy.json("erase", "--party", "zq-2", "--confirm", "zq-2")

    for party in (first, other):
        after = api.read(f"parties/{party['id']}")
        assert {name: after[name] for name in GONE} == GONE
        assert (after["erased"], after["externalId"], after["stateCode"]) == (True, party["externalId"], "27")
    assert api.read("parties", search="Quagga") == []
    assert api.read("parties", gstin=FIELDS["gstin"]) == []
    assert NAME not in api.get(f"parties/{first['id']}/events").text
    run("projections", "verify", "parties", env=dict(privacy.env))


def test_an_erased_party_can_still_be_changed(known):
    api, privacy = known
    party = active_party(api, **FIELDS)
    privacy.json("erase", "--party", party["id"], "--confirm", party["id"])

    assert api.update(f"parties/{party['id']}", {"roles": ["vendor"], "status": "archived"})["status"] == "archived"


def test_a_party_is_kept_as_long_as_a_document_that_names_it(known):
    api, privacy = known
    party = active_party(api, externalId="zq-3", **FIELDS)
    by_id, by_external_id = (draft_invoice(api, clientId=id, clientName=NAME) for id in (party["id"], "zq-3"))
    api.update(f"invoices/{by_external_id['id']}", {"status": "sent"})

    for id in (party["id"], "zq-3"):
        held = {each["id"]: (each["goes"], each["keptUntil"]) for each in privacy.json("list", "--party", id)}
        assert held == {
            by_id["id"]: (True, None),
            by_external_id["id"]: (False, "2034-03-31"),
            party["id"]: (False, "2034-03-31"),
        }
    privacy.json("erase", "--party", party["id"], "--confirm", party["id"])
    assert api.read(f"parties/{party['id']}") == party
    assert api.read(f"invoices/{by_id['id']}")["clientName"] is None


def test_documents_are_found_by_every_external_id_that_the_party_has_had(known):
    api, privacy = known
    party = active_party(api, externalId="zq-old", **FIELDS)
    draft, sent = (draft_invoice(api, clientId="zq-old", clientName=NAME) for _ in range(2))
    api.update(f"invoices/{sent['id']}", {"status": "sent"})
    api.update(f"parties/{party['id']}", {"externalId": "zq-between"})
    api.update(f"parties/{party['id']}", {"externalId": "zq-new"})
    bill = api.create("bills", bill_body(vendorId="zq-new", vendorName=NAME))

    for id in (party["id"], "zq-old", "zq-between", "zq-new"):
        held = {each["id"]: (each["goes"], each["keptUntil"]) for each in privacy.json("list", "--party", id)}
        assert held == {
            draft["id"]: (True, None),
            bill["id"]: (True, None),
            sent["id"]: (False, "2034-03-31"),
            party["id"]: (False, "2034-03-31"),
        }
    privacy.json("erase", "--party", "zq-between", "--confirm", "zq-between")
    assert api.read(f"parties/{party['id']}")["name"] == NAME
    assert api.read(f"invoices/{draft['id']}")["clientName"] is None


def test_an_external_id_that_another_party_has_now_means_the_other_one(known):
    api, privacy = known
    party, other = active_party(api, externalId="zq-5", **FIELDS), active_party(api, name="Other")
    api.update(f"parties/{party['id']}", {"externalId": "zq-6"})
    api.update(f"parties/{other['id']}", {"externalId": "zq-5"})
    draft = draft_invoice(api, clientId="zq-5", clientName="Other")

    held = {id: {each["id"] for each in privacy.json("list", "--party", id)} for id in (party["id"], "zq-5", "zq-6")}
    assert held == {party["id"]: {party["id"]}, "zq-6": {party["id"]}, "zq-5": {other["id"], draft["id"]}}


def test_an_export_for_the_person_has_the_party(known, tmp_path):
    api, privacy = known
    party = active_party(api, **FIELDS)
    privacy.run("export", "--party", party["id"], "--out", str(tmp_path / "copy.json"))

    assert NAME in (tmp_path / "copy.json").read_text(encoding="utf-8")


def test_leaves_are_found_by_every_external_id_that_the_employee_has_had(known):
    api, privacy = known
    employee = active_employee(api, name=NAME, externalId="emp-old", joinedOn="2015-04-01")
    leave = pending_leave(api, employeeId="emp-old", employeeName=NAME)
    api.update(f"employees/{employee['id']}", {"externalId": "emp-new"})

    for id in (employee["id"], "emp-old", "emp-new"):
        assert {each["id"] for each in privacy.json("list", "--employee", id)} == {employee["id"], leave["id"]}


def test_the_day_on_which_an_employee_has_left_decides_if_no_other_is_given(known):
    api, privacy = known
    employee = active_employee(api, name=NAME, email="z@quagga.example", externalId="emp-9", joinedOn="2015-04-01")
    first = pending_leave(api, employeeId=employee["id"], employeeName=NAME)
    api.update(f"leaves/{first['id']}", {"status": "denied"})
    leaves = [first, pending_leave(api, employeeId="emp-9", employeeName=NAME)]
    every = {employee["id"], *(leave["id"] for leave in leaves)}

    listed = privacy.json("list", "--employee", "emp-9")
    assert {each["id"] for each in listed if not each["goes"]} == every
    api.update(f"employees/{employee['id']}", {"leftOn": "2020-01-31"})
    listed = privacy.json("list", "--employee", employee["id"])
    assert {each["id"]: (each["goes"], each["keptUntil"]) for each in listed} == dict.fromkeys(
        every, (True, "2023-01-31")
    )
    privacy.json("erase", "--employee", "emp-9", "--confirm", "emp-9")
    after = api.read(f"employees/{employee['id']}")
    assert (after["name"], after["email"], after["leftOn"], after["erased"]) == (None, None, "2020-01-31", True)
    assert api.read("employees", search="Quagga") == []
    run("projections", "verify", "employees", env=dict(privacy.env))
