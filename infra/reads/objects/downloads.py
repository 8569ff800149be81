"""What is stored of downloads of lists."""

from __future__ import annotations

from typing import Any

import msgspec
from psycopg.rows import scalar_row

from api.ports.users.downloads import ListDownload
from domain.accounts.security_event import SecurityEventKind
from infra.log.security_events import RECORD, write_lines
from infra.postgres.pool import Pool, borrow_connection


class PostgresDownloads:
    """Implements the port Downloads with a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def record(self, download: ListDownload) -> None:
        person = download.person
        who = (download.org_id, person.type, person.id, None, person.address, download.request_id)
        facts: dict[str, Any] = {"list": download.list, "format": download.format, "filters": download.filters}
        if download.rows is not None:
            facts["rows"] = download.rows
        values = (SecurityEventKind.LIST_DOWNLOADED, *who, msgspec.json.encode(facts).decode())
        with borrow_connection(self._pool) as conn:
            stored: bytes | None = conn.cursor(row_factory=scalar_row).execute(RECORD, values).fetchone()
        write_lines(*([] if stored is None else [stored]))
