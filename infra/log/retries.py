"""Stored answers for safe retries: a request that is sent again with its Idempotency-Key gets the same answer."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from psycopg import Connection, Cursor
from psycopg.rows import args_row

from commands.command import KeyReused, Retry
from commands.unit_of_work import CommandResult
from infra.postgres.database import Row

SELECT_ANSWER = "SELECT request_hash, object_id, version, answer FROM idempotency_keys WHERE org_id = %s AND key = %s"
INSERT_ANSWER = """
INSERT INTO idempotency_keys (org_id, key, request_hash, object_id, version, answer, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""


class StoredAnswer(NamedTuple):
    """The answer to an earlier request."""

    request_hash: bytes
    object_id: str
    version: int
    answer: bytes

    def replay(self, retry: Retry) -> CommandResult:
        """Return the answer once more. Raises KeyReused when the earlier request was a different one."""
        if self.request_hash != retry.request_hash:
            raise KeyReused(retry.key)
        return CommandResult(self.object_id, self.version, self.answer, 0, is_replay=True)


def select_answer(conn: Connection[Row], org_id: str, retry: Retry) -> Cursor[StoredAnswer]:
    """Query the answer that is stored under an Idempotency-Key."""
    cursor = conn.cursor(binary=True, row_factory=args_row(StoredAnswer))
    return cursor.execute(SELECT_ANSWER, (org_id, retry.key))


def insert_answer(conn: Connection[Row], org_id: str, retry: Retry, result: CommandResult, at: datetime) -> None:
    """Store the answer to a request under its Idempotency-Key."""
    values = (org_id, retry.key, retry.request_hash, result.id, result.version, result.body.decode(), at)
    conn.execute(INSERT_ANSWER, values)
