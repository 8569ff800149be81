"""A virtual device with passkeys, in the browser of a test (DevTools protocol, WebAuthn)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from tests.support.console import SESSION, open_session


class Device:
    """A device that keeps passkeys, and verifies the person unless it is told otherwise."""

    def __init__(self, page: Any) -> None:
        self._tools = page.context.new_cdp_session(page)
        self._tools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        added = self._tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self._id = added["authenticatorId"]

    def passkeys(self) -> list[dict[str, Any]]:
        """Return the passkeys that the device keeps."""
        found: list[dict[str, Any]] = self._tools.send("WebAuthn.getCredentials", {"authenticatorId": self._id})[
            "credentials"
        ]
        return found

    def verify(self, *, succeeds: bool) -> None:
        """Let the person pass the check of the device, or fail it."""
        self._tools.send("WebAuthn.setUserVerified", {"authenticatorId": self._id, "isUserVerified": succeeds})

    def close(self) -> None:
        self._tools.send("WebAuthn.disable")
        self._tools.detach()


def by_name(url: str) -> str:
    """Return the URL of a service with the name of this machine: browsers keep no passkeys for addresses."""
    return f"http://localhost:{urlsplit(url).port}"


def enter(page: Any, owner: Any, origin: str, user_id: str) -> str:
    """Sign the page in, as a log-in does; return the token of the session."""
    token = open_session(owner, user_id)
    page.context.add_cookies([{"name": SESSION, "value": token, "url": origin}])
    return token
