"""Test mode: keys that begin with `sd_test_` act on a log of their own of the same organization."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from domain.errors import Conflict, NotFound
from infra.audit.chain_check import verify_part
from infra.identity.keys import rotate_key
from infra.identity.organizations import get_test_organization, list_organizations
from infra.identity.users import create_user
from infra.postgres.database import connect_as_table_owner
from tests.support.client import Api, error_of
from tests.support.scenarios import draft_invoice


@pytest.fixture
def tester(sibling):
    """A client with a key of test mode."""
    return sibling.api()


def test_a_key_of_test_mode_has_a_prefix_and_a_checksum_of_its_own(tester, organization):
    assert re.fullmatch("sd_test_[0-9A-Za-z]{36}", tester.key)
    for key in (tester.key.replace("test", "live"), organization.api().key.replace("live", "test")):
        with Api(organization.url, key) as changed:
            assert "mistyped" in error_of(changed.get("me"), 401, "invalid_api_key")["message"]


def test_me_and_events_say_the_mode(api, tester):
    for client, livemode in ((api, True), (tester, False)):
        draft_invoice(client)
        assert client.read("me")["livemode"] is livemode
        assert [event["livemode"] for event in client.read("events")] == [livemode]


def test_the_modes_have_logs_numbers_and_credits_of_their_own(api, tester):
    number = draft_invoice(api)["invoiceNumber"]
    assert draft_invoice(tester)["invoiceNumber"] == number
    assert tester.read("events")[0]["position"] == 2  # after the event of the key
    assert len(api.read("invoices")) == len(tester.read("invoices")) == 1
    assert tester.read("me")["credits"]["used"] == 3
    assert tester.read("me")["organization"]["name"] == api.read("me")["organization"]["name"]


def test_a_rotated_key_stays_in_its_mode(tester, owner):
    assert rotate_key(owner, tester.read("me")["key"]["id"], timedelta(hours=1)).raw.startswith("sd_test_")


def test_the_sibling_is_made_once_by_the_first_of_several_callers(organization, owner, shared_database):
    def find(_):
        with connect_as_table_owner(shared_database) as conn:
            return get_test_organization(conn, organization.id)

    with ThreadPoolExecutor(8) as threads:
        (made,) = set(threads.map(find, range(8)))
    assert get_test_organization(owner, made) == made
    assert [each.test_organization for each in list_organizations(owner) if each.id == organization.id] == [made]
    assert made not in [each.id for each in list_organizations(owner)]


def test_there_is_no_sibling_of_an_unknown_organization(owner):
    with pytest.raises(NotFound):
        get_test_organization(owner, "org_" + "0" * 26)


def test_the_chain_of_a_test_log_is_intact(tester, sibling, pool):
    draft_invoice(tester)
    proof = verify_part(pool, sibling.id)
    assert (proof.position, proof.broken_at) == (2, None)


def test_a_test_organization_has_no_users_of_its_own(organization, owner):
    with pytest.raises(Conflict, match="live organization"):
        create_user(owner, get_test_organization(owner, organization.id), "asha@example.in", "owner")
