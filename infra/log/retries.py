"""Stored responses: a request that is sent again with the same Idempotency-Key gets the same response."""

from __future__ import annotations

from typing import NamedTuple

from commands.command import KeyReused, Retry
from commands.unit_of_work import CommandResult
from infra.postgres.statements import Call
from infra.postgres.wire import Wire

SELECT_RESPONSE = "SELECT request_hash, object_id, version, answer FROM idempotency_keys WHERE org_id = %s AND key = %s"
INSERT_RESPONSE = """
INSERT INTO idempotency_keys (org_id, key, request_hash, object_id, version, answer, created_at)
VALUES (%s, %s, %s, %s, %s, %s, clock_timestamp())
"""


class StoredResponse(NamedTuple):
    """The response to an earlier request."""

    request_hash: bytes
    object_id: str
    version: int
    body: bytes

    def replay(self, retry: Retry, position: int) -> CommandResult:
        """Return the stored response again. `position` is that of the log now.

        Raises KeyReused when the earlier request was a different one.
        """
        if not retry.is_of(self.request_hash):
            raise KeyReused(retry.key)
        return CommandResult(self.object_id, self.version, self.body, 0, is_replay=True, position=position)


def select_response(wire: Wire, org_id: str, retry: Retry) -> Call:
    """Return the query for the response that is stored under an Idempotency-Key."""
    return wire.bind(SELECT_RESPONSE, (org_id, retry.key))


def insert_response(wire: Wire, org_id: str, retry: Retry, result: CommandResult) -> Call:
    """Return the statement that stores the response to a request under its Idempotency-Key.

    Its age counts by the clock of the database, also in a test log whose clock was moved.
    """
    values = (org_id, retry.key, retry.request_hash, result.id, result.version, result.body.decode())
    return wire.bind(INSERT_RESPONSE, values)
