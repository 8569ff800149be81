"""Which hosts a delivery may go to. Without this check, a webhook could reach services that only this machine can."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence

from domain.reading.webhook_url import Target
from infra.settings.networks import Network

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
"""Returns the addresses of a host and port. Raises OSError if the name is not known."""

_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv6 addresses that a gateway translates to the IPv4 address in their last 32 bits."""


class AddressRefused(Exception):
    """A delivery may not go to this host. The message is the end of a sentence that begins with `url`."""


class AddressGuard:
    """Decides which addresses may be called.

    `allowed` are networks of one's own that may be called, although they are not public. With `allows_loopback`, this
    machine itself may be called, also without TLS: this is for services that themselves listen on loopback only.
    """

    def __init__(self, allowed: Sequence[Network], allows_loopback: bool, resolve: Resolve | None = None) -> None:
        self._allowed, self._allows_loopback = allowed, allows_loopback
        self._resolve = resolve or resolve_host

    def resolve(self, target: Target) -> str:
        """Return the address to which a connection for this target must go.

        The name is resolved here, and only here: a connection that resolved it again could get another address. Raises
        AddressRefused if one of its addresses may not be called, and OSError if the name is not known.
        """
        addresses = [ipaddress.ip_address(each) for each in self._resolve(target.host, target.port)]
        for address in addresses:
            self._check(target, address)
        return str(addresses[0])

    def check(self, target: Target) -> None:
        """Raise AddressRefused if the target may not be called. A name that is not known yet is accepted."""
        try:
            self.resolve(target)
        except OSError:
            if target.scheme != "https":
                raise AddressRefused("must begin with https://") from None

    def _check(self, target: Target, address: IpAddress) -> None:
        is_loopback = _embedded(address).is_loopback
        if target.scheme != "https" and not (is_loopback and self._allows_loopback):
            raise AddressRefused("must begin with https://")
        if (is_loopback and self._allows_loopback) or any(address in network for network in self._allowed):
            return
        if not is_public(address):
            raise AddressRefused("must not lead to a private, local or reserved address")


def is_public(address: IpAddress) -> bool:
    """Return whether an address is one of the public internet, and so is the IPv4 address that it may contain."""
    if isinstance(address, ipaddress.IPv6Address) and (address.sixtofour or address.teredo or address.scope_id):
        return False
    inner = _embedded(address)
    is_special = inner.is_multicast or inner.is_reserved or getattr(inner, "is_site_local", False)
    return inner.is_global and not is_special


def resolve_host(host: str, port: int) -> list[str]:
    """Return the addresses of a host, in the order in which the system prefers them. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[4][0]) for address in found]


def _embedded(address: IpAddress) -> IpAddress:
    """Return the IPv4 address that an IPv6 address contains; the address itself if it contains none."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address
