"""What the settings say about webhooks. `serve` needs it, too, and must not load the HTTP client of the senders."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from contextlib import suppress

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

    It allows webhooks to loopback addresses only if the service itself listens on a loopback address.
    """
    host = settings.bind.rpartition(":")[0].strip("[]")
    with suppress(ValueError):
        return AddressGuard(settings.webhook_allow, ipaddress.ip_address(host).is_loopback)
    return AddressGuard(settings.webhook_allow, host == "localhost")
