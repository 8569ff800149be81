"""Reads ranges of network addresses, such as `203.0.113.0/24` and `2001:db8::/32` (CIDR), and single addresses."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

from domain.reading import InvalidValue

NETWORK_HINT = "a range of IPv4 or IPv6 addresses, such as 203.0.113.0/24 or 2001:db8::/32, or one address"

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_SHAPE = re.compile(r"[0-9A-Fa-f:.]{2,45}(/[0-9]{1,3})?", re.ASCII)
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")


def parse_network(text: str) -> str:
    """Return a range in its canonical form. An address without a prefix is the range of this address alone.

    IPv4 addresses that are written as IPv6 ones (`::ffff:203.0.113.0/120`) become IPv4 addresses, as those of clients
    do. Raises InvalidValue, also for a netmask, for a zone (`fe80::1%eth0`), and if the address has bits behind the
    prefix: then it is not clear whether the range or the address is meant.
    """
    try:
        if not _SHAPE.fullmatch(text):
            raise ValueError
        interface = ipaddress.ip_interface(text)
    except ValueError:
        raise InvalidValue(f"must be {NETWORK_HINT}") from None
    if interface.ip != interface.network.network_address:
        whole = interface.network
        raise InvalidValue(f"must be {whole} for all addresses of this range, or {interface.ip} for one address")
    return str(_unmapped(interface.network))


def parse_networks(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the ranges in their canonical form, each once, in the order of their addresses, IPv4 first.

    Raises InvalidValue if one of them is wrong; the message names it.
    """
    networks = set()
    for text in texts:
        try:
            networks.add(ipaddress.ip_network(parse_network(text)))
        except InvalidValue as error:
            raise InvalidValue(f"{error}, not {text[:60]!r}") from None
    return tuple(map(str, sorted(networks, key=_order)))


def is_within(inner: str, outer: str) -> bool:
    """Return whether all addresses of a range are in another one. Both are in their canonical form."""
    one, other = ipaddress.ip_network(inner), ipaddress.ip_network(outer)
    return one.version == other.version and one.prefixlen >= other.prefixlen and one.network_address in other


def _unmapped(network: Network) -> Network:
    if isinstance(network, ipaddress.IPv6Network) and network.subnet_of(_MAPPED):
        address = int(network.network_address) & 0xFFFF_FFFF
        return ipaddress.IPv4Network((address, network.prefixlen - _MAPPED.prefixlen))
    return network


def _order(network: Network) -> tuple[int, int, int]:
    return network.version, int(network.network_address), network.prefixlen
