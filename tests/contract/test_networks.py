"""A key for some networks: who is refused, with what, and at no cost. The tests name addresses in a header."""

import ipaddress
import json
from contextlib import ExitStack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.reading.network import parse_networks
from infra.identity.keys import update_key
from tests.support.cases import all_cases
from tests.support.client import Api, data_of, error_of
from tests.support.console import ADDRESS_HEADER
from tests.support.organization import Organization, credit_rows
from tests.support.scenarios import invoice_body
from tests.support.waiting import run_at_once

OFFICE = ("203.0.113.0/24", "2001:db8::/32")
MESSAGE = (
    "This key may be used from some networks only, and this request came from {seen}. Send it from a network that the "
    "key allows, or ask the key's owner {add}: Settings → Developer, Edit."
)


@pytest.fixture
def key(organization, owner):
    """A key for the networks of the office."""
    new_key = organization.new_key()
    update_key(owner, new_key.row["id"], allowed_cidrs=OFFICE)
    return new_key


@pytest.fixture
def client(organization, key):
    with Api(organization.url, key.raw) as opened:
        yield opened


def at(address):
    return {ADDRESS_HEADER: address}


REQUESTS = {
    "a list": lambda client, headers: client.get("invoices", headers=headers),
    "an object": lambda client, headers: client.get("invoices/inv_none", headers=headers),
    "a write": lambda client, headers: client.post("invoices", json=invoice_body(), headers=headers),
    "a wrong write": lambda client, headers: client.post("invoices", json={}, headers=headers),
    "events": lambda client, headers: client.get("events", headers=headers),
    "the key itself": lambda client, headers: client.get("me", headers=headers),
    "usage": lambda client, headers: client.get("usage", headers=headers),
}


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
def test_a_request_from_elsewhere_is_refused_to_the_letter_and_costs_nothing(client, key, owner, request_):
    for _ in range(2):  # the first one is admitted in a trip of its own
        response = request_(client, at("198.51.100.7"))
        error = error_of(response, 403, "address_not_allowed")
        add = "to add 198.51.100.7"
        assert error["message"] == MESSAGE.format(seen="the address 198.51.100.7", add=add)
        assert error["address"] == "198.51.100.7" and error["details"] == []
        assert not [name for name in response.headers if "ratelimit" in name.lower()]
        data_of(client.get("me", headers=at("203.0.113.9")), 200)
    assert credit_rows(owner, key) == []


@all_cases(
    ("header", "seen"),
    [
        ("203.0.113.0", None),
        ("203.0.113.255", None),
        ("203.0.114.0", "203.0.114.0"),
        ("203.0.112.255", "203.0.112.255"),
        ("2001:db8:ffff::1", None),
        ("2001:DB8:0::1%eth0", None),
        ("2001:db9::", "2001:db9::"),
        ("::ffff:203.0.113.7", None),
        ("::ffff:203.0.114.7", "203.0.114.7"),
        ("fe80::1%eth0", "fe80::1"),
        ("203.0.113.7, 198.51.100.7", "198.51.100.7"),
        ("198.51.100.7, 203.0.113.7", None),
        ("203.0.113.7:4711", ""),
        ("203.0.113.7, unknown", ""),
        ("", ""),
        ("2" * 200, ""),
    ],
)
def test_the_address_is_the_last_one_that_the_proxy_sends(client, header, seen):
    response = client.get("me", headers=at(header))
    if seen is None:
        data_of(response, 200)
        return
    error = error_of(response, 403, "address_not_allowed")
    assert error["address"] == (seen or None)
    if not seen:
        words = {"seen": "an address that the service does not know", "add": "to allow every network"}
        assert error["message"] == MESSAGE.format(**words)


def test_without_the_header_the_connection_counts(client, key, owner):
    assert error_of(client.get("me"), 403, "address_not_allowed")["address"] == "127.0.0.1"
    update_key(owner, key.row["id"], allowed_cidrs=("127.0.0.0/8",))
    data_of(client.get("me"), 200)


def test_the_key_shows_its_networks_and_a_change_counts_at_once(client, key, owner):
    def shown():
        return data_of(client.get("me", headers=at("203.0.113.9")), 200)["key"]["allowedCidrs"]

    assert shown() == list(OFFICE)
    update_key(owner, key.row["id"], allowed_cidrs=("198.51.100.0/24",))
    assert client.get("me", headers=at("203.0.113.9")).status_code == 403
    update_key(owner, key.row["id"], allowed_cidrs=())
    assert shown() == []


def test_ai_clients_are_refused_too(client, organization):
    def call(method, address, **params):
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        headers = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18", **at(address)}
        return client.post(f"{organization.url}/mcp", json=body, headers=headers)

    tool = {"name": "getAccount", "arguments": {}}
    assert call("tools/list", "203.0.113.9").status_code == 200
    refused = call("tools/list", "198.51.100.7")
    assert (refused.status_code, refused.json()["error"]["data"]["code"]) == (403, "address_not_allowed")
    assert call("tools/call", "203.0.113.9", **tool).json()["result"]["isError"] is False
    result = call("tools/call", "198.51.100.7", **tool).json()["result"]
    assert result["isError"] is True
    assert json.loads(result["content"][0]["text"])["error"]["address"] == "198.51.100.7"


def test_of_64_racers_those_inside_pass_and_cost_and_the_others_do_neither(organization, key, owner):
    with ExitStack() as opened:
        clients = [opened.enter_context(Api(organization.url, key.raw)) for _ in range(64)]
        addresses = [at(f"203.0.{113 + number % 2}.{number}") for number in range(64)]
        statuses = run_at_once(64, lambda n: clients[n].get("invoices", headers=addresses[n]).status_code)
    assert statuses == [200, 403] * 32
    assert [seq for seq, _ in credit_rows(owner, key)] == list(range(1, 33))


ADDRESSES = st.ip_addresses(v=4) | st.ip_addresses(v=6)


@pytest.fixture(scope="module")
def prober(service, owner):
    """A key, and a function that says how a request with it from an address is answered."""
    key = Organization(service.url, owner).new_key()
    with Api(service.url, key.raw) as api:
        yield key, lambda address: api.get("me", headers=at(str(address)))


@st.composite
def places(draw):
    """An address, and up to four ranges. One of them may hold the address."""
    address = draw(ADDRESSES)
    ranges = []
    for each in draw(st.lists(ADDRESSES | st.just(address), max_size=4)):
        most = each.max_prefixlen
        prefix = draw(st.sampled_from([0, 1, most // 2, most - 1, most]) | st.integers(0, most))
        ranges.append(ipaddress.ip_network(f"{each}/{prefix}", strict=False))
    return address, ranges


@settings(max_examples=60)
@given(places())
def test_the_decision_is_that_of_ipaddress(prober, owner, place):
    (key, ask), (address, ranges) = prober, place
    networks = parse_networks(map(str, ranges))
    update_key(owner, key.row["id"], allowed_cidrs=networks)
    seen = getattr(address, "ipv4_mapped", None) or address
    inside = not networks or any(seen in ipaddress.ip_network(each) for each in networks)
    response = ask(address)
    assert response.status_code == (200 if inside else 403)
    assert inside or response.json()["error"]["address"] == str(seen)
