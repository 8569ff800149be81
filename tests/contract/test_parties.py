"""`/parties`: clients and vendors, what a GSTIN says about them, and how they are found."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.cases import all_cases
from tests.support.client import data_of, error_of
from tests.support.organization import Organization
from tests.support.scenarios import active_party, party_body

GSTIN = "27AAPFU0939F1ZV"
OTHER_GSTIN = "29AAGCB7383J1Z4"
TAX = ("gstin", "pan", "stateCode", "gstTreatment")


def tax_of(party):
    return tuple(party[name] for name in TAX)


def wrong(response):
    error = error_of(response, 422, "validation_failed")
    return {each["field"]: each["message"] for each in error["details"]}


def test_a_new_party_is_active_with_location_and_etag(api):
    body = party_body(gstin=GSTIN, email="a@acme.example", phone="+91 98450 12345", address="12 MG Road\nPune")
    response = api.post("parties", json={**body, "externalId": "acme-1", "metadata": {"crm": "7"}})
    party = data_of(response, 201)

    assert response.headers["Location"].endswith(f"/api/v1/parties/{party['id']}")
    assert response.headers["ETag"] == '"1"'
    assert party == {
        **body,
        "id": party["id"],
        "status": "active",
        "externalId": "acme-1",
        "pan": "AAPFU0939F",
        "stateCode": "27",
        "gstTreatment": "registered",
        "metadata": {"crm": "7"},
        "createdAt": party["createdAt"],
        "updatedAt": party["createdAt"],
        "version": 1,
        "availableActions": ["update", "archive"],
    }
    assert party["id"].startswith("party_")
    assert api.read(f"parties/{party['id']}") == party
    assert api.read("parties") == [party]


def test_a_party_needs_only_a_name_and_a_role(api):
    party = active_party(api)

    assert tax_of(party) == (None, None, None, "unregistered")
    assert (party["email"], party["phone"], party["address"], party["externalId"]) == (None, None, None, None)
    assert set(wrong(api.post("parties", json={}))) == {"name", "roles"}


@all_cases(
    ("fields", "tax"),
    [
        ({"gstin": GSTIN}, (GSTIN, "AAPFU0939F", "27", "registered")),
        ({"gstin": GSTIN, "pan": "AAPFU0939F", "stateCode": "27"}, (GSTIN, "AAPFU0939F", "27", "registered")),
        ({"gstin": GSTIN, "gstTreatment": "sez"}, (GSTIN, "AAPFU0939F", "27", "sez")),
        ({"pan": "AAPFU0939F", "stateCode": "07"}, (None, "AAPFU0939F", "07", "unregistered")),
        ({"gstTreatment": "consumer", "stateCode": "33"}, (None, None, "33", "consumer")),
        ({"gstTreatment": "overseas"}, (None, None, "96", "overseas")),
        ({"gstTreatment": "overseas", "stateCode": "96"}, (None, None, "96", "overseas")),
        ({"gstin": None, "stateCode": None}, (None, None, None, "unregistered")),
    ],
)
def test_a_gstin_gives_the_state_and_the_pan_and_the_treatment_follows(api, fields, tax):
    assert tax_of(data_of(api.post("parties", json={**party_body(), **fields}), 201)) == tax


@all_cases(
    ("fields", "field"),
    [
        ({"gstin": "27AAPFU0939F1ZO"}, "gstin"),
        ({"gstin": "27AAPFU0939F1Z"}, "gstin"),
        ({"gstin": "72AAPFU0939F1ZV"}, "gstin"),
        ({"gstin": 27}, "gstin"),
        ({"gstin": GSTIN, "stateCode": "29"}, "stateCode"),
        ({"gstin": GSTIN, "pan": "ACUPA7085R"}, "pan"),
        ({"gstin": GSTIN, "gstTreatment": "unregistered"}, "gstTreatment"),
        ({"gstin": GSTIN, "gstTreatment": "overseas"}, "gstTreatment"),
        ({"gstTreatment": "registered"}, "gstTreatment"),
        ({"gstTreatment": "composition", "stateCode": "27"}, "gstTreatment"),
        ({"gstTreatment": "overseas", "stateCode": "27"}, "stateCode"),
        ({"stateCode": "96"}, "stateCode"),
        ({"stateCode": "39"}, "stateCode"),
        ({"stateCode": "Maharashtra"}, "stateCode"),
        ({"pan": "234123412347"}, "pan"),
        ({"email": "acme"}, "email"),
        ({"phone": "call me"}, "phone"),
        ({"address": "x" * 501}, "address"),
        ({"externalId": "a b"}, "externalId"),
        ({"externalId": "party_01KEXAMPLE0000000000000000"}, "externalId"),
        ({"roles": []}, "roles"),
        ({"roles": ["client", "friend"]}, "roles[1]"),
        ({"roles": "client"}, "roles"),
        ({"name": ""}, "name"),
        ({"status": "archived"}, "status"),
    ],
)
def test_what_cannot_be_is_refused_on_its_field(api, fields, field):
    response = api.post("parties", json={**party_body(), **fields})

    assert response.status_code == 422
    assert [each["field"] for each in response.json()["error"]["details"]] == [field]


def test_fields_can_be_changed_and_cleared(api):
    party = active_party(api, gstin=GSTIN, email="a@acme.example", externalId="acme-2")
    changed = api.update(f"parties/{party['id']}", {"roles": ["vendor", "client"], "email": None, "name": "Acme"})

    assert (changed["roles"], changed["email"], changed["name"]) == (["client", "vendor"], None, "Acme")
    assert tax_of(changed) == tax_of(party)
    assert changed["version"] == 2
    assert api.read(f"parties/{party['id']}", version=1) == party


@all_cases(
    ("before", "change", "after"),
    [
        ({}, {"gstin": GSTIN}, (GSTIN, "AAPFU0939F", "27", "registered")),
        ({"stateCode": "29"}, {"gstin": GSTIN}, (GSTIN, "AAPFU0939F", "27", "registered")),
        ({"gstin": GSTIN}, {"gstin": OTHER_GSTIN}, (OTHER_GSTIN, "AAGCB7383J", "29", "registered")),
        ({"gstin": GSTIN}, {"gstin": None}, (None, "AAPFU0939F", "27", "unregistered")),
        ({"gstin": GSTIN, "gstTreatment": "sez"}, {"gstin": OTHER_GSTIN}, (OTHER_GSTIN, "AAGCB7383J", "29", "sez")),
        ({"gstin": GSTIN}, {"gstTreatment": None}, (GSTIN, "AAPFU0939F", "27", "registered")),
        ({"stateCode": "29"}, {"gstTreatment": "overseas"}, (None, None, "96", "overseas")),
        ({"gstTreatment": "overseas"}, {"gstTreatment": "consumer"}, (None, None, None, "consumer")),
    ],
)
def test_a_change_of_the_gstin_or_the_treatment_takes_the_others_along(api, before, change, after):
    party = active_party(api, **before)

    assert tax_of(api.update(f"parties/{party['id']}", change)) == after


@all_cases(
    ("change", "field"),
    [
        ({"stateCode": "29"}, "stateCode"),
        ({"pan": "ACUPA7085R"}, "pan"),
        ({"gstTreatment": "consumer"}, "gstTreatment"),
        ({"name": None}, "name"),
        ({"roles": None}, "roles"),
    ],
)
def test_a_change_that_contradicts_the_gstin_is_refused(api, change, field):
    party = active_party(api, gstin=GSTIN)

    assert set(wrong(api.patch(f"parties/{party['id']}", json=change))) == {field}
    assert api.read(f"parties/{party['id']}") == party


def test_the_treatment_that_needs_a_gstin_does_not_stay_without_one(api):
    party = active_party(api, gstin=GSTIN, gstTreatment="sez")

    assert "gstTreatment" in wrong(api.patch(f"parties/{party['id']}", json={"gstin": None}))
    both = {"gstin": None, "gstTreatment": "unregistered"}
    assert tax_of(api.update(f"parties/{party['id']}", both)) == (None, "AAPFU0939F", "27", "unregistered")


def test_a_party_is_archived_and_active_again(api):
    party = active_party(api)
    archived = api.update(f"parties/{party['id']}", {"status": "archived"})
    active = api.update(f"parties/{party['id']}", {"status": "active", "name": "Acme Traders LLP"})

    assert (archived["status"], archived["availableActions"]) == ("archived", ["update", "activate"])
    assert (active["status"], active["name"], active["version"]) == ("active", "Acme Traders LLP", 3)
    assert [event["type"] for event in api.read(f"parties/{party['id']}/events")] == [
        "party.created",
        "party.archived",
        "party.updated",
    ]


@all_cases("change", [{"status": "active"}, {"roles": ["client"]}, {"name": "Acme Traders"}, {"gstin": None}, {}])
def test_a_change_to_the_same_records_no_event(api, change):
    party = active_party(api)

    assert api.update(f"parties/{party['id']}", change) == party


def test_an_external_id_belongs_to_one_party(api):
    first = active_party(api, externalId="acme-3")
    other = active_party(api, externalId="acme-4")

    for response in (
        api.post("parties", json=party_body(externalId="acme-3")),
        api.patch(f"parties/{other['id']}", json={"externalId": "acme-3"}),
    ):
        error = error_of(response, 409, "duplicate_external_id")
        assert error["conflictingId"] == first["id"]
        assert "acme-3" in error["message"]
    api.update(f"parties/{first['id']}", {"externalId": None})
    assert api.update(f"parties/{other['id']}", {"externalId": "acme-3"})["externalId"] == "acme-3"


def test_of_parties_that_are_added_at_once_one_gets_the_external_id(api):
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: api.post("parties", json=party_body(externalId="race")), range(8)))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert len(api.read("parties", externalId="race")) == 1


def test_two_organizations_may_have_the_same_external_id(api, other_organization):
    active_party(api, externalId="same")

    assert active_party(other_organization.api(), externalId="same")["externalId"] == "same"


def test_a_repeated_request_adds_one_party(api):
    headers = {"Idempotency-Key": "party-1"}
    first, second = (api.post("parties", json=party_body(), headers=headers) for _ in range(2))

    assert data_of(first, 201) == data_of(second, 201)
    assert len(api.read("parties")) == 1


def test_a_stale_etag_is_refused(api):
    party = active_party(api)
    api.update(f"parties/{party['id']}", {"name": "Acme"})

    response = api.patch(f"parties/{party['id']}", json={"name": "Ac"}, headers={"If-Match": '"1"'})
    error_of(response, 412, "precondition_failed")


@pytest.fixture(scope="module")
def parties(service, owner):
    organization = Organization(service.url, owner)
    api = organization.api()
    made = {
        "acme": active_party(api, name="acme traders", gstin=GSTIN, externalId="acme", metadata={"tier": "gold"}),
        "mills": active_party(api, name="Mills & Sons", roles=["vendor"], email="mills@example.in"),
        "zeta": active_party(api, name="Zeta", roles=["client", "vendor"], gstin=OTHER_GSTIN),
        "beta": active_party(api, name="Beta", phone="+91 98450 12345"),
    }
    made["beta"] = api.update(f"parties/{made['beta']['id']}", {"status": "archived"})
    yield api, made
    organization.close()


@all_cases(
    ("query", "found"),
    [
        ("", "beta zeta mills acme"),
        ("sort=createdAt", "acme mills zeta beta"),
        ("sort=name", "acme beta mills zeta"),
        ("sort=-name", "zeta mills beta acme"),
        ("sort=-updatedAt", "beta zeta mills acme"),
        ("role=client", "beta zeta acme"),
        ("role=vendor", "zeta mills"),
        ("role=vendor&sort=name&limit=1", "mills"),
        ("status=active", "zeta mills acme"),
        ("status=archived", "beta"),
        ("status=active,archived", "beta zeta mills acme"),
        ("externalId=acme", "acme"),
        ("externalId=Acme", ""),
        (f"gstin={GSTIN}", "acme"),
        ("search=traders", "acme"),
        ("search=mi", "mills"),
        ("search=29aagcb", "zeta"),
        ("search=98450", "beta"),
        ("search=mills@example", "mills"),
        ("metadata[tier]=gold", "acme"),
        ("updatedSince=2099-01-01T00:00:00Z", ""),
    ],
)
def test_the_list_is_filtered_and_sorted(parties, query, found):
    api, made = parties

    assert [each["id"] for each in data_of(api.get(f"parties?{query}"), 200)] == [
        made[name]["id"] for name in found.split()
    ]


def test_a_list_in_the_order_of_names_goes_on_over_pages(parties):
    api, _ = parties
    names, url = [], "parties?sort=name&limit=1"
    while url:
        page = api.get(url).json()
        names += [each["name"] for each in page["data"]]
        cursor = page["pagination"]["nextCursor"]
        url = cursor and f"parties?sort=name&limit=1&cursor={cursor}"

    assert names == ["acme traders", "Beta", "Mills & Sons", "Zeta"]


@all_cases("query", ["role=friend", "role=client,vendor", "gstin=", "sort=roles", "clientId=x", "status=void"])
def test_a_wrong_parameter_is_refused(parties, query):
    api, _ = parties

    assert api.get(f"parties?{query}").status_code == 400


def test_parties_need_the_scopes_of_invoices(organization):
    leaves, reader = organization.api(["leaves:read", "leaves:write"]), organization.api(["billing:read"])

    assert error_of(leaves.get("parties"), 403, "insufficient_scope")["requiredScope"] == "billing:read"
    assert error_of(reader.post("parties", json=party_body()), 403, "insufficient_scope")
