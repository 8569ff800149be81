"""The formats of hash chains, for tests that need logs of both."""

from __future__ import annotations

from typing import Any

from infra.log.proofs.chain import FORMATS

ALL_FORMATS = tuple(FORMATS)


def begin_in_format(conn: Any, org_id: str, chain_format: int) -> None:
    """Let an empty log have this format, as if it were that of new logs."""
    sql = "UPDATE org_log SET chain_format = %s WHERE org_id = %s AND position = 0"
    assert conn.execute(sql, (chain_format, org_id)).rowcount == 1, "the log has events"
