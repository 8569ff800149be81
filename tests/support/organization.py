"""An organization for one test, its keys, and the credits that a key has used."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from commands.accounts.api_key import IssueKey
from commands.command import Actor, Context
from domain.accounts.key_secret import new_secret, stored_parts
from domain.accounts.mode import key_prefix
from domain.calendar import DEFAULT_TIME_ZONE
from domain.registry import SCOPES
from infra.identity.keys import NewKey, create_key
from infra.identity.organizations import create_organization
from infra.log.command_bus import execute_on
from tests.support.client import Api


class Organization:
    """An organization with keys and clients for a test. If `id` is None, it is new. `close` closes the clients."""

    def __init__(
        self,
        url: str,
        owner: Any,
        name: str = "Test Traders",
        time_zone: str = DEFAULT_TIME_ZONE,
        id: str | None = None,
    ) -> None:
        self.url, self._owner = url, owner
        self.id = id or create_organization(owner, name, time_zone).id
        self._clients: list[Api] = []

    def new_key(
        self,
        scopes: Sequence[str] = SCOPES,
        limit: int = 1_000_000,
        expires_at: datetime | None = None,
        **others: Any,
    ) -> NewKey:
        """Return a new key. `others` are fields of IssueKey."""
        return create_key(self._owner, self.id, "a test", tuple(scopes), limit, expires_at, **others)

    def api(self, scopes: Sequence[str] = SCOPES, limit: int = 1_000_000) -> Api:
        """Return a client with a new key."""
        client = Api(self.url, self.new_key(scopes, limit).raw)
        self._clients.append(client)
        return client

    def managing_api(self, scopes: Sequence[str] = SCOPES, limit: int = 1_000_000, **fields: Any) -> Api:
        """Return a client with a new key that may manage keys, as a user of the console makes it."""
        raw = new_secret(secrets.choice, key_prefix(self.id))
        command = IssueKey(
            name="manager", scopes=tuple(scopes), credit_limit=limit, manages_keys=True, **stored_parts(raw), **fields
        )
        execute_on(self._owner, command, Context(org_id=self.id, actor=Actor("user", "usr_test"), request_id="test"))
        client = Api(self.url, raw)
        self._clients.append(client)
        return client

    def close(self) -> None:
        for client in self._clients:
            client.close()


def credit_rows(owner: Any, key: NewKey) -> list[tuple[Any, ...]]:
    """Return the number and the time of each credit that the key has used."""
    sql = "SELECT seq, at FROM credits WHERE key_id = %s ORDER BY seq"
    rows: list[tuple[Any, ...]] = owner.execute(sql, (key.row["id"],)).fetchall()
    return rows


def set_limit(owner: Any, key: NewKey, limit: int) -> None:
    """Change the credit limit of the key's row directly, without an event."""
    owner.execute("UPDATE api_keys SET credit_limit = %s WHERE id = %s", (limit, key.row["id"]))
