"""What the settings say about webhooks. `serve` needs it, too, and must not load the HTTP client of the senders."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import urlsplit

from infra.settings import Settings
from infra.settings.secret_keys import read_or_create_keys
from infra.webhooks.addresses import AddressGuard


def secret_keys(settings: Settings) -> Sequence[str]:
    """Return the keys for secrets of webhooks: those of the settings, or those of the file in the data folder.

    Raises OSError if the file cannot be read or created, and InvalidValue if it holds no valid keys.
    """
    return settings.secret_key or read_or_create_keys(settings.data)


def address_guard(settings: Settings) -> AddressGuard:
    """Return the guard that allows the networks of the settings.

    It allows webhooks to loopback addresses, also without TLS, if these networks contain one, or if only people on this
    machine use the service: it listens on a loopback address, and nothing says that a proxy makes it public, or that
    strangers sign up.
    """
    has_public_url = settings.public_url is not None and not _is_loopback(urlsplit(settings.public_url).hostname or "")
    is_public = has_public_url or settings.address_header is not None or settings.signup == "open"
    is_local = _is_loopback(settings.bind.rpartition(":")[0].strip("[]"))
    is_allowed = any(network.is_loopback for network in settings.webhook_allow)
    return AddressGuard(settings.webhook_allow, is_allowed or (is_local and not is_public))


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"
