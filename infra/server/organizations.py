"""Which organization a key belongs to, as far as this process has seen. It decides whose turn it is, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from api.http.authentication import ORGANIZATION

_MAX_KEYS = 10_000


class KnownOrganizations:
    """The organizations of the keys that were admitted before, by the hash of the header that held the key."""

    def __init__(self) -> None:
        self._organizations: dict[bytes, str] = {}

    def of(self, environ: Mapping[str, Any]) -> str | None:
        """Return whose request it probably is; None when no request with its key was admitted so far."""
        authorization = environ.get("HTTP_AUTHORIZATION")
        return None if authorization is None else self._organizations.get(_hash(authorization))

    def learn(self, environ: Mapping[str, Any]) -> None:
        """Remember the organization for which the application has admitted the request."""
        organization = environ.get(ORGANIZATION)
        if organization is None:
            return
        if len(self._organizations) >= _MAX_KEYS:
            self._organizations.clear()
        self._organizations[_hash(environ["HTTP_AUTHORIZATION"])] = organization


def _hash(authorization: str) -> bytes:
    return sha256(authorization.encode("latin-1")).digest()
