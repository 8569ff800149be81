"""Files of long lists in the database: users ask for them and fetch them, and the background worker makes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
from psycopg import Connection

from api.ports.users.files import (
    MAX_FILES,
    MAX_FILES_OF_USER,
    FileOwner,
    FileRequest,
    ListFile,
    TooManyFiles,
)
from infra.postgres.database import Row, set_organization
from infra.postgres.pool import Pool, borrow_connection

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_EXISTS = "SELECT FROM list_files WHERE org_id = %s AND file_id = %s"
_COUNT = """
SELECT count(*) FILTER (WHERE user_id = %s), count(*) FROM list_files WHERE org_id = %s AND kept_until > now()
"""
_INSERT = """
INSERT INTO list_files (org_id, user_id, file_id, kind, filters, language, time_zone)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
_OWN = "org_id = %s AND user_id = %s AND kept_until > now()"
_SELECT = f"""
SELECT file_id, kind, filters, state, row_count, size, asked_at, kept_until, failure FROM list_files WHERE {_OWN}
"""
_SELECT_PIECE = f"""
SELECT content FROM list_file_pieces WHERE org_id = %s AND file_id = %s AND number = %s AND EXISTS (
    SELECT FROM list_files WHERE {_OWN} AND file_id = %s AND state = 'ready'
)
"""
_REMOVE = "DELETE FROM list_files WHERE org_id = %s AND user_id = %s AND file_id = %s"
_filters = msgspec.json.Decoder(dict[str, str]).decode


class PostgresListFiles:
    """Implements the port ListFiles with a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def ask(self, owner: FileOwner, request: FileRequest) -> None:
        with self._transaction(owner) as conn:
            conn.execute(_LOCK, (f"files {owner.org_id}",))
            if conn.execute(_EXISTS, (owner.org_id, request.id)).fetchone() is not None:
                return
            own, all_files = conn.execute(_COUNT, (owner.user_id, owner.org_id)).fetchall()[0]
            if own >= MAX_FILES_OF_USER or all_files >= MAX_FILES:
                raise TooManyFiles(are_own=own >= MAX_FILES_OF_USER)
            filters = msgspec.json.encode(request.filters, order="sorted").decode()
            what = (request.id, request.kind, filters, request.language, request.time_zone)
            conn.execute(_INSERT, (*owner, *what))

    def list(self, owner: FileOwner) -> Sequence[ListFile]:
        with self._transaction(owner) as conn:
            found = conn.execute(f"{_SELECT} ORDER BY asked_at DESC, file_id", owner).fetchall()
        return [_file(*row) for row in found]

    def find(self, owner: FileOwner, id: str) -> ListFile | None:
        with self._transaction(owner) as conn:
            found = conn.execute(f"{_SELECT} AND file_id = %s", (*owner, id)).fetchone()
        return None if found is None else _file(*found)

    def read_piece(self, owner: FileOwner, id: str, number: int) -> bytes | None:
        with self._transaction(owner) as conn:
            found = conn.execute(_SELECT_PIECE, (owner.org_id, id, number, *owner, id), binary=True).fetchone()
        return None if found is None else found[0]

    def remove(self, owner: FileOwner, id: str) -> None:
        with self._transaction(owner) as conn:
            conn.execute(_REMOVE, (*owner, id))

    @contextmanager
    def _transaction(self, owner: FileOwner) -> Iterator[Connection[Row]]:
        with borrow_connection(self._pool) as conn, conn.transaction():
            conn.execute(set_organization(owner.org_id))
            yield conn


def _file(id: str, kind: str, filters: bytes, *values: Any) -> ListFile:
    return ListFile(id, kind, _filters(filters), *values)
