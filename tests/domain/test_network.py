"""Ranges of addresses are read as Python's `ipaddress` reads them, and written in one form."""

import ipaddress
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.reading import InvalidValue
from domain.reading.network import parse_network, parse_networks

VERSIONS = st.sampled_from([(4, 32), (6, 128)])


@st.composite
def networks(draw):
    """Any range, from all addresses to a single one."""
    version, bits = draw(VERSIONS)
    prefix = draw(st.integers(0, bits))
    address = draw(st.integers(0, 2**bits - 1)) >> (bits - prefix) << (bits - prefix)
    return ipaddress.IPv4Network((address, prefix)) if version == 4 else ipaddress.IPv6Network((address, prefix))


@given(networks())
@example(ipaddress.ip_network("0.0.0.0/0"))
@example(ipaddress.ip_network("::/0"))
@example(ipaddress.ip_network("255.255.255.255/32"))
@example(ipaddress.ip_network("::1/128"))
def test_each_way_to_write_a_range_gives_the_same(network):
    plain = str(network) if network.version == 4 or not _is_mapped(network) else str(_mapped(network))
    written = {str(network), network.exploded, str(network).upper()}
    if network.num_addresses == 1:
        written.add(str(network.network_address))
    assert {parse_network(text) for text in written} == {plain}
    assert parse_network(plain) == plain


@given(st.ip_addresses(v=4), st.integers(0, 32))
def test_an_ipv4_range_in_ipv6_form_is_the_ipv4_range(address, prefix):
    network = ipaddress.ip_network(f"{address}/{prefix}", strict=False)
    assert parse_network(f"::ffff:{network.network_address}/{96 + prefix}") == str(network)


@given(st.ip_addresses(), st.integers(0, 128))
def test_bits_behind_the_prefix_are_refused_and_both_meanings_named(address, prefix):
    prefix = min(prefix, address.max_prefixlen)
    network = ipaddress.ip_network(f"{address}/{prefix}", strict=False)
    if address == network.network_address:
        return
    with pytest.raises(InvalidValue) as refused:
        parse_network(f"{address}/{prefix}")
    assert str(refused.value) == f"must be {network} for all addresses of this range, or {address} for one address"


@given(st.text(max_size=60) | st.from_regex(r"\A[0-9a-f:./%]{1,50}\Z"))
@example("fe80::1%eth0")
@example("fe80::%1/64")
@example("10.0.0.0/255.0.0.0")
@example("10.0.0.0/0.255.255.255")
@example("10.0.0.0/33")
@example("::/129")
@example("10.0.0.0/-1")
@example("010.0.0.0/8")
@example("10.0.0/8")
@example("१०.0.0.0/8")
@example("10.0.0.0/8\n")
@example(" 10.0.0.0/8")
@example("")
@example("/8")
@example("::ffff:1.2.3.4.5")
def test_nothing_is_accepted_that_is_no_range_for_ipaddress(text):
    try:
        network = parse_network(text)
    except InvalidValue:
        return
    known = ipaddress.ip_network(text)  # raises ValueError for what is none
    assert "%" not in text and "/" in network
    assert network == str(_mapped(known) if _is_mapped(known) else known)


@given(st.lists(networks(), max_size=8))
def test_ranges_are_kept_once_and_in_order(ranges):
    texts = [str(each) for each in ranges]
    read = parse_networks([*texts, *texts[::-1]])
    assert read == parse_networks(read) and len(set(read)) == len(read)
    versions = [ipaddress.ip_network(each).version for each in read]
    assert versions == sorted(versions) and set(read) == {parse_network(each) for each in texts}


def test_a_wrong_range_among_others_is_named():
    with pytest.raises(InvalidValue, match=re.escape("2001:db8::/32, or one address, not '10.0.0.0/40'")):
        parse_networks(["10.0.0.0/8", "10.0.0.0/40"])


def _is_mapped(network):
    return network.version == 6 and network.subnet_of(ipaddress.ip_network("::ffff:0:0/96"))


def _mapped(network):
    return ipaddress.IPv4Network((int(network.network_address) & 0xFFFFFFFF, network.prefixlen - 96))
