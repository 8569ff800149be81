"""`GET /organization`: what documents of the organization say of it, for any key, in both modes, and free."""

import pytest

from infra.identity.settings import update_organization
from tests.support.client import error_of
from tests.support.gst import gstin

PROFILE = {
    "legal_name": "Sharma Textiles Private Limited",
    "trade_name": "Sharma Sarees",
    "gstin": "27AAPFU0939F1ZV",
    "address": "12 MG Road\nPune 411001",
    "email": "accounts@sharma.example",
    "lut_number": "AD270326000001X",
    "composition": True,
    "annual_returns": {"2024-25": "2025-10-20"},
    "upi_id": "sharma@okhdfcbank",
    "bank_line": "HDFC Bank, 50200012345678, HDFC0000007",
}
EMPTY = dict.fromkeys(
    ("legalName", "tradeName", "gstin", "pan", "stateCode", "stateName", "address", "email", "lutNumber", "logo")
)


def test_without_a_profile_only_the_name_and_the_zone_are_known(api, organization):
    assert api.read("organization") == {
        "id": organization.id,
        "name": "Test Traders",
        "timeZone": "Asia/Kolkata",
        **EMPTY,
        "composition": False,
        "annualReturns": {},
    }


def test_any_key_sees_the_profile_but_not_what_leads_to_payments(organization, owner):
    update_organization(owner, organization.id, **PROFILE)
    for scopes in (["billing:read"], ["leaves:read"], ["billing:write", "leaves:write"]):
        assert organization.api(scopes).read("organization") == {
            "id": organization.id,
            "name": "Test Traders",
            "timeZone": "Asia/Kolkata",
            "legalName": "Sharma Textiles Private Limited",
            "tradeName": "Sharma Sarees",
            "gstin": "27AAPFU0939F1ZV",
            "pan": "AAPFU0939F",
            "stateCode": "27",
            "stateName": "Maharashtra",
            "address": "12 MG Road\nPune 411001",
            "email": "accounts@sharma.example",
            "lutNumber": "AD270326000001X",
            "composition": True,
            "logo": None,
            "annualReturns": {"2024-25": "2025-10-20"},
        }


def test_no_response_of_the_api_has_the_upi_id_or_the_bank_line(api, organization, owner):
    update_organization(owner, organization.id, **PROFILE)
    for path in ("organization", "me", "events", "invoices"):
        text = api.get(path).text
        assert "okhdfcbank" not in text and "50200012345678" not in text


def test_in_test_mode_it_is_that_of_live_mode_with_the_id_of_the_test_organization(api, organization, sibling, owner):
    update_organization(owner, organization.id, **PROFILE)
    tester = sibling.api()
    assert tester.read("organization") == api.read("organization") | {"id": sibling.id}
    update_organization(owner, organization.id, gstin="", state_code="")
    assert (tester.read("organization")["gstin"], tester.read("organization")["stateName"]) == (None, None)


def test_it_costs_nothing_and_works_without_credit(organization):
    api = organization.api(limit=1)
    api.read("organization")
    assert api.read("me")["credits"]["used"] == 0
    api.read("invoices")
    error_of(api.get("invoices"), 429, "rate_limited")
    assert api.read("organization")["id"] == organization.id and api.read("me")["credits"]["used"] == 1


def test_another_organization_has_its_own(api, other_organization, organization, owner):
    update_organization(owner, organization.id, **PROFILE)
    assert other_organization.api().read("organization")["gstin"] is None


def test_it_takes_no_parameters_and_no_other_method(api):
    error_of(api.get("organization", params={"x": "1"}), 400, "unknown_parameter")
    for method in ("POST", "PATCH", "PUT", "DELETE"):
        error_of(api.request(method, "organization", json={"gstin": ""}), 405, "method_not_allowed")


@pytest.mark.parametrize("code", ["38", "97", "25"])
def test_a_state_is_shown_with_its_name(api, organization, owner, code):
    update_organization(owner, organization.id, gstin=gstin(code))
    names = {"38": "Ladakh", "97": "Other Territory", "25": "Daman and Diu"}
    assert api.read("organization")["stateName"] == names[code]
