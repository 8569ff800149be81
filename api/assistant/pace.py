"""Who asks: the address to which the pace of questions belongs."""

from __future__ import annotations

import ipaddress
import math

import falcon

from api.dependencies import Help
from api.errors import too_many_questions


def keep_pace(req: falcon.Request, help: Help) -> None:
    """Count the question. Raises ApiError 429 when the address has asked too fast."""
    seconds = help.pace.wait(address_of(req, help.address_header))
    if seconds > 0:
        raise too_many_questions(math.ceil(seconds))


def address_of(req: falcon.Request, header: str | None) -> str:
    """The caller's address; of IPv6 the network, since a household has a whole one.

    A header is believed only when the settings name it. A proxy adds to what its caller sent: its own word is the last.
    """
    told = (req.get_header(header) or "").rpartition(",")[2].strip() if header else ""
    for text in (told, req.remote_addr):
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            continue
        if isinstance(address, ipaddress.IPv6Address):
            return str(ipaddress.ip_network((address, 64), strict=False))
        return str(address)
    return "unknown"
