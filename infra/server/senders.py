"""Finds the probable sender of a request before the application is called.

The result decides only in which order requests are handled, never who has access. Access is decided in
`infra/log/admission.py`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from api.console.access.cookies import session_tokens, token_hash
from api.http.authentication import presented_key, split_authorization
from api.ports.request.deadline import ARRIVED, begin_request, end_request
from api.ports.request.sender import SENDER, OrganizationLookup, ProvenSender
from commands.unit_of_work import Unavailable
from domain.accounts.key_secret import hash_secret
from domain.accounts.mode import is_live

_MAX_CREDENTIALS = 10_000


class Sender(NamedTuple):
    """An organization; or an API key or a session, if this process does not know its organization yet."""

    name: str
    """The id of the organization, or the hash of the key or of the session's token."""
    is_organization: bool
    live_id: str | None = None
    """For an organization of test mode, the id of its live sibling: both share their threads. None for others."""

    @property
    def account(self) -> str:
        """What the two modes of an organization have in common."""
        return self.live_id or self.name


class KnownSenders:
    """Remembers the organizations of the API keys and sessions that the application has found valid.

    Keys and sessions are known by their hashes. When there are 10,000 of them, all are forgotten.
    """

    def __init__(self, lookup: OrganizationLookup | None) -> None:
        self._lookup = lookup
        self._organizations: dict[bytes, Sender] = {}
        self._live_ids: dict[str, str] = {}
        """The live siblings of organizations of test mode."""

    def of(self, environ: dict[str, Any]) -> Sender | None:
        """Return the probable sender of the request; None for a request without a key and without a session."""
        hashes = [*_hash_of_key(environ), *map(token_hash, _session_tokens(environ))]
        for credential in hashes:
            if known := self._organizations.get(credential):
                return known
        return Sender(hashes[0].hex(), is_organization=False) if hashes else None

    def find(self, environ: Mapping[str, Any], arrived: float) -> Sender | None:
        """Look up the organization of the request's key, and remember it; None if it has none or cannot be found now.

        `arrived` is when the request had arrived, in seconds of `time.monotonic`. The look-up has its deadline.
        """
        key = presented_key(environ.get("HTTP_AUTHORIZATION", ""))
        if key is None or self._lookup is None:
            return None
        begin_request(arrived)
        try:
            org_id = self._lookup.organization_of(hash_secret(key))
            return None if org_id is None else self._remember(hash_secret(key), org_id)
        except Unavailable:
            return None
        finally:
            end_request()

    def learn(self, environ: Mapping[str, Any], status: str) -> None:
        """Remember the organization that the application has found for the key or the session of this request.

        Forget a key after a response with status 401, and a session that has ended. Their requests no longer count as
        requests of the organization.
        """
        sender: ProvenSender | None = environ.get(SENDER)
        if sender is not None and sender.org_id is not None:
            known = self._organizations.get(sender.credential)
            if known is None or known.name != sender.org_id:
                self._learn(sender.credential, sender.org_id, environ)
        elif sender is not None:
            self._organizations.pop(sender.credential, None)
        elif status.startswith("401"):
            for credential in _hash_of_key(environ):
                self._organizations.pop(credential, None)

    def _learn(self, credential: bytes, org_id: str, environ: Mapping[str, Any]) -> None:
        """Remember the organization, unless its live sibling must be looked up, and cannot be in the request's time."""
        begin_request(environ.get(ARRIVED) or time.monotonic())
        try:
            self._remember(credential, org_id)
        except Unavailable:
            self._organizations.pop(credential, None)
        finally:
            end_request()

    def _remember(self, credential: bytes, org_id: str) -> Sender:
        """Raises Unavailable if the live sibling of a test organization is not known and cannot be looked up."""
        sender = Sender(org_id, is_organization=True, live_id=self._live_id_of(org_id))
        if len(self._organizations) >= _MAX_CREDENTIALS:
            self._organizations.clear()
        self._organizations[credential] = sender
        return sender

    def _live_id_of(self, org_id: str) -> str | None:
        if is_live(org_id) or self._lookup is None:
            return None
        if org_id not in self._live_ids:
            if len(self._live_ids) >= _MAX_CREDENTIALS:
                self._live_ids.clear()
            self._live_ids[org_id] = self._lookup.live_sibling_of(org_id)
        return self._live_ids[org_id]


def _hash_of_key(environ: Mapping[str, Any]) -> list[bytes]:
    authorization = environ.get("HTTP_AUTHORIZATION")
    return [] if authorization is None else [hash_secret(split_authorization(authorization)[1])]


def _session_tokens(environ: dict[str, Any]) -> list[str]:
    return session_tokens(environ) if "HTTP_COOKIE" in environ else []
