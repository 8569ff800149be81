"""The probable sender of a request. It decides only about the order of requests, never about access.

It is known before the application is called. Admission has a memory of its own (`infra/admission.py`), which decides
for which organization a query is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from api.http.authentication import ORGANIZATION

_MAX_KEYS = 10_000


class Sender(NamedTuple):
    """An organization; or an API key, if this process does not know the key's organization yet."""

    name: str
    """The id of the organization, or a hash of the key."""
    is_organization: bool


class KnownSenders:
    """Remembers the organization of each key that was admitted, under the hash of the header Authorization.

    At 10,000 keys, it forgets all of them and begins again.
    """

    def __init__(self) -> None:
        self._organizations: dict[str, Sender] = {}

    def of(self, environ: Mapping[str, Any]) -> Sender | None:
        """Return the probable sender of the request; None for a request without a key."""
        authorization = environ.get("HTTP_AUTHORIZATION")
        if authorization is None:
            return None
        name = _hash(authorization)
        return self._organizations.get(name) or Sender(name, is_organization=False)

    def learn(self, environ: Mapping[str, Any], status: str) -> None:
        """Remember the organization that the application has found for the key of this request.

        After a response with status 401, forget the key: a revoked one has no share in the organization's threads.
        """
        organization = environ.get(ORGANIZATION)
        if organization is None:
            if status.startswith("401") and "HTTP_AUTHORIZATION" in environ:
                self._organizations.pop(_hash(environ["HTTP_AUTHORIZATION"]), None)
            return
        if len(self._organizations) >= _MAX_KEYS:
            self._organizations.clear()
        self._organizations[_hash(environ["HTTP_AUTHORIZATION"])] = Sender(organization, is_organization=True)


def _hash(authorization: str) -> str:
    return sha256(authorization.encode("latin-1")).hexdigest()
