"""The sandbox of the start page: an organization in test mode with a few invoices, and a key that only reads them.

Visitors of the start page run a request with this key (`api/docs/landing/run.py`). It never leaves the service.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from psycopg import Connection

from commands.accounts.api_key import IssueKey
from commands.body import parse_command
from commands.command import Actor, Command, Context
from commands.fields.key import MAX_CREDIT_LIMIT
from commands.invoice import DraftInvoice, UpdateInvoice
from domain.accounts.key_secret import TEST_PREFIX, hash_secret, new_secret, stored_parts
from domain.calendar import DEFAULT_TIME_ZONE, day_in
from infra.identity.organizations import get_test_organization, insert_organization, mark_as_sample
from infra.log.command_bus import execute_on
from infra.postgres.database import Row, get_now

_SUFFIX = "0000000000000000000SANDB0X"
LIVE_ID, TEST_ID = f"org_{_SUFFIX}", f"org_test_{_SUFFIX}"
"""The ids of the sandbox in both modes. Live mode has nothing in it."""
NAME = "Sandbox Traders"
KEY_NAME = "Start page"
SCOPES = ("billing:read",)
_CLIENTS = (("acme", "Acme Traders", 20), ("bharat-mills", "Bharat Mills", 3), ("kiran-stores", "Kiran Stores", 7))

SELECT_HASH = "SELECT 1 FROM api_key_hashes WHERE hash = %s"
SELECT_INVOICE = "SELECT 1 FROM invoices WHERE org_id = %s LIMIT 1"
SELECT_ORGANIZATION = "SELECT 1 FROM organizations WHERE org_id = %s"


def sandbox_secret(secret_key: str) -> str:
    """Return the secret of the sandbox's key, which all processes with the same `secret_key` derive alike."""
    number = int.from_bytes(hmac.digest(secret_key.encode(), TEST_ID.encode(), hashlib.sha512), "big")

    def choose(characters: str) -> str:
        nonlocal number
        number, place = divmod(number, len(characters))
        return characters[place]

    return new_secret(choose, TEST_PREFIX)


def prepare_sandbox(conn: Connection[Row], secret_key: str) -> None:
    """Create what is missing of the sandbox: the organization, its invoices, and the key that `secret_key` leads to."""
    if not conn.execute(SELECT_ORGANIZATION, (LIVE_ID,)).fetchone():
        insert_organization(conn, LIVE_ID, NAME, DEFAULT_TIME_ZONE)
        mark_as_sample(conn, LIVE_ID)
    get_test_organization(conn, LIVE_ID, TEST_ID)
    secret = sandbox_secret(secret_key)
    if not conn.execute(SELECT_HASH, (hash_secret(secret),)).fetchone():
        issue = IssueKey(
            name=KEY_NAME,
            scopes=SCOPES,
            credit_limit=MAX_CREDIT_LIMIT,
            expires_at=None,
            **stored_parts(secret),
        )
        _execute(conn, issue)
    if not conn.execute(SELECT_INVOICE, (TEST_ID,)).fetchone():
        for command in _drafts(conn):
            id = _execute(conn, command)
            _execute(conn, UpdateInvoice(id=id, status="sent"))


def _drafts(conn: Connection[Row]) -> Iterator[DraftInvoice]:
    today = day_in(DEFAULT_TIME_ZONE, get_now(conn))
    for id, name, hours in _CLIENTS:
        item: dict[str, Any] = {"description": "Consulting", "quantity": hours, "unitPrice": 3500, "taxRate": 18}
        days = {"invoiceDate": today.isoformat(), "dueDate": (today + timedelta(days=365)).isoformat()}
        command = parse_command(DraftInvoice, {"clientId": id, "clientName": name, **days, "items": [item]})
        assert isinstance(command, DraftInvoice)
        yield command


def _execute(conn: Connection[Row], command: Command) -> str:
    context = Context(org_id=TEST_ID, actor=Actor("cli", "smartdhandha"), request_id="cli_sandbox")
    return execute_on(conn, command, context).id
