"""Which organization a key probably belongs to. Only the order of requests depends on this, never their permission."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from api.http.authentication import ORGANIZATION

_MAX_KEYS = 10_000


class KnownOrganizations:
    """Remembers the organization of each key that was admitted, under the hash of the header Authorization.

    At 10,000 keys, it forgets all of them and begins again.
    """

    def __init__(self) -> None:
        self._organizations: dict[bytes, str] = {}

    def of(self, environ: Mapping[str, Any]) -> str | None:
        """Return the organization that probably sent the request; None if no request with its key was admitted yet."""
        authorization = environ.get("HTTP_AUTHORIZATION")
        return None if authorization is None else self._organizations.get(_hash(authorization))

    def learn(self, environ: Mapping[str, Any]) -> None:
        """Remember the organization that the application has found for the key of this request."""
        organization = environ.get(ORGANIZATION)
        if organization is None:
            return
        if len(self._organizations) >= _MAX_KEYS:
            self._organizations.clear()
        self._organizations[_hash(environ["HTTP_AUTHORIZATION"])] = organization


def _hash(authorization: str) -> bytes:
    return sha256(authorization.encode("latin-1")).digest()
